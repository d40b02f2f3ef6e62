// A brand to look at: three large regions, two weeks of follow-ups with a good, a middling and a lagging region.
import type { Param, Sql, Store } from "../../src/infra/store.js";
import { addDays, daysFromTo, instantOf, type ShopDay, weekdayOf } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";

export const ZONE = "Asia/Shanghai";
export const TODAY: ShopDay = "2026-03-12";
export const NOW = instantOf(TODAY, "15:20", ZONE);

/** Regions with their cities, each with how likely its guides act, and customers answer. */
const PLACES = [
  { name: "华东大区", acts: 0.93, answers: 0.34, cities: ["上海市", "杭州市", "南京市"] },
  { name: "华南大区", acts: 0.84, answers: 0.27, cities: ["广州市", "深圳市"] },
  { name: "西南大区", acts: 0.62, answers: 0.18, cities: ["成都市", "重庆市"] },
];
const GUIDES = ["王晓燕", "李娟", "张丽华", "刘洋", "陈静", "杨雪梅", "赵敏", "黄婷", "周倩", "吴小莉"];

export const at = (day: ShopDay, time: string) => instantOf(day, time, ZONE);

/** A place in the organisation. */
export interface Unit {
  id: number;
  storeId: number;
  regionId: number;
}

/** Fills an empty database whose journey has these touchpoints. Returns regions and guides in their order. */
export async function makeBrand(
  store: Store,
  touchpoints: readonly number[],
): Promise<{ regions: number[]; guides: Unit[] }> {
  const random = seeded(7);
  const regions: number[] = [];
  const guides: Unit[] = [];
  await store.write(async (sql) => {
    for (const [depth, name] of ["大区", "城市"].entries())
      await insert(sql, "region_level", { depth, name });
    for (const place of PLACES) {
      const regionId = await addRegion(sql, place.name);
      regions.push(regionId);
      for (const city of place.cities) {
        const areaId = await addRegion(sql, city, regionId);
        for (const shop of ["万达店", "人民路店"])
          guides.push(...(await addStore(sql, areaId, `${city.slice(0, 2)}${shop}`, guides.length)));
      }
    }
  });
  for (const [index, guide] of guides.entries()) {
    const place = PLACES[index < 12 ? 0 : index < 20 ? 1 : 2];
    if (place) await store.write((sql) => addPast(sql, guide, place, touchpoints, random));
  }
  return { regions, guides };
}

async function addRegion(sql: Sql, name: string, parent?: number): Promise<number> {
  const row = { parent_id: parent ?? 0, name, depth: parent ? 1 : 0, trail: "" };
  const id = await insert(sql, "region", row);
  await sql.run("UPDATE region SET trail = ? WHERE id = ?", [`/${parent ? `${parent}/` : ""}${id}/`, id]);
  return id;
}

async function addStore(sql: Sql, regionId: number, name: string, before: number): Promise<Unit[]> {
  const storeId = await insert(sql, "store", { code: `S${before}`, name, region_id: regionId });
  const units: Unit[] = [];
  for (const n of [before, before + 1]) {
    const guide = { userid: `g${n}`, name: GUIDES[n % GUIDES.length] ?? "", store_id: storeId };
    units.push({ id: await insert(sql, "guide", guide), storeId, regionId });
  }
  return units;
}

/** Two weeks of one guide's tasks up to yesterday, some answered. */
async function addPast(
  sql: Sql,
  guide: Unit,
  place: { acts: number; answers: number },
  touchpoints: readonly number[],
  random: () => number,
): Promise<void> {
  let serial = 0;
  for (const day of daysFromTo(addDays(TODAY, -14), addDays(TODAY, -1))) {
    const busy = weekdayOf(day) > 5 ? 0.8 : 1;
    for (let n = 0; n < 7; n++) {
      const customerId = guide.id * 10_000 + serial++;
      const acted = random() < place.acts * busy;
      const actedAt = acted ? at(random() < 0.12 ? addDays(day, 1) : day, "10:30") : null;
      const repliedAt = actedAt && random() < place.answers ? actedAt + 3_600_000 : null;
      const open = day >= addDays(TODAY, -3);
      await addTask(sql, guide, day, {
        touchpoint_id: touchpoints[n % touchpoints.length] ?? 0,
        customer_id: customerId,
        state: acted ? "sent" : open ? "handed_over" : "expired",
        reason: acted || open ? null : "grace_passed",
        acted_at: actedAt,
        sent_at: actedAt,
        observed: acted && (repliedAt || random() < 0.7) ? 1 : 0,
        replied_at: repliedAt,
      });
      if (repliedAt) await addAnswer(sql, guide, customerId, day, repliedAt);
    }
  }
}

/** One task of a guide, offered on a day. */
export function addTask(sql: Sql, guide: Unit, day: ShopDay, values: Record<string, Param>): Promise<number> {
  return insert(sql, "task", {
    ...{ occurrence: 0, child_no: 0, version_id: 1, guide_id: guide.id, priority: 0, variant: 0, late: 0 },
    ...{ due_on: day, anchor_on: day, release_on: day, expires_on: addDays(day, 3), released_on: day },
    ...{ offered_at: at(day, "09:07"), store_id: guide.storeId, region_id: guide.regionId },
    ...values,
  });
}

async function addAnswer(sql: Sql, guide: Unit, customerId: number, day: ShopDay, sentAt: number) {
  await insert(sql, "message", {
    ...{ msgid: `m${customerId}`, guide_id: guide.id, customer_id: customerId, sender: "customer" },
    ...{ sent_at: sentAt, sent_on: day, type: "text", text: "谢谢", source: "archive" },
    ...{ store_id: guide.storeId, region_id: guide.regionId },
  });
}

/** Inserts one row; gives its new id. */
export async function insert(sql: Sql, table: string, row: Record<string, Param>): Promise<number> {
  const columns = Object.keys(row);
  const marks = columns.map(() => "?").join(", ");
  const values = Object.values(row);
  const { insertedId } = await sql.run(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`,
    values,
  );
  return insertedId;
}

// A brand of the reference size with months of finished follow-ups, made by set-based SQL: a day of seats and a day of
// outcomes are drawn once from a seed; each day pairs them anew.
import { areaList } from "@vant/area-data";
import { insertRows } from "../../src/infra/batches.js";
import { columnTypes } from "../../src/infra/dialect.js";
import type { Param, Sql, Store } from "../../src/infra/store.js";
import { addDays, instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";

export const zone = "Asia/Shanghai";

/** How much there is of everything. */
export interface BrandSize {
  tasks: number;
  days: number;
  guides: number;
  stores: number;
}

/** The first of the days. */
export const firstDay: ShopDay = "2026-03-01";

const tops = ["华北", "东北", "华东", "华中", "华南", "西南", "西北"];

/** Weight per touchpoint of 20: days 3/7/15/30, no order for 30/45/60 days, thirteen of the baby's months. */
const weights = [6, 6, 6, 6, 15, 15, 15, ...Array.from({ length: 13 }, () => 2.4)];

/** What became of a task: weight, state, reason, whether the guide acted. */
const outcomes: readonly [number, string, string | null, boolean][] = [
  [58, "sent", null, true],
  [7, "done_by_hand", null, true],
  [9, "skipped", "guide_skipped_busy", false],
  [3, "skipped", "not_a_friend", false],
  [1, "skipped", "receive_limit", true],
  [15, "expired", "grace_passed", false],
  [4, "cancelled", "bought_already", false],
  [3, "handed_over", null, false],
];

/** Regions, 31 provinces, their cities; stores spread over the cities, guides over the stores; touchpoints. */
export async function makeBrand(store: Store, size: BrandSize): Promise<void> {
  const { regions, cities } = places();
  const areaOf = (shop: number) => cities[(shop - 1) % cities.length] ?? 0;
  const upTo = <T>(n: number, row: (id: number) => T) => Array.from({ length: n }, (_, at) => row(at + 1));
  await store.write(async (sql) => {
    const levels = ["大区", "省份", "城市"].map((name, depth) => [depth, name]);
    await insertRows(sql, "INSERT INTO region_level (depth, name)", levels);
    await insertRows(sql, "INSERT INTO region (id, parent_id, name, depth, trail)", regions);
    const shops = upTo(size.stores, (id) => [id, `S${id}`, `第${id}店`, areaOf(id)]);
    await insertRows(sql, "INSERT INTO store (id, code, name, region_id)", shops);
    const guides = upTo(size.guides, (id) => [id, `g${id}`, `导购${id}`, ((id - 1) % size.stores) + 1]);
    await insertRows(sql, "INSERT INTO guide (id, userid, name, store_id)", guides);
    const touchpoints = weights.map((_, at) => [at + 1, 1, `t${at + 1}`, firstDay, 1]);
    // those of a published journey stay as they are
    const put = `${sql.dialect.insertIgnore} INTO`;
    const head = `${put} touchpoint (id, journey_id, touchpoint_key, plans_from, live)`;
    await insertRows(sql, head, touchpoints);
    const versions = weights.map((_, at) => [1, at + 1, at, `触点${at + 1}`, "{}"]);
    await insertRows(
      sql,
      `${put} touchpoint_version (version_id, touchpoint_id, position, name, spec)`,
      versions,
    );
  });
  await makeSeats(store, size, areaOf);
}

/** Seven large regions, every province and city of the mainland, as rows; and the cities' ids. */
function places(): { regions: Param[][]; cities: number[] } {
  const regions: Param[][] = tops.map((name, at) => [at + 1, 0, name, 0, `/${at + 1}/`]);
  const provinces = new Map<string, number>();
  const add = (parent: number, name: string, depth: number) => {
    const id = regions.length + 1;
    regions.push([id, parent, name, depth, `${regions[parent - 1]?.[4]}${id}/`]);
    return id;
  };
  for (const [code, name] of Object.entries(areaList.province_list)) {
    const digit = Number(code[0]);
    // codes begin with the large region, but for 41–43 and 44–46
    const top = digit < 4 ? digit : digit > 4 ? digit + 1 : code < "44" ? 4 : 5;
    if (digit <= 6) provinces.set(code.slice(0, 2), add(top, name, 1));
  }
  const cities: number[] = [];
  for (const [code, name] of Object.entries(areaList.city_list)) {
    const province = provinces.get(code.slice(0, 2));
    // in some provinces the counties under direct rule share one name with another group of them
    if (province) cities.push(add(province, `${name}${code.slice(2, 4)}`, 2));
  }
  return { regions, cities };
}

/** `bench_seat`: whose task, of which touchpoint; `bench_outcome`: what became of it. A row each per task of a day. */
async function makeSeats(store: Store, size: BrandSize, areaOf: (shop: number) => number): Promise<void> {
  const t = columnTypes(store.dialect.name);
  const daily = tasksADay(size);
  const random = seeded(20260301);
  const seats = Array.from({ length: daily }, (_, n) => {
    const guide = (n % size.guides) + 1;
    const shop = ((guide - 1) % size.stores) + 1;
    return [n, guide, shop, areaOf(shop), pick(weights, random()) + 1];
  });
  const results = Array.from({ length: daily }, (_, n) => {
    const [, state, reason, acted] =
      outcomes[
        pick(
          outcomes.map(([weight]) => weight),
          random(),
        )
      ] ?? outcomes[0]!;
    const minutes = acted ? Math.floor(random() * random() * 3000) : null;
    const observed = random() < 0.8 ? 1 : 0;
    return [n, state, reason, minutes, observed, observed === 1 && random() < 0.3 ? 1 : 0];
  });
  await store.write(async (sql) => {
    await sql.run(
      `CREATE TABLE bench_seat (n ${t.int} PRIMARY KEY, guide_id ${t.int}, store_id ${t.int}, region_id ${t.int},
       touchpoint_id ${t.int})${t.end}`,
    );
    await sql.run(
      `CREATE TABLE bench_outcome (n ${t.int} PRIMARY KEY, state ${t.word(12)}, reason ${t.word(32)}, minutes ${t.int},
       observed ${t.int}, replied ${t.int})${t.end}`,
    );
    await insertRows(sql, "INSERT INTO bench_seat (n, guide_id, store_id, region_id, touchpoint_id)", seats);
    const head = "INSERT INTO bench_outcome (n, state, reason, minutes, observed, replied)";
    await insertRows(sql, head, results);
  });
}

/** The place in a list of weights that a number in [0, 1) falls on. */
function pick(list: readonly number[], at: number): number {
  let rest = at * list.reduce((sum, weight) => sum + weight, 0);
  const found = list.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return Math.max(0, found);
}

export const tasksADay = (size: BrandSize) => Math.ceil(size.tasks / size.days);

/** A day's tasks, offered at 09:07 and done with, and its messages: one from a customer for every ten tasks. */
export async function makeDay(sql: Sql, size: BrandSize, at: number): Promise<void> {
  const day = addDays(firstDay, at);
  const offered = instantOf(day, "09:07", zone);
  const daily = tasksADay(size);
  const shift = (at * 7919) % daily;
  await sql.run(
    `INSERT INTO task (touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, reason, priority,
       variant, late, due_on, anchor_on, release_on, expires_on, released_on, offered_at, store_id, region_id,
       acted_at, sent_at, proven, observed, replied_at)
     SELECT s.touchpoint_id, ?, s.n, 0, 1, s.guide_id, o.state, o.reason, 0, 0, 0, ?, ?, ?, ?, ?, ?, s.store_id,
       s.region_id, ? + o.minutes * 60000, CASE WHEN o.state = 'sent' THEN ? + o.minutes * 60000 END,
       o.observed, o.observed, CASE WHEN o.replied = 1 THEN ? + o.minutes * 60000 + 900000 END
     FROM bench_seat s JOIN bench_outcome o ON o.n = (s.n + ?) % ?`,
    [at, ...[day, day, day, addDays(day, 3), day], ...[offered, offered, offered, offered], shift, daily],
  );
  await sql.run(
    `INSERT INTO message (msgid, guide_id, customer_id, store_id, region_id, sender, sent_at, sent_on, type, text, source)
     SELECT CONCAT(?, s.n), s.guide_id, s.n, s.store_id, s.region_id, 'customer', ? + s.n, ?, 'text', '好的，谢谢', 'archive'
     FROM bench_seat s WHERE (s.n + ?) % 10 = 0`,
    [`m${at}-`, offered, day, at],
  );
}

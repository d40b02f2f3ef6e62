// A small organisation with tasks in every state, written straight into the tables.
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";

export const zone = "Asia/Shanghai";
export const at = (day: string, time: string) => instantOf(day, time, zone);

/** Two large regions; the first has two cities with a store each, the second one; two guides a store. */
export async function makeOrg(store: Store): Promise<void> {
  await store.write(async (sql) => {
    for (const [depth, name] of ["大区", "城市"].entries())
      await sql.run("INSERT INTO region_level (depth, name) VALUES (?, ?)", [depth, name]);
    const regions: [number, number, string, number, string][] = [
      [1, 0, "华东", 0, "/1/"],
      [2, 0, "华南", 0, "/2/"],
      [3, 1, "上海", 1, "/1/3/"],
      [4, 1, "杭州", 1, "/1/4/"],
      [5, 2, "广州", 1, "/2/5/"],
    ];
    for (const row of regions)
      await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (?, ?, ?, ?, ?)", row);
    for (const [id, region] of [
      [1, 3],
      [2, 4],
      [3, 5],
    ] as const) {
      await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (?, ?, ?, ?)", [
        id,
        `S${id}`,
        `店${id}`,
        region,
      ]);
      for (const guide of [id * 2 - 1, id * 2])
        await sql.run("INSERT INTO guide (id, userid, name, store_id) VALUES (?, ?, ?, ?)", [
          guide,
          `g${guide}`,
          `导购${guide}`,
          id,
        ]);
    }
    for (const id of [1, 2]) {
      await sql.run(
        "INSERT INTO touchpoint (id, journey_id, touchpoint_key, plans_from, live) VALUES (?, 1, ?, '2026-01-01', 1)",
        [id, `t${id}`],
      );
      await sql.run(
        "INSERT INTO touchpoint_version (version_id, touchpoint_id, position, name, spec) VALUES (1, ?, ?, ?, '{}')",
        [id, id, `触点${id}`],
      );
    }
  });
}

const made = new WeakMap<Store, number>();

/** One task row; what is not said is an offered task of guide 1 on 2026-03-02. */
export async function makeTask(store: Store, values: Record<string, string | number | null>): Promise<void> {
  const serial = (made.get(store) ?? 0) + 1;
  made.set(store, serial);
  const guide = Number(values.guide_id ?? 1);
  const shop = Math.ceil(guide / 2);
  const day = String(values.release_on ?? "2026-03-02");
  const row: Record<string, string | number | null> = {
    ...{ touchpoint_id: 1, occurrence: 0, customer_id: serial, child_no: 0, version_id: 1, guide_id: guide },
    ...{ state: "offered", reason: null, priority: 0, variant: 0, late: 0, due_on: day, anchor_on: day },
    ...{ release_on: day, expires_on: day, released_on: day, offered_at: at(day, "09:07") },
    ...{ store_id: shop, region_id: [3, 4, 5][shop - 1] ?? 0, ...values },
  };
  const columns = Object.keys(row);
  await store.write(async (sql) => {
    await sql.run(
      `INSERT INTO task (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      Object.values(row),
    );
    await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES (?, ?)", [day, guide]);
  });
}

// How many customers each guide has, and the guides of each region, counted now and then for the pages of the organisation.
import { setImmediate as turn } from "node:timers/promises";
import { insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";

/** Guides counted at a time: some 100,000 customers, ten milliseconds of an index. */
const PIECE = 300;
const COUNTED = "guides_counted";

/** Counts every guide's customers anew; gives how many guides have any. `at`: epoch ms, for the record. */
export async function countGuides(store: Store, at: number): Promise<number> {
  let withAny = 0;
  for (let after = 0; ; ) {
    const guides = await store.read.rows<{ id: number }>(
      `SELECT id FROM guide WHERE id > ? ORDER BY id LIMIT ${PIECE}`,
      [after],
    );
    const ids = guides.map(({ id }) => id);
    if (ids.length > 0) {
      const rows = await customersOf(store.read, ids);
      withAny += rows.length;
      await store.write((sql) => put(sql, ids, rows));
    }
    if (ids.length < PIECE) break;
    after = ids.at(-1) ?? after;
    await turn();
  }
  await store.write(async (sql) => {
    await sumRegions(sql);
    const upsert = sql.dialect.onConflict(["name"], ["value"]);
    await sql.run(`INSERT INTO setting (name, value) VALUES (?, ?)${upsert}`, [COUNTED, String(at)]);
  });
  return withAny;
}

/** What was counted for the guides, by the region their store is in now. */
async function sumRegions(sql: Sql): Promise<void> {
  await sql.run("DELETE FROM region_count");
  await sql.run(
    `INSERT INTO region_count (region_id, customers) SELECT s.region_id, SUM(n.customers)
     FROM guide_count n JOIN guide g ON g.id = n.guide_id JOIN store s ON s.id = g.store_id GROUP BY s.region_id`,
  );
}

/** When they were counted last (epoch ms); undefined: never. */
export async function countedAt(sql: Sql): Promise<number | undefined> {
  const row = await sql.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [COUNTED]);
  return row && Number(row.value);
}

/** Those of people who were merged into others are few enough to be counted along. */
function customersOf(sql: Sql, ids: readonly number[]): Promise<{ guideId: number; n: number }[]> {
  return sql.rows<{ guideId: number; n: number }>(
    `SELECT guide_id AS guideId, COUNT(*) AS n FROM customer WHERE guide_id IN (${marks(ids.length)}) GROUP BY guide_id`,
    ids,
  );
}

async function put(
  sql: Sql,
  ids: readonly number[],
  rows: readonly { guideId: number; n: number }[],
): Promise<void> {
  await sql.run(`DELETE FROM guide_count WHERE guide_id IN (${marks(ids.length)})`, ids);
  await insertRows(
    sql,
    "INSERT INTO guide_count (guide_id, customers)",
    rows.map(({ guideId, n }) => [guideId, Number(n)]),
  );
}

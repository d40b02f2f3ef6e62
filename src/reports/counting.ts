// Counts some guides of one day anew, and what is made of them: their stores, areas and the regions above.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { addDays, instantOf, type ShopDay } from "../kernel/calendar.js";
import type { OrgTree } from "../org/tree.js";
import { CELL_COLUMNS, CELL_SUMS, NAMED_COUNTS, only } from "./count-sql.js";
import { countFunnel } from "./funnel/funnel-counting.js";
import { levelsAbove } from "./levels.js";
import { recountNewcomers } from "./newcomers/newcomer-counting.js";
import { mondayOf } from "./weeks.js";

/** Counts these guides' cells of a day from tasks and messages, and sums the levels above, all or nothing. */
export async function countDay(
  sql: Sql,
  tree: OrgTree,
  day: ShopDay,
  guides: readonly number[],
  zone: string,
): Promise<void> {
  await takeTurn(sql);
  const before = await placesOf(sql, day, guides);
  await countGuides(sql, day, guides, instantOf(addDays(day, 1), "00:00", zone));
  const places = [...before, ...(await placesOf(sql, day, guides))];
  const areas = [...new Set(places.map((place) => place.regionId))];
  const stores = [...new Set(places.map((place) => place.storeId))];
  await sumStores(sql, day, areas, stores);
  await sumWeek(sql, mondayOf(day), areas, stores);
  await sumRegions(sql, tree, day, areas);
  await countFunnel(sql, tree, day, guides);
  await recountNewcomers(sql, day, guides);
}

/** Two that sum the same region at once would each miss the other's part: so one at a time, over all processes. */
async function takeTurn(sql: Sql): Promise<void> {
  const { forUpdate } = sql.dialect;
  if (forUpdate) await sql.rows(`SELECT id FROM region WHERE parent_id = 0 ORDER BY id${forUpdate}`);
}

function placesOf(sql: Sql, day: ShopDay, guides: readonly number[]) {
  return sql.rows<{ storeId: number; regionId: number }>(
    `SELECT DISTINCT store_id AS storeId, region_id AS regionId FROM rollup_guide
     WHERE on_day = ? AND guide_id IN (${marks(guides.length)})`,
    [day, ...guides],
  );
}

async function countGuides(sql: Sql, day: ShopDay, guides: readonly number[], dayEnd: number): Promise<void> {
  const these = `guide_id IN (${marks(guides.length)})`;
  await sql.run(`DELETE FROM rollup_guide WHERE on_day = ? AND ${these}`, [day, ...guides]);
  const place = "region_id, store_id, guide_id";
  await sql.run(
    `INSERT INTO rollup_guide (touchpoint_id, variant, on_day, ${place}, ${CELL_COLUMNS})
     SELECT touchpoint_id, variant, on_day, ${place}, ${CELL_SUMS} FROM (
       SELECT touchpoint_id, variant, release_on AS on_day, ${place}, ${NAMED_COUNTS} FROM task
       WHERE release_on = ? AND ${these} AND offered_at IS NOT NULL
       GROUP BY touchpoint_id, variant, release_on, ${place}
       UNION ALL
       SELECT touchpoint_id, variant, on_day, ${place}, ${only("capped", "COUNT(*)")} FROM limit_hit
       WHERE on_day = ? AND ${these} GROUP BY touchpoint_id, variant, on_day, ${place}
     ) AS parts GROUP BY touchpoint_id, variant, on_day, ${place}`,
    [dayEnd, day, ...guides, day, ...guides],
  );
  await sql.run(
    `INSERT INTO rollup_guide (touchpoint_id, variant, on_day, ${place}, ${CELL_COLUMNS})
     SELECT 0, 0, on_day, ${place}, ${CELL_SUMS} FROM (
       SELECT on_day, ${place}, ${CELL_COLUMNS} FROM rollup_guide WHERE on_day = ? AND ${these}
       UNION ALL
       SELECT sent_on, region_id, store_id, guide_id, ${only("messages", "COUNT(*)")} FROM message
       WHERE sent_on = ? AND ${these} AND sender = 'customer' AND recalled = 0
       GROUP BY sent_on, region_id, store_id, guide_id
     ) AS parts GROUP BY on_day, ${place}`,
    [day, ...guides, day, ...guides],
  );
}

/** The stores' cells in these areas; what they have elsewhere, from before they moved, is not touched. */
async function sumStores(
  sql: Sql,
  day: ShopDay,
  areas: readonly number[],
  stores: readonly number[],
): Promise<void> {
  if (stores.length === 0) return;
  const these = `region_id IN (${marks(areas.length)}) AND store_id IN (${marks(stores.length)})`;
  await sql.run(`DELETE FROM rollup_store WHERE on_day = ? AND ${these}`, [day, ...areas, ...stores]);
  // every cell has its total, and the totals alone lie by store
  const guides = await sql.rows<{ id: number }>(
    `SELECT guide_id AS id FROM rollup_guide WHERE touchpoint_id = 0 AND variant = 0 AND on_day = ? AND ${these}`,
    [day, ...areas, ...stores],
  );
  if (guides.length === 0) return;
  await sql.run(
    `INSERT INTO rollup_store (touchpoint_id, variant, on_day, region_id, store_id, ${CELL_COLUMNS})
     SELECT touchpoint_id, variant, on_day, region_id, store_id, ${CELL_SUMS} FROM rollup_guide
     WHERE on_day = ? AND guide_id IN (${marks(guides.length)}) AND ${these}
     GROUP BY touchpoint_id, variant, on_day, region_id, store_id`,
    [day, ...guides.map((guide) => guide.id), ...areas, ...stores],
  );
}

/** The week's totals of stores in some areas: of some stores, or of all that have figures there. */
export async function sumWeek(
  sql: Sql,
  monday: ShopDay,
  areas: readonly number[],
  stores?: readonly number[],
): Promise<void> {
  if (areas.length === 0) return;
  const these = `region_id IN (${marks(areas.length)})${stores ? ` AND store_id IN (${marks(stores.length)})` : ""}`;
  const params = [...areas, ...(stores ?? [])];
  await sql.run(`DELETE FROM rollup_store_week WHERE week_on = ? AND ${these}`, [monday, ...params]);
  await sql.run(
    `INSERT INTO rollup_store_week (region_id, week_on, store_id, ${CELL_COLUMNS})
     SELECT region_id, ?, store_id, ${CELL_SUMS} FROM rollup_store
     WHERE touchpoint_id = 0 AND variant = 0 AND on_day BETWEEN ? AND ? AND ${these} GROUP BY region_id, store_id`,
    [monday, monday, addDays(monday, 6), ...params],
  );
}

/** The areas and all above them, lowest level first: a region is the sum of its own stores and its children. */
async function sumRegions(sql: Sql, tree: OrgTree, day: ShopDay, areas: readonly number[]): Promise<void> {
  for (const level of levelsAbove(tree, areas)) await sumLevel(sql, tree, day, level);
}

async function sumLevel(sql: Sql, tree: OrgTree, day: ShopDay, regions: readonly number[]): Promise<void> {
  const these = `region_id IN (${marks(regions.length)})`;
  await sql.run(`DELETE FROM rollup_region WHERE on_day = ? AND ${these}`, [day, ...regions]);
  const below = regions.flatMap((id) => tree.children(id).map((child) => child.id));
  const children = below.length
    ? ` UNION ALL SELECT touchpoint_id, variant, on_day, parent_id, ${CELL_COLUMNS} FROM rollup_region
        JOIN region ON region.id = region_id WHERE on_day = ? AND region_id IN (${marks(below.length)})`
    : "";
  await sql.run(
    `INSERT INTO rollup_region (touchpoint_id, variant, on_day, region_id, ${CELL_COLUMNS})
     SELECT touchpoint_id, variant, on_day, unit, ${CELL_SUMS} FROM (
       SELECT touchpoint_id, variant, on_day, region_id AS unit, ${CELL_COLUMNS} FROM rollup_store
       WHERE on_day = ? AND ${these}${children}
     ) AS parts GROUP BY touchpoint_id, variant, on_day, unit`,
    [day, ...regions, ...(below.length ? [day, ...below] : [])],
  );
}

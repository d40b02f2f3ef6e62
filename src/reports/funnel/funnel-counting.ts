// Counts some guides' funnel of one day anew, and sums it for the regions above; in the transaction of the other figures.
import { marks } from "../../infra/dialect.js";
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import type { OrgTree } from "../../org/tree.js";
import { levelsAbove } from "../levels.js";
import { IN_FUNNEL, STAGE_OF, WHY_OF } from "./funnel-sql.js";

/** Nobody's tasks: their guide in the funnel, and the region they are counted in. */
export const NOBODY = 0;

const CELL = "on_day, region_id, store_id, guide_id, stage, why";

/** Counts these guides' day; `NOBODY` among them stands for tasks without a guide. */
export async function countFunnel(
  sql: Sql,
  tree: OrgTree,
  day: ShopDay,
  guides: readonly number[],
): Promise<void> {
  const these = `guide_id IN (${marks(guides.length)})`;
  const before = await areasOf(sql, day, guides);
  await sql.run(`DELETE FROM rollup_funnel_guide WHERE on_day = ? AND ${these}`, [day, ...guides]);
  await insertWhere(sql, day, these, guides);
  if (guides.includes(NOBODY)) await insertWhere(sql, day, "guide_id IS NULL", []);
  const areas = [...new Set([...before, ...(await areasOf(sql, day, guides))])];
  await sumRegions(sql, tree, day, areas);
}

/** Drops regions of a day that nothing stands under. */
export async function wipeFunnelOrphans(sql: Sql, tree: OrgTree, day: ShopDay): Promise<void> {
  const rows = await sql.rows<{ id: number }>(
    "SELECT DISTINCT region_id AS id FROM rollup_funnel_guide WHERE on_day = ?",
    [day],
  );
  const kept = [...new Set(rows.flatMap(({ id }) => (id === NOBODY ? [id] : tree.ancestors(id))))];
  await sql.run(
    `DELETE FROM rollup_funnel_region WHERE on_day = ? AND region_id NOT IN (${marks(kept.length) || "-1"})`,
    [day, ...kept],
  );
}

async function areasOf(sql: Sql, day: ShopDay, guides: readonly number[]): Promise<number[]> {
  const rows = await sql.rows<{ id: number }>(
    `SELECT DISTINCT region_id AS id FROM rollup_funnel_guide WHERE on_day = ? AND guide_id IN (${marks(guides.length)})`,
    [day, ...guides],
  );
  return rows.map(({ id }) => id);
}

function insertWhere(sql: Sql, day: ShopDay, these: string, params: readonly number[]): Promise<unknown> {
  return sql.run(
    `INSERT INTO rollup_funnel_guide (${CELL}, tasks)
     SELECT ${CELL}, COUNT(*) FROM (
       SELECT release_on AS on_day, COALESCE(region_id, 0) AS region_id, COALESCE(store_id, 0) AS store_id,
         COALESCE(guide_id, ${NOBODY}) AS guide_id, ${STAGE_OF} AS stage, ${WHY_OF} AS why
       FROM task WHERE release_on = ? AND ${these} AND ${IN_FUNNEL}
     ) AS tasks_of_day GROUP BY ${CELL}`,
    [day, ...params],
  );
}

async function sumRegions(sql: Sql, tree: OrgTree, day: ShopDay, areas: readonly number[]): Promise<void> {
  for (const level of levelsAbove(tree, areas)) await sumLevel(sql, tree, day, level);
  // a place that was taken out of the tree, or none at all, stands for itself
  const loose = areas.filter((id) => !tree.node(id));
  if (loose.length > 0) await sumLevel(sql, tree, day, loose);
}

async function sumLevel(sql: Sql, tree: OrgTree, day: ShopDay, regions: readonly number[]): Promise<void> {
  const these = `region_id IN (${marks(regions.length)})`;
  await sql.run(`DELETE FROM rollup_funnel_region WHERE on_day = ? AND ${these}`, [day, ...regions]);
  const below = regions.filter((id) => tree.node(id)).flatMap((id) => tree.children(id).map((one) => one.id));
  const children = below.length
    ? ` UNION ALL SELECT parent_id, stage, why, tasks FROM rollup_funnel_region
        JOIN region ON region.id = region_id WHERE on_day = ? AND region_id IN (${marks(below.length)})`
    : "";
  await sql.run(
    `INSERT INTO rollup_funnel_region (region_id, on_day, stage, why, tasks)
     SELECT unit, ?, stage, why, SUM(tasks) FROM (
       SELECT region_id AS unit, stage, why, tasks FROM rollup_funnel_guide WHERE on_day = ? AND ${these}${children}
     ) AS parts GROUP BY unit, stage, why`,
    [day, day, ...regions, ...(below.length ? [day, ...below] : [])],
  );
}

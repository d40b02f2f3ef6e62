// Which customers somebody may see: HQ all, everybody else those whose owner or friend is one of their guides.
import type { Viewer } from "../identity/viewer.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { trailIds } from "../org/tree.js";

/** The guides whose customers are in sight; null: everybody's, and those of nobody. */
export type Sight = ReadonlySet<number> | null;

/** Part of the brand that somebody looks at: these stores, these guides; undefined: all there are. */
export interface Place {
  stores?: readonly number[] | undefined;
  guides?: readonly number[] | undefined;
}

/** The guides of a place, as far as a viewer sees it; those who have left are among them. */
export async function sightOf(sql: Sql, viewer: Viewer, { stores, guides }: Place = {}): Promise<Sight> {
  if (viewer.role === "hq" && stores === undefined && guides === undefined) return null;
  if (stores?.length === 0 || guides?.length === 0) return new Set();
  const conditions: [condition: string, ...params: (string | number)[]][] = [];
  if (viewer.role === "manager")
    conditions.push(["r.trail LIKE ?", `${(await trailOf(sql, viewer.regionId ?? 0)) ?? "none"}%`]);
  if (viewer.role === "store_manager") conditions.push(["g.store_id = ?", viewer.storeId ?? 0]);
  if (viewer.role === "guide") conditions.push(["g.id = ?", viewer.guideId ?? 0]);
  if (stores) conditions.push([`g.store_id IN (${marks(stores.length)})`, ...stores]);
  if (guides) conditions.push([`g.id IN (${marks(guides.length)})`, ...guides]);
  const { thenJoin } = sql.dialect;
  // from the regions down, not through all guides there are
  const from =
    stores || guides || viewer.role !== "manager"
      ? "guide g JOIN store s ON s.id = g.store_id JOIN region r ON r.id = s.region_id WHERE 1 = 1"
      : `region r ${thenJoin} store s ${thenJoin} guide g WHERE s.region_id = r.id AND g.store_id = s.id`;
  const rows = await sql.rows<{ id: number }>(
    `SELECT g.id FROM ${from}
     AND ${conditions.map(([condition]) => condition).join(" AND ")}`,
    conditions.flatMap(([, ...params]) => params),
  );
  return new Set(rows.map(({ id }) => id));
}

async function trailOf(sql: Sql, regionId: number): Promise<string | undefined> {
  const row = await sql.row<{ trail: string }>("SELECT trail FROM region WHERE id = ?", [regionId]);
  return row?.trail;
}

/** Whether a viewer may see one customer: by their owner, or a friendship that lasts. */
export async function isInSight(
  sql: Sql,
  viewer: Viewer,
  { id, guideId }: { id: number; guideId: number | null },
): Promise<boolean> {
  if (viewer.role === "hq") return true;
  const people = await sql.rows<{ id: number; storeId: number; trail: string }>(
    `SELECT g.id, g.store_id AS storeId, r.trail FROM guide g JOIN store s ON s.id = g.store_id
       JOIN region r ON r.id = s.region_id
     WHERE g.id = ? OR g.id IN (SELECT guide_id FROM contact WHERE customer_id = ? AND ended_on IS NULL)`,
    [guideId ?? 0, id],
  );
  return people.some(({ id: guide, storeId, trail }) => {
    if (viewer.role === "guide") return guide === viewer.guideId;
    if (viewer.role === "store_manager") return storeId === viewer.storeId;
    return trailIds(trail).includes(viewer.regionId ?? 0);
  });
}

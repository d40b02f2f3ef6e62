// Names for what is counted by id: touchpoints by their keys, guides by their accounts, and the top region of each.
import type { Sql } from "../../infra/store.js";
import { loadTree } from "../../org/queries.js";

/** A touchpoint as a forecast names it. `order`: its place among all. */
export interface TouchpointName {
  touchpoint: string;
  journey: string;
  order: number;
}

/** Every touchpoint there is, by id. */
export async function touchpointNames(sql: Sql): Promise<Map<number, TouchpointName>> {
  const rows = await sql.rows<{ id: number; touchpoint: string; journey: string }>(
    `SELECT t.id, t.touchpoint_key AS touchpoint, j.journey_key AS journey
     FROM touchpoint t JOIN journey j ON j.id = t.journey_id
       LEFT JOIN touchpoint_version v ON v.touchpoint_id = t.id AND v.version_id = j.live_version_id
     ORDER BY j.id, v.position, t.id`,
  );
  return new Map(rows.map(({ id, ...names }, order) => [id, { ...names, order }]));
}

/** A guide as a forecast names them. */
export interface GuideName {
  guide: string;
  name: string;
  /** of their store; null: it has none */
  regionId: number | null;
}

/** Every guide, by id. */
export async function guideNames(sql: Sql): Promise<Map<number, GuideName>> {
  const rows = await sql.rows<GuideName & { id: number }>(
    `SELECT g.id, g.userid AS guide, g.name, s.region_id AS regionId
     FROM guide g LEFT JOIN store s ON s.id = g.store_id`,
  );
  return new Map(rows.map(({ id, ...guide }) => [id, guide]));
}

/** The name of the top region above a store's region; null where there is none. */
export async function topRegions(sql: Sql): Promise<(regionId: number | null) => string | null> {
  const tree = await loadTree(sql);
  const tops = new Map(tree.nodes.map(({ id }) => [id, tree.node(tree.top(id) ?? 0)?.name ?? null]));
  return (regionId) => (regionId === null ? null : (tops.get(regionId) ?? null));
}

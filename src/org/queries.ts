// Reads of the organisation: the tree, and ids by the keys other systems use.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { type OrgTree, orgTree, type RegionNode } from "./tree.js";

/** The whole region tree as it stands. */
export async function loadTree(sql: Sql): Promise<OrgTree> {
  const [nodes, levels] = await Promise.all([
    sql.rows<RegionNode>("SELECT id, parent_id AS parentId, name, depth, trail FROM region"),
    sql.rows<{ name: string }>("SELECT name FROM region_level ORDER BY depth"),
  ]);
  return orgTree(
    nodes,
    levels.map((level) => level.name),
  );
}

/** The ids of the regions of some names, wherever they stand, or paths (华东/上海市), and of all below them; by the tree as
 *  it stands now. */
export async function regionIdsByName(sql: Sql): Promise<(names: readonly string[]) => number[]> {
  const tree = await loadTree(sql);
  return (names) => {
    const paths = names.flatMap((name) => tree.byPath(name.split("/"))?.id ?? []);
    const named = tree.nodes.filter(({ name }) => names.includes(name)).map(({ id }) => id);
    return [...new Set([...named, ...paths].flatMap((id) => tree.subtree(id)))];
  };
}

/** Guide ids by userid: of all guides, or of those named. */
export async function guideIds(sql: Sql, userids?: readonly string[]): Promise<Map<string, number>> {
  const rows = userids
    ? await selectIn<{ id: number; userid: string }>(
        sql,
        "SELECT id, userid FROM guide WHERE userid IN",
        userids,
      )
    : await sql.rows<{ id: number; userid: string }>("SELECT id, userid FROM guide");
  return new Map(rows.map((row) => [row.userid, row.id]));
}

/** Store ids by code: of all stores, or of those named. */
export async function storeIds(sql: Sql, codes?: readonly string[]): Promise<Map<string, number>> {
  const rows = codes
    ? await selectIn<{ id: number; code: string }>(sql, "SELECT id, code FROM store WHERE code IN", codes)
    : await sql.rows<{ id: number; code: string }>("SELECT id, code FROM store");
  return new Map(rows.map((row) => [row.code, row.id]));
}

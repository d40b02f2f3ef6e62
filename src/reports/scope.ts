// How far a viewer sees in reports, and which stores or regions a question covers.
import type { Viewer } from "../identity/viewer.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { OrgTree } from "../org/tree.js";
import type { ReportAsk, ReportNode } from "./report.js";
import { noSuchPlace, readPlace } from "./within.js";

/** Part of a WHERE. */
export interface Condition {
  text: string;
  params: Param[];
}

/** A place of the organisation with all that a query needs of it. */
export type Place =
  | { kind: "brand" }
  | { kind: "region"; id: number }
  | { kind: "store"; id: number; regionId: number; name: string; seen?: Condition }
  | { kind: "guide"; id: number; storeId: number; regionId: number; name: string; seen?: Condition };

/** The place a question is about: `within`, or the root of what the viewer sees. Raises `not_found` outside of it. */
export async function placeOf(
  sql: Sql,
  tree: OrgTree,
  viewer: Viewer,
  within?: ReportAsk["within"],
): Promise<Place> {
  const root = await rootOf(sql, tree, viewer);
  if (!within) return root;
  const isText = typeof within === "string";
  const asked = await find(sql, tree, isText ? await readPlace(sql, tree, within) : within);
  if (asked && contains(tree, root, asked)) return seenFrom(tree, root, asked);
  throw isText ? noSuchPlace(within) : new Refusal("not_found", "没有找到这个区域、门店或导购。");
}

/** A store or guide that stood elsewhere before is seen as far as the viewer's own part of the organisation goes. */
function seenFrom(tree: OrgTree, root: Place, place: Place): Place {
  if (place.kind !== "store" && place.kind !== "guide") return place;
  if (root.kind === "store" && place.kind === "guide")
    return { ...place, seen: { text: "store_id = ?", params: [root.id] } };
  if (root.kind !== "region") return place;
  const areas = tree.subtree(root.id);
  return { ...place, seen: { text: `region_id IN (${marks(areas.length)})`, params: areas } };
}

/** The root of what a viewer sees. */
export async function rootOf(sql: Sql, tree: OrgTree, viewer: Viewer): Promise<Place> {
  if (viewer.role === "hq") return { kind: "brand" };
  const node: ReportNode =
    viewer.role === "manager"
      ? { kind: "region", id: viewer.regionId ?? 0 }
      : viewer.role === "store_manager"
        ? { kind: "store", id: viewer.storeId ?? 0 }
        : { kind: "guide", id: viewer.guideId ?? 0 };
  const root = await find(sql, tree, node);
  if (!root) throw new Refusal("forbidden", "这个账号没有对应的区域、门店或导购，请联系总部。");
  return root;
}

/** Whether `inner` is `outer` or lies in it. */
export function contains(tree: OrgTree, outer: Place, inner: Place): boolean {
  if (outer.kind === "brand") return true;
  if (inner.kind === "brand") return false;
  if (outer.kind === "region")
    return tree.ancestors(inner.kind === "region" ? inner.id : inner.regionId).includes(outer.id);
  if (outer.kind === "store")
    return (
      (inner.kind === "store" && inner.id === outer.id) ||
      (inner.kind === "guide" && inner.storeId === outer.id)
    );
  return inner.kind === "guide" && inner.id === outer.id;
}

async function find(sql: Sql, tree: OrgTree, node: ReportNode): Promise<Place | undefined> {
  if (node.kind === "region") return tree.node(node.id) ? { kind: "region", id: node.id } : undefined;
  if (node.kind === "store") {
    const store = await sql.row<{ regionId: number; name: string }>(
      "SELECT region_id AS regionId, name FROM store WHERE id = ?",
      [node.id],
    );
    return store && { kind: "store", id: node.id, ...store };
  }
  const guide = await sql.row<{ storeId: number; regionId: number; name: string }>(
    `SELECT g.store_id AS storeId, s.region_id AS regionId, g.name
     FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = ?`,
    [node.id],
  );
  return guide && { kind: "guide", id: node.id, ...guide };
}

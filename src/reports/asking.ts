// A question about figures, understood: where it looks, what the asker may see, and the way back to where they began.
import type { Viewer } from "../identity/viewer.js";
import type { Sql } from "../infra/store.js";
import { isShopDay, type ShopDay } from "../kernel/calendar.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { OrgTree } from "../org/tree.js";
import { namesOf } from "./queries.js";
import type { Report, ReportAsk } from "./report.js";
import { type Place, placeOf, rootOf } from "./scope.js";
import { sharedTree } from "./shared-tree.js";
import type { Span } from "./weeks.js";

/** A question about some days of a place. */
export interface Question {
  sql: Sql;
  tree: OrgTree;
  place: Place;
  span: Span;
}

/** The question as it can be answered. Raises `invalid` for a span that cannot be, `not_found` outside the viewer's reach. */
export async function questionOf(
  sql: Sql,
  viewer: Viewer,
  { from, to, within }: Pick<ReportAsk, "from" | "to" | "within">,
): Promise<Question> {
  checkSpan({ from, to });
  const tree = await sharedTree(sql);
  return { sql, tree, place: await placeOf(sql, tree, viewer, within), span: { from, to } };
}

function checkSpan({ from, to }: Span): void {
  const faults: Fault[] = [];
  if (!isShopDay(from)) faults.push({ where: "from", value: from, expected: "a date YYYY-MM-DD" });
  if (!isShopDay(to)) faults.push({ where: "to", value: to, expected: "a date YYYY-MM-DD" });
  if (faults.length === 0 && from > to)
    faults.push({ where: "to", value: to, expected: `a day not before ${from}` });
  if (faults.length > 0) throw new Refusal("invalid", "日期范围不对。", faults);
}

/** The first day of which any customer message is known; null: none is. */
export async function heardSince(sql: Sql): Promise<ShopDay | null> {
  const row = await sql.row<{ day: ShopDay | null }>("SELECT MIN(sent_on) AS day FROM message");
  return row?.day ?? null;
}

/** The areas a place lies in, or has. */
export function areasOf(tree: OrgTree, place: Place): number[] {
  if (place.kind === "brand") return tree.nodes.map((node) => node.id);
  return place.kind === "region" ? tree.subtree(place.id) : [place.regionId];
}

/** From the viewer's own root down to the place. */
export async function pathTo(sql: Sql, tree: OrgTree, viewer: Viewer, place: Place): Promise<Report["path"]> {
  if (place.kind === "brand") return [];
  const root = await rootOf(sql, tree, viewer);
  const region = place.kind === "region" ? place.id : place.regionId;
  const own = root.kind === "region" ? root.id : undefined;
  const ids = tree.ancestors(region);
  const shown = own === undefined ? (root.kind === "brand" ? ids : []) : ids.slice(ids.indexOf(own));
  const path: Report["path"] = shown.map((id) => ({ kind: "region", id, name: tree.node(id)?.name ?? "" }));
  const storeId = place.kind === "store" ? place.id : place.kind === "guide" ? place.storeId : undefined;
  const storeName = storeId === undefined ? undefined : (await namesOf(sql, "store", [storeId])).get(storeId);
  if (storeId !== undefined && root.kind !== "guide")
    path.push({ kind: "store", id: storeId, name: storeName ?? "" });
  if (place.kind === "guide") path.push({ kind: "guide", id: place.id, name: place.name });
  return path;
}

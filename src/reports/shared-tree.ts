// The region tree for figures: who asks for it while it is being read gets the same one.
import type { Sql } from "../infra/store.js";
import { loadTree } from "../org/queries.js";
import type { OrgTree } from "../org/tree.js";

const underWay = new WeakMap<Sql, Promise<OrgTree>>();

/** The tree as it stands, or as it stood when somebody began to read it a moment ago: a page asks several questions at
 *  once. Figures bear that; who has just written a region reads it by `loadTree`. */
export function sharedTree(sql: Sql): Promise<OrgTree> {
  const known = underWay.get(sql);
  if (known) return known;
  const reading = loadTree(sql).finally(() => underWay.delete(sql));
  underWay.set(sql, reading);
  return reading;
}

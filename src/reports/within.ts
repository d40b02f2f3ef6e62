// A place as people write it: a path of names, a store's code, a guide's account.
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { OrgTree } from "../org/tree.js";
import type { ReportNode } from "./report.js";

/** The place meant by `华东/上海市`, `region:3`, a store's code or a guide's account. Raises `not_found`. */
export async function readPlace(sql: Sql, tree: OrgTree, text: string): Promise<ReportNode> {
  const exact = /^(region|store|guide):(\d{1,10})$/.exec(text);
  if (exact) return { kind: exact[1] as ReportNode["kind"], id: Number(exact[2]) };
  const names = text.split("/").map((name) => name.trim());
  const region = tree.byPath(names) ?? (names.length === 1 ? only(tree, text) : undefined);
  if (region) return { kind: "region", id: region.id };
  const store = await sql.row<{ id: number }>("SELECT id FROM store WHERE code = ? OR name = ?", [
    text,
    text,
  ]);
  if (store) return { kind: "store", id: Number(store.id) };
  const guide = await sql.row<{ id: number }>("SELECT id FROM guide WHERE userid = ?", [text]);
  if (guide) return { kind: "guide", id: Number(guide.id) };
  throw noSuchPlace(text);
}

/** The refusal of a place there is none of, or none for who asks: nobody learns which. */
export function noSuchPlace(text: string): Refusal {
  return new Refusal("not_found", `没有找到「${text}」。`, [
    {
      where: "within",
      value: text,
      expected: "a region such as 华东 or 华东/上海市, a store's code, or a guide's account",
    },
  ]);
}

/** The one region of this name, wherever it stands; of 上海市 with the city 上海市 in it, the whole. */
function only(tree: OrgTree, name: string) {
  const named = tree.nodes.filter((node) => node.name === name);
  const [first] = named;
  return first && named.every(({ id }) => tree.ancestors(id).includes(first.id)) ? first : undefined;
}

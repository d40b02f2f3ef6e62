// Regions and stores that audiences name and the organisation does not have: such a rule finds nobody, so it is said.
import type { Sql } from "../infra/store.js";
import { loadTree, storeIds } from "../org/queries.js";
import type { OrgTree } from "../org/tree.js";
import { type Audience, namesIn } from "./audience.js";
import type { JourneySpec } from "./spec.js";

/** In Chinese, a line for each name a rule uses that no region or store has, or that regions apart from each other share. */
export async function nameWarnings(sql: Sql, audience: Audience): Promise<string[]> {
  const regions = namesIn(audience, "region");
  const stores = namesIn(audience, "store");
  const tree = regions.length > 0 ? await loadTree(sql) : undefined;
  const known = stores.length > 0 ? await storeIds(sql, stores) : undefined;
  return [
    ...(tree ? regions.flatMap((name) => regionWarning(tree, name)) : []),
    ...stores.filter((code) => !known?.has(code)).map((code) => `没有编号为“${code}”的门店，按它找不到客户`),
  ];
}

/** The same for every touchpoint of a journey, each line with the touchpoint's name. */
export async function audienceWarnings(
  sql: Sql,
  { touchpoints }: Pick<JourneySpec, "touchpoints">,
): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, audience } of touchpoints)
    lines.push(...(await nameWarnings(sql, audience)).map((line) => `「${name}」：${line}`));
  return lines;
}

function regionWarning(tree: OrgTree, name: string): string[] {
  if (tree.byPath(name.split("/")) && name.includes("/")) return [];
  const ids = tree.nodes.filter((node) => node.name === name).map(({ id }) => id);
  if (ids.length === 0) return [`没有叫“${name}”的区域，按它找不到客户`];
  // 上海市 below 上海市 is one place said twice
  const tops = ids.filter((id) => !tree.ancestors(id).some((above) => above !== id && ids.includes(above)));
  if (tops.length === 1) return [];
  const paths = tops.map((id) => tree.pathName(id).replaceAll(" / ", "/"));
  return [`有 ${tops.length} 个区域叫“${name}”，都算在内；只要其中一个请写全：${paths.join("、")}`];
}

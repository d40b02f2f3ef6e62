// The regions that must be summed anew when some areas change, level by level from below. Pure.
import type { OrgTree } from "../org/tree.js";

/** The areas and all above them, each level's together, the lowest first. */
export function levelsAbove(tree: OrgTree, areas: readonly number[]): number[][] {
  const levels = new Map<number, Set<number>>();
  for (const node of areas.flatMap((area) => tree.ancestors(area)).map((id) => tree.node(id)))
    if (node) levels.set(node.depth, (levels.get(node.depth) ?? new Set()).add(node.id));
  return [...levels].sort(([a], [b]) => b - a).map(([, ids]) => [...ids]);
}

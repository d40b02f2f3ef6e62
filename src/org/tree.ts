// The region tree as a value: who lies below whom, and the names of its levels.

/** One region as stored. The tops have parent 0 and depth 0. */
export interface RegionNode {
  id: number;
  parentId: number;
  name: string;
  depth: number;
  /** ids from the top to itself: "/1/5/" */
  trail: string;
}

/** The regions of a brand. Unknown ids have no children, no ancestors and no subtree. */
export interface OrgTree {
  /** every region, parents before their children, brothers by id */
  readonly nodes: readonly RegionNode[];
  /** the levels' names from the top: 大区, 省份, … */
  readonly levels: readonly string[];
  node(id: number): RegionNode | undefined;
  /** the ids of a region and of all below it */
  subtree(regionId: number): number[];
  /** ids from the top down to the region itself */
  ancestors(regionId: number): number[];
  /** the regions right below one; below 0 stand the tops */
  children(regionId: number): readonly RegionNode[];
  /** the region of this path of names from the top */
  byPath(names: readonly string[]): RegionNode | undefined;
  /** the id of the top region above one (of a top: itself) */
  top(regionId: number): number | undefined;
  /** "华东 / 上海市" */
  pathName(regionId: number): string;
}

/** A tree of regions. `nodes` may come in any order. */
export function orgTree(nodes: readonly RegionNode[], levels: readonly string[]): OrgTree {
  const sorted = [...nodes].sort((a, b) => a.depth - b.depth || a.id - b.id);
  const byId = new Map(sorted.map((node) => [node.id, node]));
  const below = new Map<number, RegionNode[]>();
  for (const node of sorted) below.set(node.parentId, [...(below.get(node.parentId) ?? []), node]);
  const children = (id: number) => below.get(id) ?? [];
  const subtree = (id: number): number[] => [id, ...children(id).flatMap((child) => subtree(child.id))];
  const ancestors = (id: number) => {
    const node = byId.get(id);
    return node ? trailIds(node.trail) : [];
  };
  return {
    nodes: sorted,
    levels,
    node: (id) => byId.get(id),
    subtree: (id) => (byId.has(id) ? subtree(id) : []),
    ancestors,
    children,
    byPath: (names) => {
      let at: RegionNode | undefined;
      for (const name of names) {
        at = children(at?.id ?? 0).find((child) => child.name === name);
        if (!at) return undefined;
      }
      return at;
    },
    top: (id) => ancestors(id)[0],
    pathName: (id) =>
      ancestors(id)
        .map((one) => byId.get(one)?.name ?? "")
        .join(" / "),
  };
}

/** The ids in a trail: "/1/5/" → [1, 5]. */
export function trailIds(trail: string): number[] {
  return trail.split("/").filter(Boolean).map(Number);
}

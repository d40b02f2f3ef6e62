// Where values stand in a YAML document, and how they were written.
import { type Document, isMap, isPair, isScalar, isSeq, type Node, visit } from "yaml";

/** The path to every node, `touchpoints.0.days`. */
export function pathsIn(document: Document): Map<unknown, string> {
  const paths = new Map<unknown, string>();
  visit(document, {
    Node: (key, node, above) => {
      const parent = above.findLast((one) => isMap(one) || isSeq(one));
      const pair = above.at(-1);
      const step = isPair(pair) ? String(isScalar(pair.key) ? pair.key.value : "?") : `${key ?? ""}`;
      const path = [paths.get(parent) ?? "", step].filter((part) => part !== "");
      paths.set(node, path.join("."));
    },
  });
  return paths;
}

/** The node a path leads to from another; of a key the key itself. `resolve` follows aliases. */
export function nodeAt(
  from: Node,
  path: readonly (string | number)[],
  isKey: boolean,
  resolve: (node: unknown) => Node | null,
): Node | null {
  let node: Node | null = from;
  for (const [index, step] of path.entries()) {
    if (isKey && index === path.length - 1 && isMap(node))
      return (
        node.items.map((pair) => pair.key as Node).find((key) => isScalar(key) && key.value === step) ?? null
      );
    node = isMap(node) || isSeq(node) ? resolve(node.get(step, true) ?? null) : null;
  }
  return node;
}

/** A node as it was written, for a fault. */
export function said(node: Node): string {
  if (isScalar(node)) return node.value === null ? "" : String(node.source ?? node.value);
  return isMap(node) ? "{…}" : "[…]";
}

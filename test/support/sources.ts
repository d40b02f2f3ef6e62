// Reads the project's own TypeScript as syntax trees, for the tests that keep the house's rules.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";

/** One node of @swc/core's tree, seen loosely: its type, its place, whatever else it holds. */
export interface TreeNode {
  type: string;
  span?: { start: number; end: number };
  [field: string]: unknown;
}

/** One import, re-export or `import()` of a file. */
export interface Import {
  /** as written: "./life.js", "typeorm" */
  from: string;
  /** the project file a relative import means ("src/tasks/life.ts"), else undefined */
  file: string | undefined;
  line: number;
}

/** One TypeScript file with its tree. */
export interface Source {
  /** from the project's root, with slashes: "src/tasks/life.ts" */
  path: string;
  text: string;
  tree: TreeNode;
  imports: Import[];
  /** the 1-based line on which a node begins */
  lineOf(node: TreeNode): number;
  /** how many lines a node spans */
  linesOf(node: TreeNode): number;
}

/** The project's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Every TypeScript file below the given folders of the project (and the files named), parsed. */
export function readSources(...tops: string[]): Source[] {
  return tops
    .flatMap((top) => (top.endsWith(".ts") ? [top] : listTypeScript(top)))
    .map((path) => parseSource(path, readFileSync(join(root, path), "utf8")));
}

function listTypeScript(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .sort();
}

/** One source from its text; `path` says which file it claims to be. Throws when it does not parse. */
export function parseSource(path: string, text: string): Source {
  const tree: unknown = parseSync(text, { syntax: "typescript", decorators: true, target: "es2022" });
  const lineAt = lineTable(text);
  const source: Source = {
    path,
    text,
    tree: tree as TreeNode,
    imports: [],
    lineOf: (node) => lineAt(node.span?.start ?? 1),
    linesOf: (node) => lineAt(node.span?.end ?? 1) - lineAt(node.span?.start ?? 1) + 1,
  };
  for (const node of nodesOf(source.tree)) {
    const from = importedBy(node);
    if (from !== undefined) {
      source.imports.push({ from, file: fileMeant(path, from), line: source.lineOf(node) });
    }
  }
  return source;
}

/** Every node of a tree, parents first. */
export function* nodesOf(node: TreeNode): Generator<TreeNode> {
  yield node;
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      // arguments and array items come wrapped as { spread, expression }
      const inner = isNode(item) ? item : isWrapped(item) ? item.expression : undefined;
      if (inner) yield* nodesOf(inner);
    }
  }
}

/** Whether a value is a node of the tree. */
export function isNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isWrapped(value: unknown): value is { expression: TreeNode } {
  return typeof value === "object" && value !== null && "expression" in value && isNode(value.expression);
}

function importedBy(node: TreeNode): string | undefined {
  const isStatic = ["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration"].includes(
    node.type,
  );
  if (isStatic) return textOf(node.source);
  const isDynamic = node.type === "CallExpression" && isNode(node.callee) && node.callee.type === "Import";
  if (!isDynamic || !Array.isArray(node.arguments)) return undefined;
  const [first]: unknown[] = node.arguments;
  return isWrapped(first) ? textOf(first.expression) : undefined;
}

function textOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "StringLiteral" ? String(node.value) : undefined;
}

function fileMeant(path: string, from: string): string | undefined {
  if (!from.startsWith(".")) return undefined;
  return posix.join(posix.dirname(path), from).replace(/\.js$/, ".ts");
}

/** Spans count bytes of UTF-8 from 1; lines are found by the newlines before them. */
function lineTable(text: string): (offset: number) => number {
  const bytes = Buffer.from(text);
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset - 1) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

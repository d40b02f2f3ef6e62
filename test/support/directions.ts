// Who may import whom: the house's directions as one table, and the search for circles.
import type { Source } from "./sources.js";

/** The slices in their order: each may import all those before it. `channels` and `sandbox` stand beside the row. */
const row = [
  ...["kernel", "infra", "identity", "org", "customers", "models", "journeys", "contacts", "tasks"],
  ...["reports", "console"],
];
const before = (unit: string) => row.slice(0, row.indexOf(unit));
const slices = [...row, "channels"];

/** For each folder of src/, or file right below it, what it may import besides itself. */
const mayImport: Record<string, string[]> = {
  ...Object.fromEntries(row.map((unit) => [unit, before(unit)])),
  contacts: [...before("contacts"), "channels"],
  tasks: [...before("tasks"), "channels"],
  channels: ["kernel", "infra"],
  sandbox: ["kernel", "channels/wecom/crypto"],
  database: [...slices, "migrations"],
  wire: [...slices, "database", "sandbox"],
  demo: [...slices, "database", "wire", "sandbox"],
  http: [...slices, "database", "wire"],
  schedule: [...slices, "database", "wire"],
  main: [...slices, "database", "wire", "http", "schedule", "demo"],
  cli: [...slices, "database", "wire", "http", "schedule", "demo", "sandbox", "main"],
  migrations: ["infra"],
};

/** The folder (or root file) a path belongs to: src/tasks/life.ts → tasks, src/wire.ts → wire. */
export function unitOf(path: string): string {
  const parts = path.replace(/\.ts$/, "").split("/");
  return parts[0] === "src" ? (parts[1] ?? "") : (parts[0] ?? "");
}

/** Imports against the order, and files that stand where the design knows no place. */
export function wrongWays(source: Source): string[] {
  const unit = unitOf(source.path);
  const allowed = mayImport[unit];
  if (!allowed) return [`${source.path}: "${unit}" has no place in the order of the house`];
  return source.imports.flatMap(({ file, from, line }) => {
    if (file === undefined || unitOf(file) === unit || allowed.some((target) => isWithin(file, target)))
      return [];
    return [`${source.path}:${line} imports ${from}, but ${unit} may not import ${unitOf(file)}`];
  });
}

function isWithin(file: string, target: string): boolean {
  const inside = file.replace(/^src\//, "").replace(/\.ts$/, "");
  return inside === target || inside.startsWith(`${target}/`);
}

/** Every circle of imports, written as a path back to its first file. Imports of types count. */
export function circles(sources: readonly Source[]): string[] {
  const targets = new Map(
    sources.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" → "));
    if (at >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

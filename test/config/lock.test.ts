// package-lock.json must install on every platform, from whatever registry the reader uses.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/sources.js";

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  optional?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const packages: Record<string, Locked> = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
).packages;
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link,
);

/** Whether a package at `path` finds `name` in its own folder or in one above it. */
function finds(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (packages[`${at === "" ? "" : `${at}/`}node_modules/${name}`]) return true;
    if (at === "") return false;
  }
}

it("has every dependency, those for other platforms too: npm ci refuses a lock without them", () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !finds(path, name))
      .map((name) => `${name}, wanted by ${path || "the project"}`),
  );
  expect(missing).toEqual([]);
});

it("has a checksum for everything but binaries of other platforms", () => {
  expect(
    installed.filter(([, { integrity, optional }]) => !integrity && !optional).map(([path]) => path),
  ).toEqual([]);
});

it("names no registry", () => {
  expect(installed.filter(([, { resolved }]) => resolved?.includes("://")).map(([path]) => path)).toEqual([]);
});

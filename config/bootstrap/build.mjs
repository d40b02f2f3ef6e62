// Transpiles the TypeScript that runs outside jest to .build/, only what changed, safely from several commands at once.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";
import { swcOptions } from "./swc.mjs";

const sources = ["src", "migrations", "test/bench", "test/support", "ormconfig.ts"];
const here = fileURLToPath(import.meta.url);

/** Brings .build/ up to date. Compiling runs in a child, so that the compiler's memory is not the server's. */
export async function ensureBuilt(root) {
  if (isFresh(root)) return;
  const run = spawnSync(process.execPath, [here, root], { stdio: ["ignore", 2, 2] });
  if (run.status !== 0) throw new Error("The build failed; see above. 构建失败，原因见上。");
}

/** Compiles what changed since the manifest and drops outputs without a source. Returns the faults found. */
export async function build(root) {
  return withLock(join(root, ".build/build.lock"), async () => {
    const before = readManifest(root);
    const after = { options: optionsHash(), files: {} };
    const known = before.options === after.options ? before.files : {};
    const faults = [];
    const { transform } = await import("@swc/core");
    await inTurns(listSources(root), 16, async (path) => {
      try {
        after.files[path] = await compile(root, path, known[path], transform);
      } catch (error) {
        // the compiler adds its own stack after the place and the reason
        faults.push(`${path}: ${String(error.message ?? error).split("\n\n\nCaused by")[0]}`);
      }
    });
    for (const path of Object.keys(before.files)) {
      if (!after.files[path])
        for (const end of ["", ".map"]) await rm(outputOf(root, path) + end, { force: true });
    }
    await put(manifestOf(root), JSON.stringify(after));
    return faults;
  });
}

async function compile(root, path, known, transform) {
  const { mtimeMs, size } = statSync(join(root, path));
  const output = outputOf(root, path);
  if (known && known.mtimeMs === mtimeMs && known.size === size && existsSync(output)) return known;
  const text = await readFile(join(root, path), "utf8");
  const hash = sha(text);
  if (known?.hash === hash && existsSync(output)) return { mtimeMs, size, hash };
  const sourceFileName = join(root, path);
  const { code, map } = await transform(text, {
    ...swcOptions("es2023"),
    filename: sourceFileName,
    sourceFileName,
  });
  const mapName = `${output.slice(output.lastIndexOf("/") + 1)}.map`;
  await put(`${output}.map`, map);
  await put(output, `${code}//# sourceMappingURL=${mapName}\n`);
  return { mtimeMs, size, hash };
}

/** Whether every source is as the manifest saw it: stat calls only, a few milliseconds. */
function isFresh(root) {
  const manifest = readManifest(root);
  if (manifest.options !== optionsHash()) return false;
  const paths = listSources(root);
  if (paths.length !== Object.keys(manifest.files).length) return false;
  return paths.every((path) => {
    const known = manifest.files[path];
    const now = statSync(join(root, path));
    return (
      known && known.mtimeMs === now.mtimeMs && known.size === now.size && existsSync(outputOf(root, path))
    );
  });
}

function listSources(root) {
  return sources.flatMap((top) => {
    if (!existsSync(join(root, top))) return [];
    if (top.endsWith(".ts")) return [top];
    return readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  });
}

function readManifest(root) {
  try {
    return JSON.parse(readFileSync(manifestOf(root), "utf8"));
  } catch {
    return { options: "", files: {} };
  }
}

const manifestOf = (root) => join(root, ".build/manifest.json");
const outputOf = (root, path) => join(root, ".build", `${path.slice(0, -3)}.js`);
const optionsHash = () => sha(JSON.stringify(swcOptions("es2023")) + readFileSync(here, "utf8"));
const sha = (text) => createHash("sha256").update(text).digest("hex");

/** Written aside and renamed: a reader sees the old file or the new one, never half of one. */
async function put(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.new`;
  await writeFile(aside, text);
  await rename(aside, path);
}

async function inTurns(items, width, work) {
  const rest = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

if (process.argv[1] === here) {
  const faults = await build(process.argv[2]);
  if (faults.length > 0) {
    process.stderr.write(`${faults.join("\n")}\n`);
    process.exitCode = 1;
  }
}

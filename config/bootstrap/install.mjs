// Installs the dependencies when they are not those of package-lock.json, or were built for another Node.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";

/** Makes node_modules fit this clone and this Node; with `dev` the test tools too. Never writes package-lock.json. */
export async function ensureInstalled(root, { dev }) {
  const stamp = join(root, "node_modules/.guidepost-stamp");
  const wanted = stampOf(root);
  const isStamped = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  const hasTools = () => !dev || existsSync(join(root, "node_modules/jest/bin/jest.js"));
  if (isStamped() && hasTools()) return;
  await withLock(join(root, ".build/install.lock"), async () => {
    if (isStamped() && hasTools()) return;
    if (!fitsLock(root) || !hasTools()) {
      await npm(root, ["ci", ...(dev ? ["--include=dev"] : [])], "安装依赖… installing dependencies");
    }
    // npm that skipped the install script, or a Node of another ABI, leaves the database driver without its binary
    if (!loadsDatabase(root))
      await npm(root, ["rebuild", "better-sqlite3"], "重建 better-sqlite3… rebuilding it");
    const fault = loadsDatabase(root) ? "" : databaseFault(root);
    if (fault) throw new Error(`better-sqlite3 cannot be loaded after a rebuild: ${fault}`);
    writeFileSync(stamp, wanted);
  });
}

function stampOf(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  const { platform, arch, versions } = process;
  return createHash("sha256").update(lock).update(`${platform} ${arch} ${versions.modules}`).digest("hex");
}

/** Whether npm's own record of node_modules has every package of the lock, so that nothing need be installed. */
function fitsLock(root) {
  const hidden = join(root, "node_modules/.package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(hidden);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || !path.startsWith("node_modules/")) return true;
    const found = present[path];
    if (!found)
      return (
        entry.optional === true || entry.devOptional === true || entry.dev === true || entry.peer === true
      );
    return found.version === entry.version;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

function loadsDatabase(root) {
  return databaseFault(root) === "";
}

/** Why the SQLite driver does not open a database, or "". Asked in a child: a failed load cannot be undone here. */
function databaseFault(root) {
  const script = 'new (require("better-sqlite3"))(":memory:").close()';
  const run = spawnSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  if (run.status === 0) return "";
  return (
    (run.stderr || run.error?.message || "unknown").split("\n").find((line) => /Error/.test(line)) ??
    run.stderr
  );
}

/** Runs npm with all its words on stderr and says how long it takes. */
async function npm(root, args, words) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  process.stderr.write(`${words}\n`);
  const isTerminal = process.stderr.isTTY === true;
  const tick = setInterval(
    () => process.stderr.write(isTerminal ? `\r${words} ${seconds()}` : `${words} ${seconds()}\n`),
    isTerminal ? 1_000 : 15_000,
  );
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith("npm-cli.js") ? [process.execPath, [own]] : ["npm", []];
  const flags = ["--no-audit", "--no-fund", "--loglevel=error"];
  // what is compiled here is compiled on all cores
  const env = { JOBS: "max", ...process.env };
  const child = spawn(command, [...first, ...args, ...flags], { cwd: root, stdio: ["ignore", 2, 2], env });
  const stop = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  const code = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (status, signal) => resolve(status ?? signal));
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, stop);
  clearInterval(tick);
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed (${code}); see above. 安装失败，原因见上。`);
  process.stderr.write(`${isTerminal ? "\r" : ""}${words}: ${seconds()}\n`);
}

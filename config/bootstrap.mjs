// The one door behind every npm script: checks Node, installs and builds what is missing, then starts the work.
// The scripts `exec` it, so that a signal to npm reaches the program and not a shell that dies first.
// Plain Node without dependencies. Everything it says goes to stderr; stdout belongs to the command.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entries = {
  serve: ".build/src/main.js",
  cli: ".build/src/cli.js",
  bench: ".build/test/bench/main.js",
};

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Guidepost needs Node 20.19 or newer; this is Node ${process.versions.node}. 请安装 Node 20.19 或更新的版本。`,
  );
}

const [verb = "", ...args] = process.argv.slice(2);
if (verb !== "test" && verb !== "build" && !(verb in entries)) {
  fail(`usage: node config/bootstrap.mjs serve | test | cli | bench | build [arguments]; not "${verb}".`);
}

const { ensureInstalled } = await import("./bootstrap/install.mjs");
const { ensureBuilt } = await import("./bootstrap/build.mjs");
try {
  await ensureInstalled(root, { dev: verb === "test" });
  // `test` builds inside jest (config/bootstrap/before-tests.mjs), so that `npx jest` alone does too
  if (verb !== "test") await ensureBuilt(root);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
if (verb === "test") await runJest();
else if (verb !== "build") await handOver(join(root, entries[verb]));

/** Goes on as the built program in this same process: its signals and its exit code need nobody in between. */
async function handOver(entry) {
  if (!existsSync(entry)) fail(`${relative(root, entry)} does not exist: its source is missing.`);
  process.env.WECHATY_LOG ??= "warn";
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], entry, ...args];
  await import(pathToFileURL(entry).href);
}

/** Jest needs a flag of Node's to load ES modules, so it runs as a child. */
async function runJest() {
  const options = [
    process.env.NODE_OPTIONS,
    "--experimental-vm-modules",
    // modules of many suites: what is young is copied less often
    "--max-semi-space-size=64",
    "--disable-warning=ExperimentalWarning",
  ];
  const child = spawn(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), "--config", join(root, "config/jest.config.mjs"), ...args],
    { stdio: "inherit", env: { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(" ") } },
  );
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

// Jest runs this once before the suites: some tests start the built program as a process of its own.
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

/** Builds; a file that does not compile is named here and fails the tests that need it, not all others. */
export default async function beforeTests() {
  const faults = await build(fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, ""));
  for (const fault of faults) process.stderr.write(`not built: ${fault}\n`);
}

// How jest runs the tests: TypeScript as ES modules through swc; suites that need a service wait for its variable.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { swcOptions } from "./bootstrap/swc.mjs";

const rootDir = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
// inherited by jest's workers; wechaty reads it when it is first loaded
process.env.WECHATY_LOG ??= "silent";

const ignored = ["/node_modules/", "/test/bench/"];
if (!process.env.GUIDEPOST_TEST_BROWSER) ignored.push("/test/browser/");

export default {
  rootDir,
  roots: ["src", "test", "migrations"].map((folder) => join(rootDir, folder)).filter(existsSync),
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testPathIgnorePatterns: ignored,
  testEnvironment: "node",
  // a busy machine is five times slower than a quiet one: a test that hangs is still found, one that waits is not blamed
  testTimeout: 300_000,
  maxWorkers: 2,
  // modules of finished suites stay in memory: a worker that has gathered so many begins anew
  workerIdleMemoryLimit: "1200MB",
  globalSetup: "<rootDir>/config/bootstrap/before-tests.mjs",
  setupFiles: ["<rootDir>/config/bootstrap/in-tests.mjs"],
  extensionsToTreatAsEsm: [".ts"],
  // most of what is asked for is ours: looked for first
  moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transform: { "\\.ts$": ["@swc/jest", swcOptions("es2022")] },
};

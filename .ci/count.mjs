// Adds up jest's JSON results of several runs, each test once, and prints the closing line. What N-again.json says of a file stands
// for what failed of it in N.json. With --failed first: prints the paths of the files that failed.
import { existsSync, readFileSync } from "node:fs";

const results = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).testResults : []);

if (process.argv[2] === "--failed") {
  for (const path of process.argv.slice(3))
    for (const { name, status } of results(path)) if (status === "failed") console.log(name);
  process.exit(0);
}

const paths = process.argv.slice(2).filter((path) => !path.includes("*"));
const files = new Map();

for (const path of paths.filter((one) => !one.endsWith("-again.json"))) {
  const again = new Set(results(path.replace(/\.json$/, "-again.json")).map(({ name }) => name));
  for (const { name, status, message, assertionResults } of results(path)) {
    const now = outcomes(status, message, assertionResults);
    if (again.has(name)) for (const [test, said] of now) if (said === "failed") now.delete(test);
    files.set(name, merge(files.get(name) ?? new Map(), now));
  }
}
for (const path of paths.filter((one) => one.endsWith("-again.json")))
  for (const { name, status, message, assertionResults } of results(path))
    files.set(name, merge(files.get(name) ?? new Map(), outcomes(status, message, assertionResults)));

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const tests of files.values()) for (const status of tests.values()) counts[status]++;
console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

/** One run of one file as name → status; a file that did not run at all is one failed test. */
function outcomes(status, message, results) {
  const tests = new Map();
  for (const { fullName, status: said } of results) {
    let name = fullName;
    for (let again = 2; tests.has(name); again++) name = `${fullName} #${again}`;
    tests.set(name, said === "passed" || said === "failed" ? said : "skipped");
  }
  if (status === "failed" && ![...tests.values()].includes("failed"))
    tests.set(`did not run: ${message}`, "failed");
  return tests;
}

/** A later run of the same file tells what is skipped; what passed or failed earlier stays counted, failure first. */
function merge(before, now) {
  const merged = new Map(now);
  for (const [name, status] of before) {
    if (status === "failed") merged.set(name, "failed");
    else if (status === "passed" && merged.get(name) !== "failed") merged.set(name, "passed");
  }
  return merged;
}

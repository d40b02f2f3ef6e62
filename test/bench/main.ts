// npm run bench [-- name… | ci]: runs benches, each in its own process; Markdown to stdout, progress to stderr.
import { spawn } from "node:child_process";
import { environment, mysqlServer } from "./databases.js";
import { type Bench, type Mode, note } from "./harness.js";
import { serverWithRoom } from "./server.js";

/** Every bench, in the order they run. Loaded only when asked for, so that memory figures are its own. */
const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  plan: () => import("./plan.js"),
  release: () => import("./release.js"),
  models: () => import("./models.js"),
  forecast: () => import("./forecast.js"),
  render: () => import("./render.js"),
  dispatch: () => import("./dispatch.js"),
  intake: () => import("./intake.js"),
  kills: () => import("./kills.js"),
  import: () => import("./import.js"),
  report: () => import("./report.js"),
  pages: () => import("./pages.js"),
  search: () => import("./search.js"),
};

/** What a process ends with that was stopped by a signal. */
const STOPPED = 130;

const asked = process.argv.slice(2).filter((word) => word !== "ci");
const mode: Mode = process.argv.includes("ci") ? "ci" : "full";
const unknown = asked.filter((name) => !benches[name]);
const out = (line: string) => void process.stdout.write(`${line}\n`);

if (unknown.length > 0) {
  note(`no bench named ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
} else if (process.env.GUIDEPOST_BENCH_ALONE) {
  process.exitCode = (await runHere(asked[0] ?? "")) ? 0 : 1;
} else {
  await runAll(asked.length > 0 ? asked : Object.keys(benches));
}

async function runHere(name: string): Promise<boolean> {
  const { bench } = (await benches[name]?.()) ?? {};
  out(`\n## ${name}\n`);
  return (await bench?.run(mode, out)) ?? false;
}

async function runAll(names: readonly string[]): Promise<void> {
  const own = mode === "full" ? await serverWithRoom(mysqlServer()) : undefined;
  if (own) process.env.GUIDEPOST_TEST_MYSQL = own.url;
  const missed: string[] = [];
  let code: number | null = 0;
  try {
    out(`# Bench (${mode})\n\n${await environment()}`);
    for (const name of names) {
      note(`— ${name} —`);
      code = await runApart(name);
      if (code === STOPPED) break;
      if (code !== 0) missed.push(name);
    }
  } finally {
    await own?.stop();
  }
  process.exitCode = code === STOPPED ? STOPPED : missed.length > 0 ? 1 : 0;
  if (missed.length > 0) note(`bars missed, or failed: ${missed.join(", ")}`);
  else if (code !== STOPPED) note("all bars kept");
}

/** A process of its own: no bench is slowed or fattened by what ran before it. Gives the code it ended with. */
function runApart(name: string): Promise<number | null> {
  const args = [...process.execArgv, process.argv[1] ?? "", name, ...(mode === "ci" ? ["ci"] : [])];
  const env = { ...process.env, GUIDEPOST_BENCH_ALONE: "1" };
  const child = spawn(process.execPath, args, { stdio: "inherit", env });
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on("SIGINT", pass).on("SIGTERM", pass);
  return new Promise((resolve) => {
    child.on("exit", (code, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      resolve(signal === "SIGINT" || signal === "SIGTERM" ? STOPPED : code);
    });
  });
}

// serve: config → database → services → http, schedule; stopped in reverse order on a signal.
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openDatabase } from "./database.js";
import type { Demo } from "./demo/demo.js";
import { createApp } from "./http.js";
import { type Config, isDemo, loadConfig, resolveFromRoot } from "./infra/config.js";
import { makeLog } from "./infra/log.js";
import { keepHeapSmall } from "./infra/memory.js";
import type { Store } from "./infra/store.js";
import { Refusal, sayFault } from "./kernel/refusals.js";
import { realWorld } from "./kernel/world.js";
import { jobsOf } from "./schedule/jobs.js";
import { startSchedule } from "./schedule.js";
import { wire } from "./wire.js";

/** The longest a request may take to come in, ms. */
const UPLOAD_LASTS = 3_600_000;

/** Serves until SIGINT or SIGTERM. Raises a Refusal for what the reader can mend: settings, a taken port. */
export async function serve(): Promise<void> {
  const stops: (() => Promise<unknown>)[] = [];
  const asked = stopSignal();
  try {
    await start(stops, asked);
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
  await asked.promise;
  await stopAll(stops);
}

async function start(stops: (() => Promise<unknown>)[], asked: { promise: Promise<void> }): Promise<void> {
  const settings = loadConfig();
  const store = await openDatabase(settings.database_url);
  stops.push(() => store.close());
  const withDemo = isDemo(settings) && (await mayLoadDemo(settings, store));
  // The demo is for looking at: a line a request would drown its address.
  const log = makeLog(withDemo && settings.log_level === "info" ? "warn" : settings.log_level);
  const demo = withDemo ? await (await import("./demo/demo.js")).openDemo(settings) : undefined;
  const config = demo?.config ?? settings;
  const world = demo?.world ?? realWorld;
  const puppets = config.channel === "wechaty" ? await puppetsOf(config) : undefined;
  const services = wire({ config, world, log, store, puppets, demo, wall: realWorld });
  stops.push(() => services.close());
  const base = await services.app();
  base.pages.check();
  const app = createApp(base);
  const server = createServer(app.callback());
  // files of an import may be gigabytes over a slow line; a heading has its own, short time
  server.requestTimeout = UPLOAD_LASTS;
  const port = await listen(server, config.port);
  stops.push(() => closed(server));
  // not waited for: somebody may have to scan a code first
  services
    .startChannel()
    .catch((error: unknown) => log.error({ err: error }, "the channel could not be started"));
  if (demo) {
    stops.push(() => demo.stop());
    const past = demo.run(services, `http://127.0.0.1:${port}`, () => announce(config, port, demo));
    const isOver = await Promise.race([past, asked.promise.then(() => true)]);
    if (isOver === true) return;
  }
  // from here on a large brand's passes stream through this process
  keepHeapSmall();
  const schedule = startSchedule({ store, world, log, zone: config.zone }, jobsOf(services));
  stops.push(() => schedule.stop());
  services.timed.board = schedule.board;
  if (!demo) announce(config, port, demo);
}

/** The demo goes into a database of its own: people everybody knows the password of have no place in real data. */
async function mayLoadDemo({ demo, data_dir }: Config, store: Store): Promise<boolean> {
  if (demo === "on" || existsSync(join(resolveFromRoot(data_dir), "demo.json"))) return true;
  const isEmpty = (await store.read.row("SELECT id FROM guide LIMIT 1")) === undefined;
  if (!isEmpty)
    process.stderr.write(
      "数据库里已有自己的资料，不载入演示品牌。接企业微信请设 WECOM_CORPID 等，见 README；关掉这行：DEMO=off\n",
    );
  return isEmpty;
}

/** The wechaty puppets of the settings. Loaded only where they are used: wechaty costs a second and 90 MB. */
async function puppetsOf({ wechaty }: Config) {
  const { loadPuppets } = await import("./channels/wechaty/puppet.js");
  return loadPuppets(wechaty.puppet, JSON.parse(wechaty.options) as object);
}

/** Says where to look, and as whom. */
function announce(config: Config, port: number, demo: Demo | undefined): void {
  const lines = ["", `  Guidepost  ${config.public_url || `http://localhost:${port}`}`, ""];
  for (const { login, password, label } of demo?.logins ?? [])
    lines.push(`  ${label}  ${login} / ${password}`);
  if (demo) lines.push("", `  沙盒里的企业微信（演示）  ${demo.sandbox.url}/sandbox`);
  lines.push("", "  Ctrl-C 结束", "");
  process.stderr.write(`${lines.join("\n")}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken ? new Refusal("conflict", `端口 ${port} 已被占用；换一个：PORT=${port + 1} npm start`) : error,
      );
    });
    server.listen(port, () => resolve((server.address() as AddressInfo).port));
  });
}

async function closed(server: Server): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const lingering = setTimeout(() => server.closeAllConnections(), 2000);
  await ended;
  clearTimeout(lingering);
}

/** Resolves at the first SIGINT or SIGTERM; later ones change nothing (a terminal sends Ctrl-C to npm and to us). */
function stopSignal(): { promise: Promise<void> } {
  const promise = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  return { promise };
}

async function stopAll(stops: (() => Promise<unknown>)[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  serve().then(
    () => process.exit(0),
    (error: unknown) => {
      const words =
        error instanceof Refusal
          ? [error.message, ...error.faults.map((fault) => `  ${sayFault(fault)}`)].join("\n")
          : String(error instanceof Error ? error.stack : error);
      process.stderr.write(`${words}\n`);
      process.exit(error instanceof Refusal ? 2 : 1);
    },
  );

// Every page of every role at the reference size: how long the server takes for one at a time, at a steady pace and with many
// at once, and what the first page of each role weighs.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../src/http.js";
import { type Role, roles } from "../../src/identity/viewer.js";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import { movableWorld } from "../../src/kernel/world.js";
import { jobBoard } from "../../src/schedule/board.js";
import { jobsOf } from "../../src/schedule/jobs.js";
import { type Services, wire } from "../../src/wire.js";
import { settings } from "../support/settings.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import * as harness from "./harness.js";
import type { Visit, Visited } from "./pages-apart.js";
import { lookedAt, makeHouse, type PagesSize, password } from "./pages-data.js";
import { pagesOf } from "./pages-list.js";
import { type Remote, startRemote } from "./remote.js";
import { zone } from "./report-data.js";

const sizes: Record<harness.Mode, PagesSize> = {
  full: { customers: 3_000_000, tasks: 10_000_000, days: 90, guides: 10_000, stores: 4_000 },
  ci: { customers: 20_000, tasks: 40_000, days: 4, guides: 500, stores: 200 },
};
const pace: Record<harness.Mode, { rounds: number; seconds: number }> = {
  full: { rounds: 15, seconds: 30 },
  ci: { rounds: 3, seconds: 3 },
};
const ARRIVALS = 20;
const PEOPLE = 50;
/** Bytes a first page may weigh in all, compressed. */
const FIRST_PAGE = 110_000;

/** A page as one role opens it. */
interface Opened extends Visit {
  role: Role;
}

/** The bench. */
export const bench: harness.Bench = {
  name: "pages",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    let isWhole = true;
    await onEachDatabase(out, async (database) => {
      isWhole = (await onOne(database, mode, bars, out)) && isWhole;
    });
    return isWhole && bars.kept();
  },
};

async function onOne(
  database: BenchDatabase,
  mode: harness.Mode,
  bars: harness.Bars,
  out: harness.Out,
): Promise<boolean> {
  const { store, title } = database;
  const size = sizes[mode];
  const folder = mkdtempSync(join(tmpdir(), "guidepost-pages-"));
  const world = movableWorld(lookedAt(size));
  const config = parseConfig({ ...settings(folder), database_url: database.url, channel: "notebook" });
  const log = makeLog("silent");
  const services = wire({ config, world, log, store });
  services.timed.board = jobBoard({ store, world, log, zone }, jobsOf(services));
  const server = createServer(createApp(await services.app()).callback());
  const load = startRemote("pages-apart.js");
  try {
    out(`### ${title}: ${harness.round(size.customers)} customers, ${harness.round(size.tasks)} tasks`);
    await makeHouse(services, size);
    const port = await listening(server);
    const { pages, faults } = await allPages(services, port);
    for (const fault of faults) harness.note(`FAILED  ${title}: ${fault}`);
    await measure({ title, load, port, pages, mode, bars, out });
    await weigh(title, port, pages, bars);
    return faults.length === 0;
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await services.close();
    await load.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every page as each role that may see it; and what is no answer a page may give. */
async function allPages(services: Services, port: number): Promise<{ pages: Opened[]; faults: string[] }> {
  const { paths, unnamed } = await pagesOf(services);
  const faults = unnamed.map((route) => `${route} is missing from pages-list.ts`);
  const pages: Opened[] = [];
  for (const role of roles) {
    const cookie = await signedIn(port, role);
    for (const path of paths) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { Cookie: cookie, Accept: "text/html" },
        redirect: "manual",
      });
      await answer.arrayBuffer();
      if (answer.status === 200) pages.push({ role, path, cookie });
      else if (![302, 303, 403].includes(answer.status) && !(answer.status === 404 && role !== "hq"))
        faults.push(`${path} as ${role}: ${answer.status}`);
    }
  }
  const seen = new Set(pages.map(({ path }) => path));
  const closed = paths.filter((path) => !seen.has(path) && !["/", "/stop/report", "/sign-in"].includes(path));
  return { pages, faults: [...faults, ...closed.map((path) => `${path} opens to nobody`)] };
}

async function signedIn(port: number, login: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ login, password }),
    redirect: "manual",
  });
  const [cookie = ""] = answer.headers.getSetCookie();
  if (answer.status !== 303 && answer.status !== 302)
    throw new Error(`${login} cannot sign in: ${answer.status}`);
  return cookie.split(";")[0] ?? "";
}

interface Measuring {
  title: string;
  load: Remote;
  port: number;
  pages: readonly Opened[];
  mode: harness.Mode;
  bars: harness.Bars;
  out: harness.Out;
}

async function measure({ title, load, port, pages, mode, bars, out }: Measuring): Promise<void> {
  const { rounds, seconds } = pace[mode];
  const visits = pages.map(({ path, cookie }) => ({ path, cookie }));
  await load.call("oneAtATime", port, visits, 1);
  harness.note(`${title}: ${pages.length} pages, one at a time`);
  const alone = await load.call<Visited[]>("oneAtATime", port, visits, rounds);
  const medians = pages.map(({ role, path }, at) => ({
    ...{ role, path, ms: harness.median(alone.filter((one) => one.at === at).map(({ ms }) => ms)) },
    bytes: alone.find((one) => one.at === at)?.bytes ?? 0,
  }));
  const slowest = [...medians].sort((a, b) => b.ms - a.ms);
  harness.table(
    out,
    ["page", "role", "median ms, one at a time", "bytes sent"],
    slowest.slice(0, 25).map(({ path, role, ms, bytes }) => [decodeURI(path), role, ms, bytes]),
  );
  for (const { path, role, ms } of slowest.slice(0, 25).filter((page, at) => at === 0 || page.ms > 50))
    bars.atMost(`${title}: ${decodeURI(path)} as ${role}, median of ${rounds}`, ms, 50, "ms");
  harness.note(`${title}: ${ARRIVALS} arrivals a second for ${seconds} s`);
  const arriving = await load.call<Visited[]>("arriving", port, visits, ARRIVALS, seconds);
  const times = arriving.map(({ ms }) => ms).sort((a, b) => a - b);
  const p99 = times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;
  bars.atMost(`${title}: 99th percentile at ${ARRIVALS} arrivals a second`, p99, 300, "ms");
  harness.note(`${title}: ${PEOPLE} at once for ${seconds} s`);
  const began = performance.now();
  const atOnce = await load.call<Visited[]>("atOnce", port, visits, PEOPLE, seconds);
  const took = (performance.now() - began) / 1000;
  bars.atLeast(`${title}: pages with ${PEOPLE} people at once`, atOnce.length / took, 60, "/s");
  const wrong = [...alone, ...arriving, ...atOnce].filter(({ status }) => status !== 200);
  for (const { at, status } of wrong.slice(0, 5))
    harness.note(`FAILED  ${title}: ${visits[at]?.path}: ${status}`);
  bars.atMost(`${title}: answers that are errors, 1 + so many`, 1 + wrong.length, 1, "×");
}

/** The page people begin with, and all it names, compressed. */
async function weigh(
  title: string,
  port: number,
  pages: readonly Opened[],
  bars: harness.Bars,
): Promise<void> {
  const homes: Record<Role, string> = {
    hq: "/overview",
    manager: "/team",
    store_manager: "/team",
    guide: "/g/today",
  };
  for (const role of roles) {
    const page = pages.find((one) => one.role === role && one.path === homes[role]);
    if (!page) throw new Error(`${role} has no home`);
    const base = `http://127.0.0.1:${port}`;
    const text = await (await fetch(base + page.path, { headers: { Cookie: page.cookie } })).text();
    const parts = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url]) => url ?? "");
    let bytes = 0;
    for (const url of [page.path, ...new Set(parts)]) bytes += await sentBytes(base + url, page.cookie);
    bars.atMost(`${title}: first page of ${role}, compressed ÷ 110 KB`, bytes / FIRST_PAGE, 1, "×");
  }
}

/** fetch unpacks what it gets: the length that was sent stands in the head, or is what a page packed again takes. */
async function sentBytes(url: string, cookie: string): Promise<number> {
  const answer = await fetch(url, { headers: { Cookie: cookie, "Accept-Encoding": "gzip" } });
  const body = await answer.arrayBuffer();
  return Number(answer.headers.get("content-length") ?? body.byteLength);
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

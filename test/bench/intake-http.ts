// Bench of the doors: callbacks stored before they are answered, beside raw http with group commit; archive records pushed.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../src/http.js";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import type { Store } from "../../src/infra/store.js";
import { realWorld } from "../../src/kernel/world.js";
import { wire } from "../../src/wire.js";
import { settings } from "../support/settings.js";
import type { BenchDatabase } from "./databases.js";
import { type Bars, note, watchMemory } from "./harness.js";
import { callbackKeys, sealed } from "./intake-callbacks.js";
import { pushesOf, type Size } from "./intake-data.js";
import { rawServer } from "./intake-raw.js";
import type { Load } from "./load-apart.js";
import { type Remote, startRemote } from "./remote.js";

const WIDTH = 16;
const ROUNDS = 4;

/** Rows of the table, and the bars judged. Customers and guides stand in the database already. */
export async function measureDoors(
  database: BenchDatabase,
  size: Size,
  judged: Bars,
): Promise<(string | number)[][]> {
  const { store, title } = database;
  const folder = mkdtempSync(join(tmpdir(), "guidepost-doors-"));
  const load = startRemote("load-apart.js");
  const services = wire({
    config: configOf(folder, database),
    world: realWorld,
    log: makeLog("silent"),
    store,
  });
  const server = createServer(createApp(await services.app()).callback());
  try {
    const port = await listening(server);
    const { key } = await services.identity.keys.create("bench", realWorld.now());
    const line = (what: string, rows: number, ms: number, base: number, peak = Number.NaN) => [
      ...[title, what, rows, (rows * 1000) / ms, base / ms, Number.NaN, Number.NaN, peak],
    ];
    note(`${title}: ${size.callbacks * ROUNDS} callbacks over HTTP`);
    const { raw, ours } = await callbackRounds(database, load, port, size);
    judged.atLeast(
      `${title}: callbacks stored before the answer ÷ raw http, group commit`,
      raw / ours,
      0.5,
      "×",
    );
    note(`${title}: ${size.messages} archive records over HTTP`);
    const memory = watchMemory();
    const pushed = await pushAll(load, port, key, size);
    const peak = memory.peak();
    memory.stop();
    await expectRows(store, "SELECT COUNT(*) AS n FROM message WHERE msgid LIKE 'http-%'", size.messages);
    judged.atLeast(`${title}: archive records taken over HTTP`, (size.messages * 1000) / pushed, 5_000, "/s");
    const callbacks = size.callbacks * ROUNDS;
    return [
      line(`raw http, group commit, ${WIDTH} sockets`, callbacks, raw, raw),
      line("callbacks over HTTP, stored, answered", callbacks, ours, raw),
      line("archive records over HTTP, 1,000 a push", size.messages, pushed, Number.NaN, peak),
    ];
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await services.close();
    await load.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf(folder: string, { url }: BenchDatabase) {
  const { token, aesKey, corpid } = callbackKeys;
  const wecom = { base_url: "http://127.0.0.1:1", corpid, secret: "s", agentid: 1, token, aes_key: aesKey };
  return parseConfig({ ...settings(folder), database_url: url, channel: "wecom", wecom });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
}

/** The same pushes to both servers, taking turns; ms of all rounds together. */
async function callbackRounds(database: BenchDatabase, load: Remote, port: number, size: Size) {
  const raw = await rawServer(database);
  const sum = { raw: 0, ours: 0 };
  let number = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const requests = Array.from({ length: size.callbacks }, () => asRequest(number++));
      sum.raw += await posted(load, raw.port, requests, "Content-Type: text/xml\r\n");
      sum.ours += await posted(load, port, requests, "Content-Type: text/xml\r\n");
    }
    await expectRows(database.store, "SELECT COUNT(*) AS n FROM bare_callback", number);
    const stored = "SELECT COUNT(*) AS n FROM callback WHERE body LIKE '%http-bench%'";
    await expectRows(database.store, stored, number);
  } finally {
    await raw.close();
  }
  return sum;
}

function asRequest(n: number) {
  const { query, body } = sealed(n, "http-bench");
  const search = new URLSearchParams(query).toString();
  return { path: `/wecom/callback?${search}`, body: Buffer.from(body) };
}

async function pushAll(load: Remote, port: number, key: string, size: Size): Promise<number> {
  const requests = pushesOf(size).map((records) => ({
    path: "/api/intake/messages",
    body: Buffer.from(
      JSON.stringify({ messages: records.map((one) => ({ ...one, msgid: `http-${String(one.msgid)}` })) }),
    ),
  }));
  return posted(load, port, requests, `Content-Type: application/json\r\nAuthorization: Bearer ${key}\r\n`);
}

/** ms; every answer must have been a 200. */
async function posted(
  load: Remote,
  port: number,
  requests: readonly object[],
  headers: string,
): Promise<number> {
  const { ms, statuses } = await load.call<Load>("post", port, requests, headers, WIDTH);
  if (statuses["200"] !== requests.length)
    throw new Error(`of ${requests.length} requests were answered: ${JSON.stringify(statuses)}`);
  return ms;
}

async function expectRows(store: Store, sql: string, wanted: number): Promise<void> {
  const row = await store.read.row<{ n: number }>(sql);
  if (Number(row?.n) !== wanted) throw new Error(`${row?.n} rows of ${wanted}: ${sql}`);
}

// The baseline of storing callbacks: node's http, the same check and decryption, one commit for all that came meanwhile.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import BetterSqlite3 from "better-sqlite3";
import { createPool } from "mysql2/promise";
import { openCallback } from "../../src/channels/wecom/callbacks.js";
import type { BenchDatabase } from "./databases.js";
import { callbackKeys } from "./intake-callbacks.js";

type Row = [digest: string, body: string];
const columns = "(digest, channel, body, received_at, state, tries, taken_until)";

/** Stores into the table bare_callback, which has the shape and the unique key of ours. */
export async function rawServer(database: BenchDatabase): Promise<{ port: number; close(): Promise<void> }> {
  const { store } = database;
  await store.write((sql) => sql.run("DROP TABLE IF EXISTS bare_callback"));
  await store.write((sql) => sql.run("CREATE TABLE bare_callback AS SELECT * FROM callback WHERE 1 = 0"));
  if (database.kind === "mysql")
    await store.write((sql) =>
      sql.run("ALTER TABLE bare_callback MODIFY id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY"),
    );
  await store.write((sql) => sql.run("CREATE UNIQUE INDEX bare_digest ON bare_callback (digest)"));
  const { put, end } = database.kind === "mysql" ? mysqlTable(database.url) : sqliteTable(database.url);
  const group = grouping(put);
  const server = createServer((asked, answer) => {
    const pieces: Buffer[] = [];
    asked.on("data", (piece: Buffer) => pieces.push(piece));
    asked.on("end", () => {
      const query = Object.fromEntries(new URLSearchParams(asked.url?.split("?")[1]));
      const { digest, xml } = openCallback(callbackKeys, query, Buffer.concat(pieces).toString());
      group([digest, xml], () => answer.end());
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await end();
    },
  };
}

/** Whoever comes while a commit is under way, or in the same turn of the event loop, goes with the next. */
function grouping(put: (rows: Row[]) => Promise<void> | void) {
  let waiting: { row: Row; done: () => void }[] = [];
  let isBusy = false;
  const run = async () => {
    while (waiting.length > 0) {
      const some = waiting;
      waiting = [];
      await put(some.map(({ row }) => row));
      for (const { done } of some) done();
    }
    isBusy = false;
  };
  return (row: Row, done: () => void) => {
    waiting.push({ row, done });
    if (isBusy) return;
    isBusy = true;
    setImmediate(() => void run());
  };
}

function sqliteTable(url: string) {
  const db = new BetterSqlite3(url.slice("sqlite:".length), { timeout: 10_000 });
  db.pragma("synchronous = NORMAL");
  const insert = db.prepare<[string, string, number]>(
    `INSERT OR IGNORE INTO bare_callback ${columns} VALUES (?, 'wecom', ?, ?, 'stored', 0, 0)`,
  );
  const put = db.transaction((rows: Row[]) => {
    for (const [digest, body] of rows) insert.run(digest, body, Date.now());
  });
  return { put: (rows: Row[]) => put.immediate(rows), end: async () => void db.close() };
}

function mysqlTable(url: string) {
  const pool = createPool({ uri: url, connectionLimit: 2 });
  const put = async (rows: Row[]) => {
    const all = rows.map(([digest, body]) => [digest, "wecom", body, Date.now(), "stored", 0, 0]);
    await pool.query(`INSERT IGNORE INTO bare_callback ${columns} VALUES ?`, [all]);
  };
  return { put, end: () => pool.end() };
}

// One suite, both databases: a fresh SQLite file, and a fresh MariaDB schema when GUIDEPOST_TEST_MYSQL is set.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { openDatabase } from "../../src/database.js";
import type { DialectName } from "../../src/infra/dialect.js";
import type { Store } from "../../src/infra/store.js";
import { copyMysql, copySqlite } from "./ready-made.js";

export interface TestDatabase {
  url: string;
  open(): Promise<Store>;
  drop(): Promise<void>;
}

/** A new database of one kind with all its tables, or with `bare` none: then `open` migrates it. */
export async function freshDatabase(
  kind: DialectName,
  server = process.env.GUIDEPOST_TEST_MYSQL ?? "",
  { bare = false } = {},
): Promise<TestDatabase> {
  const opened: Store[] = [];
  const open = (url: string) => async () => {
    const store = await openDatabase(url);
    opened.push(store);
    return store;
  };
  const close = () => Promise.all(opened.map((store) => store.close().catch(() => undefined)));
  if (kind === "sqlite") {
    const folder = mkdtempSync(join(tmpdir(), "guidepost-"));
    const file = join(folder, "test.sqlite");
    const url = `sqlite:${file}`;
    if (!bare) await copySqlite(file);
    const drop = async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { url, open: open(url), drop };
  }
  const name = `guidepost_test_${randomBytes(6).toString("hex")}`;
  await statement(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  if (!bare) await copyMysql(server, name);
  const url = `${server.replace(/\/$/, "")}/${name}`;
  const drop = async () => {
    await close();
    await statement(server, `DROP DATABASE ${name}`);
  };
  return { url, open: open(url), drop };
}

/** Runs the same tests on SQLite and on MariaDB (skipped, saying so, where GUIDEPOST_TEST_MYSQL is not set).
 *  `store()` gives the database of this describe block, fresh once per block. */
export function describeOnEachDatabase(
  name: string,
  tests: (store: () => Store, kind: DialectName) => void,
): void {
  const one = (kind: DialectName) => () => {
    let database: TestDatabase;
    let store: Store;
    beforeAll(async () => {
      database = await freshDatabase(kind);
      store = await database.open();
    });
    afterAll(() => database.drop());
    tests(() => store, kind);
  };
  // a run that comes after another one for the sake of the services need not do this again
  const sqlite = process.env.GUIDEPOST_TEST_SQLITE === "no" ? describe.skip : describe;
  sqlite(`${name} [sqlite]`, one("sqlite"));
  const mysql = process.env.GUIDEPOST_TEST_MYSQL ? describe : describe.skip;
  mysql(`${name} [mariadb: set GUIDEPOST_TEST_MYSQL to run]`, one("mysql"));
}

/** The kinds this run is about: SQLite unless a run for the services leaves it to the one before, MariaDB where it is. */
export function kindsHere(): DialectName[] {
  const kinds: DialectName[] = process.env.GUIDEPOST_TEST_SQLITE === "no" ? [] : ["sqlite"];
  return process.env.GUIDEPOST_TEST_MYSQL ? [...kinds, "mysql"] : kinds;
}

/** Forgets every row of every table. */
export async function emptied(store: Store): Promise<void> {
  await store.write(async (sql) => {
    const tables = sql.manager.connection.entityMetadatas.map(({ tableName }) => tableName);
    const anyIn = (table: string) =>
      `SELECT name FROM (SELECT '${table}' AS name) t WHERE EXISTS (SELECT 1 FROM ${table})`;
    const filled = await sql.rows<{ name: string }>(tables.map(anyIn).join(" UNION ALL "));
    for (const { name } of filled) await sql.run(`DELETE FROM ${name}`);
  });
}

/** A store that counts how often transactions were begun, those done again after a deadlock too. */
export function runsCounted(store: Store): { store: Store; runs(): number } {
  let runs = 0;
  const write: Store["write"] = (work) =>
    store.write((sql) => {
      runs++;
      return work(sql);
    });
  return { store: { ...store, write }, runs: () => runs };
}

async function statement(server: string, sql: string): Promise<void> {
  const connection = await createConnection(server);
  await connection.query(sql);
  await connection.end();
}

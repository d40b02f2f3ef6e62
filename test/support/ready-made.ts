// A migrated database to copy: migrations run once for a state of their files, not once for every suite.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { openDatabase } from "../../src/database.js";
import { projectRoot } from "../../src/infra/config.js";

/** Seconds to wait for another process that makes the same one. */
const PATIENCE = 120;
const MARK = "is_ready";

/** Puts a migrated file at a path. The file that is copied stays in the system's temporary folder. */
export async function copySqlite(path: string): Promise<void> {
  const ready = join(tmpdir(), `guidepost-ready-${digest()}.sqlite`);
  if (!existsSync(ready)) {
    const making = `${ready}.${process.pid}`;
    const store = await openDatabase(`sqlite:${making}`);
    await store.close();
    const made = new Database(making);
    made.exec(`VACUUM INTO '${making}.whole'`);
    made.close();
    renameSync(`${making}.whole`, ready);
    for (const end of ["", "-wal", "-shm"]) rmSync(making + end, { force: true });
  }
  copyFileSync(ready, path);
}

/** The name of the schema that is copied, and of the lock of who makes it. */
export function readySchema(): string {
  return `guidepost_ready_${digest()}`;
}

/** Gives an empty schema all tables, with what migrations put in them. The schema that is copied stays on the server. */
export async function copyMysql(server: string, name: string, patience = PATIENCE): Promise<void> {
  const ready = readySchema();
  const connection = await createConnection({ uri: server, multipleStatements: true });
  try {
    await take(connection, ready, patience);
    if (!(await tablesOf(connection, ready)).includes(MARK)) {
      await connection.query(
        `DROP DATABASE IF EXISTS ${ready}; CREATE DATABASE ${ready} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
      );
      const store = await openDatabase(`${server.replace(/\/$/, "")}/${ready}`);
      await store.close();
      await connection.query(`CREATE TABLE ${ready}.${MARK} (n INT)`);
    }
    await connection.query("SELECT RELEASE_LOCK(?)", [ready]);
    const tables = (await tablesOf(connection, ready)).filter((table) => table !== MARK);
    const copies = tables.map(
      (table) =>
        `CREATE TABLE ${name}.${table} LIKE ${ready}.${table}; INSERT INTO ${name}.${table} SELECT * FROM ${ready}.${table}`,
    );
    await connection.query(copies.join(";"));
  } finally {
    await connection.end();
  }
}

/** Whoever goes on without it would drop what another process is still making. */
async function take(connection: Connection, lock: string, patience: number): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>("SELECT GET_LOCK(?, ?) AS isMine", [
    lock,
    patience,
  ]);
  if (Number(row?.isMine) !== 1)
    throw new Error(`Another process has been making the schema ${lock} for more than ${patience} s.`);
}

async function tablesOf(connection: Connection, schema: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?",
    [schema],
  );
  return rows.map(({ name }) => String(name));
}

/** Of all that decides what migrations make. */
function digest(): string {
  const hash = createHash("sha256");
  const folder = join(projectRoot, "migrations");
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  for (const name of ["migration.ts", "tables.ts", "dialect.ts"])
    files.push(join(projectRoot, "src/infra", name));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

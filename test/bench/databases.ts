// Fresh databases for benches: a SQLite file and, when a server answers, a MariaDB schema; both are dropped at the end.
import { cpus, totalmem } from "node:os";
import { createConnection } from "mysql2/promise";
import type { DialectName } from "../../src/infra/dialect.js";
import type { Store } from "../../src/infra/store.js";
import { freshDatabase } from "../support/databases.js";
import { note, type Out } from "./harness.js";

/** The MySQL or MariaDB server that benches use: the variable of the tests, else the usual place. */
export const mysqlServer = () => process.env.GUIDEPOST_TEST_MYSQL ?? "mysql://root@127.0.0.1:3306";

/** A fresh, migrated database. */
export interface BenchDatabase {
  kind: DialectName;
  /** as it stands in tables: "SQLite", "MariaDB" */
  title: string;
  url: string;
  store: Store;
}

const titles: Record<DialectName, string> = { sqlite: "SQLite", mysql: "MariaDB" };

/** Does the work on a fresh database of each kind, one after the other; a kind that does not answer gets a line.
 *  GUIDEPOST_BENCH_ON=mysql (or sqlite): on that one alone. */
export async function onEachDatabase(
  out: Out,
  work: (database: BenchDatabase) => Promise<void>,
): Promise<void> {
  for (const kind of ["sqlite", "mysql"] as const) {
    if ((process.env.GUIDEPOST_BENCH_ON ?? kind) !== kind) continue;
    const missing = kind === "mysql" ? await whyNoMysql() : undefined;
    if (missing) out(`\nMariaDB skipped: ${missing}.\n`);
    else await onDatabase(kind, work);
  }
}

/** Does the work on a fresh database of one kind and drops it, also when the bench is stopped by a signal. */
export async function onDatabase<T>(
  kind: DialectName,
  work: (database: BenchDatabase) => Promise<T>,
): Promise<T> {
  const database = await freshDatabase(kind, mysqlServer());
  const stopped = (signal: NodeJS.Signals) => {
    note(`${signal}: dropping ${titles[kind]}'s data`);
    void database.drop().finally(() => process.exit(130));
  };
  process.once("SIGINT", stopped).once("SIGTERM", stopped);
  try {
    return await work({ kind, title: titles[kind], url: database.url, store: await database.open() });
  } finally {
    process.off("SIGINT", stopped).off("SIGTERM", stopped);
    await database.drop();
  }
}

/** One line on the machine and the versions that were measured. */
export async function environment(): Promise<string> {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const parts = [`${cpus().length} cores (${cpus()[0]?.model.trim() ?? "?"})`, memory];
  parts.push(`Node ${process.versions.node}`);
  parts.push(await onDatabase("sqlite", async ({ store }) => `SQLite ${await version(store)}`));
  parts.push(await whatMysql().catch(() => "no MariaDB"));
  return parts.join(", ");
}

async function version(store: Store): Promise<string> {
  const row = await store.read.row<{ version: string }>("SELECT sqlite_version() AS version");
  return row?.version ?? "?";
}

async function whatMysql(): Promise<string> {
  const connection = await createConnection({ uri: mysqlServer(), connectTimeout: 2000 });
  const [rows] = await connection.query(
    "SELECT VERSION() AS version, @@innodb_buffer_pool_size AS pool, @@innodb_flush_log_at_trx_commit AS flushed",
  );
  await connection.end();
  const [{ version, pool, flushed }] = rows as [{ version: string; pool: number; flushed: number }];
  return `MariaDB ${version.split("-")[0]} (pool ${Math.round(pool / 2 ** 20)} MiB, log flushed ${flushed === 1 ? "at each commit" : "once a second"})`;
}

async function whyNoMysql(): Promise<string | undefined> {
  return whatMysql().then(
    () => undefined,
    (error: Error & { code?: string }) => `no server answers there (${error.code ?? error.message})`,
  );
}

// How the slices read and write: plain SQL or an entity manager, and one way to hold a transaction.
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import type { DataSource, EntityManager, QueryRunner } from "typeorm";
import type { Checkpointer } from "./checkpoints.js";
import { type Dialect, type DialectName, dialectOf } from "./dialect.js";

/** A value a statement takes. */
export type Param = string | number | bigint | boolean | null | Buffer;

/** Statements on one connection or pool, the same words for both databases. */
export interface Sql {
  readonly dialect: Dialect;
  /** TypeORM's manager on this connection. Inside `write`, use insert/update/upsert/delete, never save. */
  readonly manager: EntityManager;
  /** On a store apart: tables with more rows of a real one, by its name. Who reads the one must read the other too. */
  readonly beside?: Readonly<Record<string, string>>;
  /** On a store apart of MySQL: one more connection, which sees the real tables alone; what is asked of it is asked at once. */
  readonly aside?: Sql;
  /** Every row of a SELECT. */
  rows<T>(sql: string, params?: readonly Param[]): Promise<T[]>;
  /** The first row of a SELECT, if any. */
  row<T>(sql: string, params?: readonly Param[]): Promise<T | undefined>;
  /** Runs a statement that changes something; says how many rows it changed and the new auto id, if any. */
  run(sql: string, params?: readonly Param[]): Promise<{ affected: number; insertedId: number }>;
}

/** The database as the slices see it. */
export interface Store {
  readonly dialect: Dialect;
  /** Committed data only; never write through it. */
  readonly read: Sql;
  /** One transaction. `work` awaits nothing but the database: on SQLite every other writer waits for it. */
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** A store over one more connection, on which some tables are temporary and its own (infra/store-apart.ts). */
  apart: OpenApart;
  close(): Promise<void>;
}

/** Copies rows into temporary tables: `named` gives their names until all are filled. */
export type Fill = (sql: Sql, named: (table: string) => string) => Promise<void>;

/** A store some of whose tables are temporary; all others can only be read. */
export interface StoreApart extends Store {
  /** Forgets all rows of a temporary table at once; outside of transactions. */
  empty(table: string): Promise<void>;
}

/** The temporary tables of a store apart, each with the columns and keys of a real one. */
export interface TablesApart {
  /** they stand before the real ones of the same name */
  shadows: readonly string[];
  /** they hold more rows of real ones, which stay in sight: new names by the real ones' */
  beside: Readonly<Record<string, string>>;
  /** new and empty, like real ones: the real ones by the new names */
  scratch: Readonly<Record<string, string>>;
  /** what would be written to these real tables is left out */
  muted: readonly string[];
}

export type OpenApart = (tables: TablesApart, fill: Fill) => Promise<StoreApart>;

/** A deadlock or lost lock: the database undid the whole transaction, so it may simply be done again. */
const AGAIN = new Set(["ER_LOCK_DEADLOCK", "ER_CHECKREAD", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"]);
const TRIES = 10;

/** A store over one SQLite file: one connection that writes, one transaction at a time, one that only reads. */
export function sqliteStore(
  writer: DataSource,
  reader: DataSource,
  apart: OpenApart,
  checkpoints?: Checkpointer,
): Store {
  const queue = new PQueue({ concurrency: 1 });
  const dialect = dialectOf("sqlite");
  const runner = writer.createQueryRunner();
  const inside = sqlOn(runner, writer.manager, "sqlite");
  const readRunner = reader.createQueryRunner();
  return {
    dialect,
    apart,
    read: sqlOn(readRunner, reader.manager, "sqlite"),
    write: (work) =>
      queue.add(async () => {
        await checkpoints?.room();
        const result = await repeated(() => immediately(runner, () => work(inside)));
        checkpoints?.afterCommit();
        return result;
      }) as ReturnType<typeof work>,
    close: async () => {
      await queue.onIdle();
      await checkpoints?.stop();
      await reader.destroy();
      await writer.destroy();
    },
  };
}

/** A store over a MySQL pool: each transaction on its own connection, READ COMMITTED. */
export function mysqlStore(pool: DataSource, apart: OpenApart): Store {
  const dialect = dialectOf("mysql");
  return {
    dialect,
    apart,
    read: poolSql(pool),
    write: (work) => repeated(() => readCommitted(pool, work)),
    close: () => pool.destroy(),
  };
}

async function immediately<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await begin(runner);
  try {
    const result = await work();
    await runner.query("COMMIT");
    return result;
  } catch (error) {
    await runner.query("ROLLBACK");
    throw error;
  }
}

/** How often another process's transaction is waited for: over all tries about ten seconds. */
const WAITS = 1_000;

/** Waits its turn without holding up this process: SQLite itself would sleep, and everything here with it. */
async function begin(runner: QueryRunner): Promise<void> {
  for (let left = WAITS; ; left--) {
    try {
      await runner.query("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (left === 0 || codeOf(error) !== "SQLITE_BUSY") throw error;
      await sleep(2);
    }
  }
}

async function readCommitted<T>(pool: DataSource, work: (sql: Sql) => Promise<T>): Promise<T> {
  const runner = pool.createQueryRunner();
  try {
    await runner.startTransaction("READ COMMITTED");
    const result = await work(sqlOn(runner, runner.manager, "mysql"));
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

async function repeated<T>(once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (attempt >= TRIES || !AGAIN.has(codeOf(error))) throw error;
    }
  }
}

/** The database's own code of an error TypeORM wrapped, or "". */
function codeOf(error: unknown): string {
  const holder = error as { code?: unknown; driverError?: { code?: unknown } };
  const code = holder?.driverError?.code ?? holder?.code;
  return typeof code === "string" ? code : "";
}

/** Statements on one connection. */
export function sqlOn(runner: QueryRunner, manager: EntityManager, name: DialectName): Sql {
  const rows = async <T>(sql: string, params: readonly Param[] = []) =>
    (await runner.query(sql, [...params])) as T[];
  return {
    dialect: dialectOf(name),
    manager,
    rows,
    row: async <T>(sql: string, params: readonly Param[] = []) => (await rows<T>(sql, params))[0],
    run: async (sql, params = []) => {
      const result = await runner.query(sql, [...params], true);
      const insertedId = name === "sqlite" ? result.raw : (result.raw as { insertId?: number })?.insertId;
      return { affected: result.affected ?? 0, insertedId: Number(insertedId ?? 0) };
    },
  };
}

function poolSql(pool: DataSource): Sql {
  const withRunner = async <T>(use: (sql: Sql) => Promise<T>): Promise<T> => {
    const runner = pool.createQueryRunner();
    try {
      return await use(sqlOn(runner, pool.manager, "mysql"));
    } finally {
      await runner.release();
    }
  };
  return {
    dialect: dialectOf("mysql"),
    manager: pool.manager,
    rows: (sql, params) => withRunner((on) => on.rows(sql, params)),
    row: (sql, params) => withRunner((on) => on.row(sql, params)),
    run: (sql, params) => withRunner((on) => on.run(sql, params)),
  };
}

// A store apart: one more connection, on which some tables are temporary and its own while all others can only be read.
import PQueue from "p-queue";
import type { DataSource } from "typeorm";
import type { DialectName } from "./dialect.js";
import { type Fill, type Sql, type StoreApart, sqlOn, type TablesApart } from "./store.js";

/** Writes that share a transaction: some tenths of a second. */
const WRITES = 20;

/** The name of a temporary table until all of them are filled: the plain name still means the real one. */
const provisional = (table: string) => `apart_${table}`;

/**
 * Makes tables temporary on this source's one connection: the columns and keys of the real ones, empty but for what
 * `fill` copies. From then on a statement that would write any other table fails: SQLite's connection must be a read-only one,
 * MySQL's is told so here. Nobody else sees or waits for what is written, and closing forgets it. Temporary tables of
 * MySQL (not MariaDB) may be named once in a statement.
 */
export async function storeApart(
  source: DataSource,
  name: DialectName,
  { shadows, beside, scratch, muted }: TablesApart,
  fill: Fill,
): Promise<StoreApart> {
  const runner = source.createQueryRunner();
  // SQLite answers one statement at a time, whoever asks
  const second = name === "mysql" ? source.createQueryRunner() : undefined;
  const plain = sqlOn(runner, runner.manager, name);
  // rows of one's own need no lock, and those of others must not be held
  const dialect = { ...plain.dialect, forUpdate: "" };
  const own = [...shadows, ...Object.values(beside), ...Object.keys(scratch)];
  const isMuted = writesTo(muted);
  const run: Sql["run"] = async (text, params) =>
    isMuted(text) ? { affected: 0, insertedId: 0 } : plain.run(text, params);
  const aside = second && sqlOn(second, second.manager, name);
  const sql: Sql = { ...plain, run, beside, dialect, ...(aside && { aside }) };
  const close = async () => {
    await runner.release();
    await second?.release();
    await source.destroy();
  };
  try {
    await aside?.run("SET SESSION TRANSACTION READ ONLY, ISOLATION LEVEL READ COMMITTED");
    if (name === "mysql") await sql.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await made(sql, { shadows, beside, scratch }, fill);
    await seal(sql);
  } catch (error) {
    await close();
    throw error;
  }
  const { write, alone } = writing(sql);
  return {
    ...{ dialect, read: sql, write },
    empty: async (table) => {
      if (!own.includes(table)) throw new Error(`${table} is not a table apart`);
      await alone(() => emptied(sql, table));
    },
    apart: () => Promise.reject(new Error("a store apart has no store apart")),
    close: async () => {
      await alone(close);
    },
  };
}

/** Makes the tables and fills them; only then do shadows stand before the real ones. */
async function made(sql: Sql, { shadows, beside, scratch }: Omit<TablesApart, "muted">, fill: Fill) {
  const makeLike = sql.dialect.name === "mysql" ? likeOnMysql : likeOnSqlite;
  for (const table of shadows) await makeLike(sql, table, provisional(table));
  for (const [table, other] of Object.entries(beside)) await makeLike(sql, table, other);
  for (const [other, table] of Object.entries(scratch)) await makeLike(sql, table, other);
  await filled(sql, fill);
  for (const table of shadows) await sql.run(`ALTER TABLE ${provisional(table)} RENAME TO ${table}`);
}

/** Fills the tables: on SQLite a transaction sees one moment of everything; on MySQL each statement sees its own. */
async function filled(sql: Sql, fill: Fill): Promise<void> {
  const isOne = sql.dialect.name === "sqlite";
  if (isOne) await sql.run("BEGIN");
  await fill(sql, provisional);
  if (isOne) await sql.run("COMMIT");
}

/** Whether a statement writes to one of these tables. */
function writesTo(tables: readonly string[]): (text: string) => boolean {
  if (tables.length === 0) return () => false;
  const verbs = "(INSERT( OR)?( IGNORE)? INTO|UPDATE|DELETE FROM)";
  const pattern = new RegExp(`^\\s*${verbs}\\s+(${tables.join("|")})\\b`);
  return (text) => pattern.test(text);
}

/** Writes one after the other, many to a transaction: what is written here nobody else waits for, and a commit costs.
 *  What fails is not undone; it ends the work that the tables were made for. */
function writing(sql: Sql) {
  const queue = new PQueue({ concurrency: 1 });
  let open = 0;
  const commit = async () => {
    if (open > 0) await sql.run("COMMIT");
    open = 0;
  };
  return {
    write: <T>(work: (sql: Sql) => Promise<T>) =>
      queue.add(async () => {
        // not IMMEDIATE: that would make writers of the real tables wait
        if (open === 0) await sql.run(sql.dialect.name === "mysql" ? "START TRANSACTION" : "BEGIN");
        open++;
        const result = await work(sql);
        // a transaction sees the real tables as they were when it began, and keeps SQLite's log from ending
        if (open >= WRITES) await commit();
        return result;
      }) as Promise<T>,
    /** Does something outside of transactions. */
    alone: (work: () => Promise<void>) =>
      queue.add(async () => {
        await commit();
        await work();
      }),
  };
}

async function seal(sql: Sql): Promise<void> {
  if (sql.dialect.name === "mysql") await sql.run("SET SESSION TRANSACTION READ ONLY");
}

/** MySQL deletes row by row; only a DDL statement forgets all at once. */
async function emptied(sql: Sql, table: string): Promise<void> {
  if (sql.dialect.name === "sqlite") {
    await sql.run(`DELETE FROM temp.${table}`);
    return;
  }
  await sql.run("SET SESSION TRANSACTION READ WRITE");
  await sql.run(`TRUNCATE TABLE ${table}`);
  await seal(sql);
}

async function likeOnMysql(sql: Sql, table: string, made: string): Promise<void> {
  await sql.run(`CREATE TEMPORARY TABLE ${made} LIKE ${table}`);
}

async function likeOnSqlite(sql: Sql, table: string, made: string): Promise<void> {
  const written = await sql.rows<{ sql: string }>(
    "SELECT sql FROM main.sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC",
    [table],
  );
  if (written.length === 0) throw new Error(`no table ${table}`);
  const named = `"?${table}"?`;
  // statements may ask for a shadow's index by its name
  const nameOf = (index: string) => (made === provisional(table) ? index : `${made}_${index}`);
  for (const { sql: text } of written)
    await sql.run(
      text
        .replace(new RegExp(`^CREATE TABLE ${named}`), `CREATE TEMP TABLE ${made}`)
        .replace(
          new RegExp(`^CREATE (UNIQUE )?INDEX "?(\\w+)"? ON ${named}`),
          (_all, unique = "", index) => `CREATE ${unique}INDEX temp.${nameOf(index)} ON ${made}`,
        ),
    );
}

// Many rows at a time: IN lists and multi-row inserts, cut to few statement shapes so that SQLite's prepared ones are reused.
import { marks, rowMarks } from "./dialect.js";
import type { Param, Sql } from "./store.js";

/** IN lists are filled up to these lengths on SQLite; a repeated value changes nothing. */
const LIST_SIZES = [1, 8, 64, 512];

/** From 200 values on MySQL no longer looks into the index to choose its way, but at statistics that may be old. */
const MYSQL_LIST = 190;

/** Rows per INSERT on SQLite, the largest that fits first. */
const ROW_SIZES = [256, 32, 4, 1];

/** All rows of `head (?, …)tail` for a list of any length: `head` ends in "IN", `params` come before the list.
 *  `forced`: the head names its index by `dialect.force`, so long lists do no harm. */
export async function selectIn<T>(
  sql: Sql,
  head: string,
  list: readonly Param[],
  options: { params?: readonly Param[]; tail?: string; forced?: boolean } = {},
): Promise<T[]> {
  const found: T[] = [];
  const isSqlite = sql.dialect.name === "sqlite";
  const most = isSqlite || options.forced ? 512 : MYSQL_LIST;
  for (const values of chunked(list, most)) {
    const part = isSqlite ? filled(values) : values;
    const text = `${head} (${marks(part.length)})${options.tail ?? ""}`;
    const rows = await sql.rows<T>(text, [...(options.params ?? []), ...part]);
    // one by one: spreading thousands of arguments costs stack
    for (const row of rows) found.push(row);
  }
  return found;
}

function filled(part: readonly Param[]): Param[] {
  const size = LIST_SIZES.find((length) => length >= part.length) ?? part.length;
  const last = part.at(-1) ?? null;
  return [...part, ...Array.from({ length: size - part.length }, () => last)];
}

/** `head VALUES (…), (…)tail` for any number of rows; each row has a value per column. Gives how many rows the database
 *  says it changed: MySQL counts a row that an upsert found and changed as two. */
export async function insertRows(
  sql: Sql,
  head: string,
  rows: readonly (readonly Param[])[],
  tail = "",
): Promise<number> {
  const width = rows[0]?.length ?? 0;
  let changed = 0;
  for (let at = 0; at < rows.length; ) {
    const size = sizeOf(sql, rows.length - at, width);
    const params: Param[] = [];
    for (let row = at; row < at + size; row++) for (const value of rows[row] ?? []) params.push(value);
    const { affected } = await sql.run(`${head} VALUES ${rowMarks(size, width)}${tail}`, params);
    changed += affected;
    at += size;
  }
  return changed;
}

function sizeOf(sql: Sql, left: number, width: number): number {
  const most = Math.floor(sql.dialect.maxParams / width);
  if (sql.dialect.name !== "sqlite") return Math.min(left, most);
  return ROW_SIZES.find((size) => size <= left && size <= most) ?? 1;
}

/** A list in parts of at most `most`, in order. */
export function* chunked<T>(list: readonly T[], most: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += most) yield list.slice(at, at + most);
}

/** Rows by a key they share, each group in its old order. */
export function grouped<K, T>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

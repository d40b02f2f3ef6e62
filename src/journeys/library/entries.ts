// The library's entries as they are kept: read by folder and by what is looked for, written one at a time.
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";

/** Words kept to be used again. */
export interface LibraryEntry {
  id: number;
  folder: string;
  title: string;
  words: string;
  /** of the words, however they are spaced */
  digest: string;
  /** goes up with every change */
  revision: number;
  /** `account:3`, `system` */
  changedBy: string;
  /** epoch ms */
  changedAt: number;
}

/** What of the library is looked for. */
export interface LibraryQuery {
  /** left out: all */
  folder?: string | undefined;
  /** in title, words and folder; "" or left out: everything */
  text?: string | undefined;
  /** 1 for the first */
  page?: number;
  /** entries of a page */
  size: number;
}

const COLUMNS =
  "id, folder, title, words, digest, revision, changed_by AS changedBy, changed_at AS changedAt";

/** A page of entries by folder, in the order they came, and how many there are in all. */
export async function findEntries(
  sql: Sql,
  { page = 1, size, ...query }: LibraryQuery,
): Promise<{ entries: LibraryEntry[]; total: number }> {
  const { where, params } = conditionOf(query);
  const total = await sql.row<{ n: number }>(`SELECT COUNT(*) AS n FROM words_entry WHERE ${where}`, params);
  const rows = await sql.rows<LibraryEntry>(
    `SELECT ${COLUMNS} FROM words_entry WHERE ${where} ORDER BY folder, id LIMIT ? OFFSET ?`,
    [...params, size, (page - 1) * size],
  );
  return { entries: rows.map(read), total: Number(total?.n ?? 0) };
}

function conditionOf({ folder, text = "" }: Omit<LibraryQuery, "size">): { where: string; params: Param[] } {
  // every word that was typed must be somewhere
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
  const somewhere =
    "(LOWER(title) LIKE ? ESCAPE '!' OR LOWER(words) LIKE ? ESCAPE '!' OR LOWER(folder) LIKE ? ESCAPE '!')";
  const like = (word: string) => `%${word.replace(/[!%_]/g, "!$&")}%`;
  return {
    where: ["1 = 1", ...(folder === undefined ? [] : ["folder = ?"]), ...words.map(() => somewhere)].join(
      " AND ",
    ),
    params: [
      ...(folder === undefined ? [] : [folder]),
      ...words.flatMap((word) => [like(word), like(word), like(word)]),
    ],
  };
}

/** One entry; undefined when there is none (any more). */
export async function entryById(sql: Sql, id: number, lock = false): Promise<LibraryEntry | undefined> {
  const row = await sql.row<LibraryEntry>(
    `SELECT ${COLUMNS} FROM words_entry WHERE id = ?${lock ? sql.dialect.forUpdate : ""}`,
    [id],
  );
  return row && read(row);
}

/** Every folder with how many entries it has. */
export async function foldersOf(sql: Sql): Promise<{ folder: string; entries: number }[]> {
  const rows = await sql.rows<{ folder: string; entries: number }>(
    "SELECT folder, COUNT(*) AS entries FROM words_entry GROUP BY folder ORDER BY folder",
  );
  return rows.map(({ folder, entries }) => ({ folder, entries: Number(entries) }));
}

/** Which of these digests the library has. */
export async function digestsKnown(sql: Sql, digests: readonly string[]): Promise<Set<string>> {
  if (digests.length === 0) return new Set();
  const rows = await sql.rows<{ digest: string }>("SELECT DISTINCT digest FROM words_entry");
  const wanted = new Set(digests);
  return new Set(rows.flatMap(({ digest }) => (wanted.has(digest) ? digest : [])));
}

/** Where entries were put into touchpoints. */
export async function usesOf(
  sql: Sql,
  ids: readonly number[],
): Promise<{ entryId: number; journeyKey: string; touchpointKey: string }[]> {
  if (ids.length === 0) return [];
  return sql.rows(
    `SELECT entry_id AS entryId, journey_key AS journeyKey, touchpoint_key AS touchpointKey
     FROM words_use WHERE entry_id IN (${marks(ids.length)})`,
    ids,
  );
}

/** Writes down that an entry was put into a touchpoint. */
export async function noteUse(
  sql: Sql,
  use: { entryId: number; journeyKey: string; touchpointKey: string; at: number },
): Promise<void> {
  await sql.run(
    `${sql.dialect.insertIgnore} INTO words_use (entry_id, journey_key, touchpoint_key, used_at) VALUES (?, ?, ?, ?)`,
    [use.entryId, use.journeyKey, use.touchpointKey, use.at],
  );
}

function read(row: LibraryEntry): LibraryEntry {
  return { ...row, changedAt: Number(row.changedAt), revision: Number(row.revision) };
}

// Writing the library down: each change with who made it, and none over another's.
import { recordChange } from "../../identity/audit.js";
import { insertRows } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import { Refusal } from "../../kernel/refusals.js";
import { type EntryText, MOST_NAME } from "./checked-text.js";
import { digestsKnown, entryById, type LibraryEntry, noteUse } from "./entries.js";
import type { WordsInUse } from "./in-use.js";
import { wordsDigest } from "./text.js";
import { usesOfEntry } from "./usage.js";

/** Somebody else changed the entry first: what it says now; undefined when it is gone. */
export class EntryConflict extends Refusal {
  constructor(readonly theirs: LibraryEntry | undefined) {
    super("conflict", theirs ? "这段话术刚被别人改过。" : "这段话术刚被别人删掉了。");
  }
}

/** Who does something, and when (epoch ms). */
export interface Stamp {
  by: string;
  at: number;
}

/** Live words that the library has not, each once. */
export async function missingOf(sql: Sql, found: readonly WordsInUse[]): Promise<WordsInUse[]> {
  const live = found.filter((one) => one.live !== undefined);
  const known = await digestsKnown(
    sql,
    live.map(({ digest }) => digest),
  );
  return live.filter(({ digest }) => !known.has(digest) && known.add(digest));
}

/** Takes them in, by the journeys' names; gives how many. */
export async function collect(sql: Sql, found: readonly WordsInUse[], { by, at }: Stamp): Promise<number> {
  const missing = await missingOf(sql, found);
  const rows = missing.map(({ journeyName, touchpointName, variant, words, digest }) => {
    const title = variant === null ? touchpointName : `${touchpointName} · ${variant}`;
    return [cut(journeyName), cut(title), words.trim(), digest, 1, by, at];
  });
  const columns = "folder, title, words, digest, revision, changed_by, changed_at";
  await insertRows(sql, `INSERT INTO words_entry (${columns})`, rows);
  if (rows.length > 0)
    await recordChange(sql, {
      at,
      by,
      action: "words.collect",
      subject: "words:*",
      after: { entries: rows.length },
    });
  return rows.length;
}

/** Gives the new entry's id. */
export async function addEntry(sql: Sql, text: EntryText, { by, at }: Stamp): Promise<number> {
  const { folder, title, words } = text;
  const { insertedId } = await sql.run(
    `INSERT INTO words_entry (folder, title, words, digest, revision, changed_by, changed_at)
     VALUES (?, ?, ?, ?, 1, ?, ?)`,
    [folder, title, words, wordsDigest(words), by, at],
  );
  await recordChange(sql, { at, by, action: "words.add", subject: `words:${insertedId}`, after: text });
  return insertedId;
}

/** An entry as somebody saw it. */
export interface Aimed {
  id: number;
  revision: number;
}

/** The entry as it was seen, its row locked. Raises EntryConflict. */
async function asSeen(sql: Sql, { id, revision }: Aimed): Promise<LibraryEntry> {
  const entry = await entryById(sql, id, true);
  if (entry?.revision !== revision) throw new EntryConflict(entry);
  return entry;
}

/** Raises EntryConflict. */
export async function changeEntry(
  sql: Sql,
  aimed: Aimed,
  text: EntryText,
  { by, at, found }: Stamp & { found: readonly WordsInUse[] },
): Promise<void> {
  const before = await asSeen(sql, aimed);
  const digest = wordsDigest(text.words);
  // touchpoints that go on saying the old words stay known as its own
  if (digest !== before.digest)
    for (const use of usesOfEntry(before, found, [])) await noteUse(sql, { ...use, entryId: before.id, at });
  await sql.run(
    `UPDATE words_entry SET folder = ?, title = ?, words = ?, digest = ?, revision = revision + 1,
       changed_by = ?, changed_at = ? WHERE id = ?`,
    [text.folder, text.title, text.words, digest, by, at, before.id],
  );
  const was = textOf(before);
  await recordChange(sql, {
    at,
    by,
    action: "words.change",
    subject: `words:${before.id}`,
    before: was,
    after: text,
  });
}

/** Raises EntryConflict. */
export async function removeEntry(sql: Sql, aimed: Aimed, { by, at }: Stamp): Promise<void> {
  const before = await asSeen(sql, aimed);
  await sql.run("DELETE FROM words_use WHERE entry_id = ?", [before.id]);
  await sql.run("DELETE FROM words_entry WHERE id = ?", [before.id]);
  const subject = `words:${before.id}`;
  await recordChange(sql, { at, by, action: "words.remove", subject, before: textOf(before) });
}

/** Gives how many entries a folder has; raises `not_found` for one that is none. */
export async function renameFolder(sql: Sql, from: string, to: string, { by, at }: Stamp): Promise<number> {
  const { affected } = await sql.run(
    "UPDATE words_entry SET folder = ?, revision = revision + 1, changed_by = ?, changed_at = ? WHERE folder = ?",
    [to, by, at, from],
  );
  if (affected === 0) throw new Refusal("not_found", `没有文件夹「${from}」。`);
  const subject = `words_folder:${from}`;
  const [before, after] = [{ folder: from }, { folder: to, entries: affected }];
  await recordChange(sql, { at, by, action: "words.rename", subject, before, after });
  return affected;
}

function textOf({ folder, title, words }: LibraryEntry): EntryText {
  return { folder, title, words };
}

function cut(name: string): string {
  return [...name].slice(0, MOST_NAME).join("");
}

// Notes told at most once a day to a person, however many processes try: whoever writes the row tells it.
import { ChannelError } from "../channels/port.js";
import { chunked } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

export type DailyKind = "nudge" | "summary" | "picture" | "week" | "week_picture" | "leftovers";
/** What came of a note; `again`: it was not told for certain, and may be tried again. */
export type NoteResult = "told" | "nothing" | "unreachable" | "again";

/** A kind of note on one day. */
export interface DailyNotes {
  store: Store;
  kind: DailyKind;
  day: ShopDay;
}

/** Of these people those who have had no such note today. */
export async function withoutNote(
  { store, kind, day }: DailyNotes,
  people: readonly number[],
): Promise<number[]> {
  const noted = await store.read.rows<{ person: number }>(
    "SELECT person FROM daily_note WHERE kind = ? AND on_day = ?",
    [kind, day],
  );
  const done = new Set(noted.map(({ person }) => Number(person)));
  return people.filter((person) => !done.has(person));
}

/** Takes the note of each of these people; gives those nobody had taken. It counts as told from here on: a crash loses
 *  a note rather than telling it twice. */
export function takeNotes(notes: DailyNotes, people: readonly number[], at: number): Promise<number[]> {
  return notes.store.write((sql) => takeNotesIn(sql, notes, people, at));
}

/** The same as part of a transaction that does all the note is about: it is taken with it or not at all. */
export async function takeNotesIn(
  sql: Sql,
  { kind, day }: Pick<DailyNotes, "kind" | "day">,
  people: readonly number[],
  at: number,
): Promise<number[]> {
  const taken: number[] = [];
  // in order, so that two processes never wait for each other
  for (const person of [...people].sort((a, b) => a - b)) {
    const { affected } = await sql.run(
      `${sql.dialect.insertIgnore} INTO daily_note (kind, on_day, person, at, state) VALUES (?, ?, ?, ?, 'taken')`,
      [kind, day, person, at],
    );
    if (affected > 0) taken.push(person);
  }
  return taken;
}

/** Writes down what came of taken notes. */
export async function settleNotes(
  { store, kind, day }: DailyNotes,
  results: ReadonlyMap<number, NoteResult>,
): Promise<void> {
  await store.write(async (sql) => {
    for (const result of ["told", "nothing", "unreachable", "again"] as const) {
      const people = [...results].flatMap(([person, one]) => (one === result ? [person] : []));
      for (const part of chunked(people, 500)) {
        const here = `kind = ? AND on_day = ? AND person IN (${marks(part.length)})`;
        if (result === "again") await sql.run(`DELETE FROM daily_note WHERE ${here}`, [kind, day, ...part]);
        else await sql.run(`UPDATE daily_note SET state = ? WHERE ${here}`, [result, kind, day, ...part]);
      }
    }
  });
}

/** Tells and says what came of it: what had no answer may have come, and is not told again. */
export async function tellNote(tell: () => Promise<boolean>): Promise<{ result: NoteResult; why?: string }> {
  try {
    return { result: (await tell()) ? "told" : "unreachable" };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const result = error.kind === "unknown" ? "told" : error.kind === "fix" ? "unreachable" : "again";
    return { result, why: error.message };
  }
}

/** Forgets what was told before a day. */
export async function forgetNotes(store: Store, before: ShopDay): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM daily_note WHERE on_day < ?", [before]));
}

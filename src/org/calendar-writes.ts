// Writing the brand's calendar; a named day that gets another date leaves a mark, so that the tasks counted from it follow.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { CalendarEntry } from "./calendar-rules.js";

/** Puts entries into the calendar; gives how many were new or other than before. `fill`: only what is not there, and
 *  what was taken out by hand stays out. */
export async function putEntries(
  sql: Sql,
  entries: readonly CalendarEntry[],
  way: "set" | "fill",
): Promise<number> {
  let changed = 0;
  for (const entry of entries)
    changed += entry.kind === "named" ? await putName(sql, entry, way) : await putDay(sql, entry, way);
  return changed;
}

/** Takes an entry out; false when it was not there. A named day keeps its row without a date. */
export async function removeEntry(
  sql: Sql,
  { on, kind, name, year }: Pick<CalendarEntry, "on" | "kind" | "name" | "year">,
): Promise<boolean> {
  if (kind !== "named") {
    const { affected } = await sql.run("DELETE FROM calendar_day WHERE on_day = ? AND kind = ?", [on, kind]);
    return affected > 0;
  }
  const { affected } = await sql.run(
    "UPDATE calendar_name SET on_day = NULL WHERE name = ? AND year = ? AND on_day IS NOT NULL",
    [name, year],
  );
  if (affected > 0) await leaveMark(sql, name, year);
  return affected > 0;
}

async function putName(sql: Sql, { on, name, year }: CalendarEntry, way: "set" | "fill"): Promise<number> {
  const before = await sql.row<{ on: string | null }>(
    `SELECT on_day AS \`on\` FROM calendar_name WHERE name = ? AND year = ?${sql.dialect.forUpdate}`,
    [name, year],
  );
  if (before && (way === "fill" || before.on === on)) return 0;
  await insertRows(
    sql,
    "INSERT INTO calendar_name (name, year, on_day)",
    [[name, year, on]],
    sql.dialect.onConflict(["name", "year"], ["on_day"]),
  );
  await leaveMark(sql, name, year);
  return 1;
}

async function putDay(sql: Sql, { on, kind, name }: CalendarEntry, way: "set" | "fill"): Promise<number> {
  // a day is off or worked, never both
  const [one, other] = kind === "quiet" ? ["quiet", "quiet"] : ["off", "work"];
  const before = await sql.rows<{ kind: string; name: string }>(
    "SELECT kind, name FROM calendar_day WHERE on_day = ? AND kind IN (?, ?)",
    [on, one, other],
  );
  if (before.some((row) => way === "fill" || (row.kind === kind && row.name === name))) return 0;
  for (const row of before)
    await sql.run("DELETE FROM calendar_day WHERE on_day = ? AND kind = ?", [on, row.kind]);
  await insertRows(sql, "INSERT INTO calendar_day (on_day, kind, name)", [[on, kind, name]]);
  return 1;
}

async function leaveMark(sql: Sql, name: string, year: number): Promise<void> {
  await sql.run("INSERT INTO calendar_mark (name, year) VALUES (?, ?)", [name, year]);
}

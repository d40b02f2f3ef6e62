// What is read of the brand's calendar.
import type { Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import {
  type CalendarEntry,
  type DayKind,
  type NamedDays,
  type Statutory,
  sayMissing,
  statutoryOf,
} from "./calendar-rules.js";

/** The dates of all named days of all years: some fifty rows a year. */
export async function loadNamedDays(sql: Sql): Promise<NamedDays> {
  const rows = await sql.rows<{ name: string; year: number; onDay: ShopDay }>(
    "SELECT name, year, on_day AS onDay FROM calendar_name WHERE on_day IS NOT NULL",
  );
  const days = new Map<string, Map<number, ShopDay>>();
  for (const { name, year, onDay } of rows) {
    const byYear = days.get(name) ?? new Map<number, ShopDay>();
    days.set(name, byYear.set(year, onDay));
  }
  return days;
}

/** The quiet days from one day to another, both included, in order. */
export async function quietDays(sql: Sql, from: ShopDay, to: ShopDay): Promise<ShopDay[]> {
  const rows = await sql.rows<{ onDay: ShopDay }>(
    "SELECT on_day AS onDay FROM calendar_day WHERE on_day BETWEEN ? AND ? AND kind = 'quiet' ORDER BY on_day",
    [from, to],
  );
  return rows.map(({ onDay }) => onDay);
}

/** Everything that stands in a year: by day, then kind and name. Named days stand in the year they count for. */
export async function entriesOf(sql: Sql, year: number): Promise<CalendarEntry[]> {
  const days = await sql.rows<{ on: ShopDay; kind: DayKind; name: string }>(
    "SELECT on_day AS `on`, kind, name FROM calendar_day WHERE on_day BETWEEN ? AND ?",
    [`${year}-01-01`, addDays(`${year + 1}-01-01`, -1)],
  );
  const named = await sql.rows<{ on: ShopDay; name: string }>(
    "SELECT on_day AS `on`, name FROM calendar_name WHERE year = ? AND on_day IS NOT NULL",
    [year],
  );
  const entries = [...days, ...named.map((one) => ({ ...one, kind: "named" as const }))];
  return entries.map((one) => ({ ...one, year })).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** How many statutory days off are known of each of these years, and what that amounts to. */
export async function statutoryYears(
  sql: Sql,
  years: readonly number[],
): Promise<Map<number, { daysOff: number; statutory: Statutory }>> {
  const found = new Map<number, { daysOff: number; statutory: Statutory }>();
  for (const year of years) {
    const row = await sql.row<{ n: number }>(
      "SELECT COUNT(*) AS n FROM calendar_day WHERE on_day BETWEEN ? AND ? AND kind = 'off'",
      [`${year}-01-01`, addDays(`${year + 1}-01-01`, -1)],
    );
    const daysOff = Number(row?.n ?? 0);
    found.set(year, { daysOff, statutory: statutoryOf(daysOff) });
  }
  return found;
}

/** What these years lack, in Chinese: statutory days. */
export async function missingIn(sql: Sql, years: readonly number[]): Promise<string[]> {
  const known = await statutoryYears(sql, years);
  return [...known].flatMap(([year, { statutory, daysOff }]) => sayMissing(year, statutory, daysOff) ?? []);
}

function keyOf({ on, kind, name }: CalendarEntry): string {
  return `${on} ${kind} ${name}`;
}

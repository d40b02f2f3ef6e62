// The brand's calendar: filled in from libraries, edited by HQ, and what it lacks said aloud.
import { type Doer, recordChange } from "../identity/audit.js";
import type { Sql, Store } from "../infra/store.js";
import { type ShopDay, yearOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { entriesOf, loadNamedDays, missingIn, statutoryYears } from "./calendar-queries.js";
import {
  type CalendarEntry,
  DAY_KIND_NAMES,
  type DayKind,
  type DayNames,
  type Statutory,
  workOn,
  yearsThatMatter,
} from "./calendar-rules.js";
import type { Seeds } from "./calendar-seeds.js";
import { putEntries, removeEntry } from "./calendar-writes.js";

/** A year of the calendar. */
export interface CalendarYearView {
  year: number;
  /** how much of its statutory days is known */
  statutory: Statutory;
  days: CalendarEntry[];
  /** what it lacks, in Chinese */
  warnings: string[];
}

/** What HQ says of a day; the year is the date's own where it is not said. */
export type SaidEntry = Omit<CalendarEntry, "year" | "name"> & {
  name?: string | undefined;
  year?: number | undefined;
};

/** Which entry: a day of a kind, or a named day of a year. */
export type EntryKey =
  | { kind: Exclude<DayKind, "named">; on: ShopDay }
  | { kind: "named"; name: string; year: number };

/** With a doer a change is written down as theirs. */
export interface CalendarService {
  year(year: number): Promise<CalendarYearView>;
  /** Puts entries in, over what stood there; all or, with a Refusal that names every fault, none. Gives how many changed. */
  set(entries: readonly SaidEntry[], doer?: Doer): Promise<number>;
  /** Takes an entry out. Raises `not_found`. */
  remove(key: EntryKey, doer?: Doer): Promise<void>;
  /** Fills a year with what is not there: named and quiet days of any year, statutory days as far as they are known.
   *  Gives how many days came in. */
  seed(year: number, doer?: Doer): Promise<number>;
  /** Fills, once, the year of a day with the one before and the one after it; asks again for statutory days that were
   *  not known then. */
  ensure(today: ShopDay): Promise<void>;
  /** What is missing on a day, in Chinese: statutory days of this year, and from 1 December on of the next. */
  warnings(today: ShopDay): Promise<string[]>;
  /** Whether people work on a day; `unknown` without data. */
  workOn(day: ShopDay): Promise<"off" | "work" | "unknown">;
  /** The names touchpoints may wait for, each with the one it is stored under. */
  names(): Promise<DayNames>;
}

/** What a day is called that nobody named. */
const UNNAMED: Record<Exclude<DayKind, "named">, string> = {
  off: "法定节假日",
  work: "调休上班",
  quiet: "静默日",
};

/** The calendar over one database. */
export function calendarService({ store, seeds }: { store: Store; seeds: Seeds }): CalendarService {
  const fill = (year: number, doer?: Doer) =>
    store.write(async (sql) => {
      await sql.run(`${sql.dialect.insertIgnore} INTO calendar_year (year) VALUES (?)`, [year]);
      const added = await putEntries(sql, [...seeds.proposed(year), ...seeds.statutory(year)], "fill");
      await recordYear(sql, doer, year, { action: "calendar.seed", after: { added } });
      return added;
    });
  return {
    seed: fill,
    ensure: (today) => ensureYears({ store, seeds, fill }, yearOf(today)),
    warnings: (today) => missingIn(store.read, yearsThatMatter(today)),
    year: async (year) => ({
      ...{ year, days: await entriesOf(store.read, year), warnings: await missingIn(store.read, [year]) },
      statutory: (await statutoryYears(store.read, [year])).get(year)?.statutory ?? "none",
    }),
    set: async (said, doer) => {
      const entries = checked(said, seeds.names);
      return store.write((sql) => putSaid(sql, entries, doer));
    },
    remove: async (key, doer) => {
      const entry = key.kind === "named" ? { ...key, on: "" } : { ...key, name: "", year: 0 };
      const name = seeds.names.get(entry.name) ?? entry.name;
      await store.write(async (sql) => {
        if (!(await removeEntry(sql, { ...entry, name })))
          throw new Refusal("not_found", "日历里没有这一天。");
        const year = entry.on ? yearOf(entry.on) : entry.year;
        await recordYear(sql, doer, year, { action: "calendar.remove", before: key });
      });
    },
    workOn: (day) => readWork(store, day),
    names: async () => {
      const own = [...(await loadNamedDays(store.read)).keys()];
      return new Map([...own.map((name) => [name, name] as const), ...seeds.names]);
    },
  };
}

/** Puts in what somebody said; what stood on those days before is written down with it. */
async function putSaid(sql: Sql, entries: readonly CalendarEntry[], doer?: Doer): Promise<number> {
  const years = [...new Set(entries.map(({ year }) => year))];
  const before = doer ? await standing(sql, years, entries) : [];
  const changed = await putEntries(sql, entries, "set");
  if (doer && changed > 0) {
    const after = await standing(sql, years, entries);
    const subject = `calendar:${years.join("-")}`.slice(0, 60);
    await recordChange(sql, {
      ...{ ...doer, action: "calendar.set", subject },
      ...{ before: { days: before }, after: { days: after } },
    });
  }
  return changed;
}

/** What stands on the days, and under the names, that entries speak of, in words. */
async function standing(
  sql: Sql,
  years: readonly number[],
  entries: readonly CalendarEntry[],
): Promise<string[]> {
  const there = (await Promise.all(years.map((year) => entriesOf(sql, year)))).flat();
  const meant = there.filter((one) =>
    entries.some((said) => said.on === one.on || (said.kind === "named" && said.name === one.name)),
  );
  return meant.map(({ on, kind, name }) => `${on} ${DAY_KIND_NAMES[kind]} ${name}`);
}

async function recordYear(
  sql: Sql,
  doer: Doer | undefined,
  year: number,
  change: { action: string; before?: object; after?: object },
): Promise<void> {
  if (doer) await recordChange(sql, { ...doer, ...change, subject: `calendar:${year}` });
}

interface Filling {
  store: Store;
  seeds: Seeds;
  fill(year: number): Promise<number>;
}

async function ensureYears({ store, seeds, fill }: Filling, now: number): Promise<void> {
  const years = [now - 1, now, now + 1];
  const filled = await store.read.rows<{ year: number }>("SELECT year FROM calendar_year");
  const known = new Set(filled.map(({ year }) => year));
  for (const year of years.filter((one) => !known.has(one))) await fill(year);
  for (const [year, { statutory }] of await statutoryYears(store.read, years)) {
    const days = statutory === "none" ? seeds.statutory(year) : [];
    if (days.length > 0) await store.write((sql) => putEntries(sql, days, "fill"));
  }
}

async function readWork(store: Store, day: ShopDay) {
  const row = await store.read.row<{ kind: "off" | "work" }>(
    "SELECT kind FROM calendar_day WHERE on_day = ? AND kind IN ('off', 'work')",
    [day],
  );
  const year = yearOf(day);
  return workOn(day, row?.kind, (await statutoryYears(store.read, [year])).get(year)?.statutory ?? "none");
}

/** A month and day, or a date, could not be told from a name. */
const NAME = /^(?!\d{2}-\d{2}$|\d{4}-\d{2}-\d{2}$)\S.{0,39}$/u;

/** Entries with their names and years filled in. Raises one Refusal with the 1-based place of each without a name. */
function checked(said: readonly SaidEntry[], names: DayNames): CalendarEntry[] {
  const entries = said.map(({ on, kind, name, year = yearOf(on) }): CalendarEntry => {
    if (kind !== "named") return { on, kind, year, name: name || UNNAMED[kind] };
    return { on, kind, year, name: names.get(name ?? "") ?? name ?? "" };
  });
  const faults = entries.flatMap(({ name }, at) =>
    NAME.test(name)
      ? []
      : [{ where: "calendar", line: at + 1, field: "name", value: name, expected: "a name that is no date" }],
  );
  if (faults.length > 0) throw new Refusal("invalid", "节日要有名称。", faults);
  const apart = entries.flatMap(({ on, kind, year }, at) => {
    const own = Number(on.slice(0, 4));
    if (kind !== "named" || Math.abs(year - own) <= 1) return [];
    const expected = `a year from ${own - 1} to ${own + 1}, next to its date`;
    return [{ where: "calendar", line: at + 1, field: "year", value: String(year), expected }];
  });
  if (apart.length > 0) throw new Refusal("invalid", "节日所属的年份离日期太远。", apart);
  return entries;
}

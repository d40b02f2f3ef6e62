// The brand's calendar as rules: what may stand in it, which day is a working day, what is missing. Pure.
import { addDays, type ShopDay, weekdayOf, yearOf } from "../kernel/calendar.js";

/** What a day is: a statutory day off, a working day made up for one, a day without any release, a day with a name that
 *  touchpoints may wait for. */
export const DAY_KINDS = ["off", "work", "quiet", "named"] as const;
export type DayKind = (typeof DAY_KINDS)[number];

export const DAY_KIND_NAMES: Record<DayKind, string> = {
  off: "放假",
  work: "调休上班",
  quiet: "静默",
  named: "节日",
};

/** One line of the calendar. */
export interface CalendarEntry {
  on: ShopDay;
  kind: DayKind;
  name: string;
  /** of a named day: the year it counts for, where that is not the date's own (the eve of the lunar year may lie before
   *  New Year's Day) */
  year: number;
}

/** The dates of named days: name → year → day. */
export type NamedDays = ReadonlyMap<string, ReadonlyMap<number, ShopDay>>;

/** All names a day is known by, each with the one it is stored under. */
export type DayNames = ReadonlyMap<string, string>;

/** The law gives eleven days off a year at the least; fewer are the beginning of a year, not a year. */
const LEAST_DAYS_OFF = 11;

/** How much of a year's statutory days is known. */
export type Statutory = "none" | "some" | "whole";

/** How much is known of a year with so many days off. */
export function statutoryOf(daysOff: number): Statutory {
  if (daysOff === 0) return "none";
  return daysOff < LEAST_DAYS_OFF ? "some" : "whole";
}

/** Whether people work on a day: by its own line, else by its weekday in a year whose statutory days are known whole.
 *  Of any other year nobody knows: "no data" is never a working day. */
export function workOn(
  day: ShopDay,
  own: "off" | "work" | undefined,
  statutory: Statutory,
): "off" | "work" | "unknown" {
  if (own) return own;
  if (statutory !== "whole") return "unknown";
  return weekdayOf(day) >= 6 ? "off" : "work";
}

/** From this month and day on, the next year's statutory days should be known: the State Council announces them between
 *  late October and early December, mostly in November. Before that nobody could enter them. */
const STATUTORY_FROM = "12-01";

/** From this month and day on, the next year's named days should have their dates: nobody has to announce them. */
const NAMED_FROM = "10-01";

/** The years whose statutory days matter on a day: this one, and from 1 December on the next. */
export function yearsThatMatter(today: ShopDay): number[] {
  return yearsFrom(STATUTORY_FROM, today);
}

/** The years whose named days matter on a day: this one, and from 1 October on the next. */
export function yearsOfNames(today: ShopDay): number[] {
  return yearsFrom(NAMED_FROM, today);
}

function yearsFrom(monthDay: string, today: ShopDay): number[] {
  const year = yearOf(today);
  return today.slice(5) >= monthDay ? [year, year + 1] : [year];
}

/** What a year lacks, as one Chinese sentence; undefined when it lacks nothing. */
export function sayMissing(year: number, statutory: Statutory, daysOff: number): string | undefined {
  if (statutory === "whole") return undefined;
  const what = statutory === "none" ? "没有法定节假日" : `只有 ${daysOff} 天法定节假日，还不完整`;
  return `${year} 年的日历${what}：公布后请在「设置 → 日历」里逐日设定，或用命令导入（guidepost calendar import）。`;
}

/** The nth Sunday of a month "05". */
export function sundayOf(year: number, month: string, nth: number): ShopDay {
  const first = `${year}-${month}-01`;
  return addDays(first, ((7 - weekdayOf(first)) % 7) + 7 * (nth - 1));
}

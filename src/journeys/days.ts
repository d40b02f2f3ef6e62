// Touchpoints that wait for a calendar day: when that day is in a year, and on which day each customer's turn comes. Pure.

import { BUCKETS } from "../customers/buckets.js";
import { addDays, daysBetween, type ShopDay, yearOf } from "../kernel/calendar.js";
import type { NamedDays } from "../org/calendar-rules.js";
import type { DayRef, DayTrigger, Trigger } from "./spec.js";

/** A year's occurrence of a calendar day, as far as it falls due on one day. */
export interface Occasion {
  /** the occurrence's number */
  year: number;
  /** the calendar day itself, before any offset */
  on: ShopDay;
  /** whose turn it is, both ends included */
  buckets: { from: number; to: number };
}

/** Whether a touchpoint waits for a calendar day. */
export function isDayTrigger(trigger: Trigger): trigger is DayTrigger {
  return trigger.anchor === "day";
}

/** The calendar day of a year; undefined when that year has none. 29 February is the 28th in common years. */
export function calendarDayIn(day: DayRef, year: number, named: NamedDays): ShopDay | undefined {
  if ("name" in day) return named.get(day.name)?.get(year);
  if ("dates" in day) return day.dates.find((date) => yearOf(date) === year);
  if (day.monthDay !== "02-29") return `${year}-${day.monthDay}`;
  return addDays(`${year}-03-01`, -1);
}

/**
 * What falls due on a day. Customers are spread evenly by their buckets over `spreadDays` days that begin at the offset
 * day: those of bucket b have their turn on day ⌊b · spreadDays / 10,000⌋ of them, the same every year. Whoever becomes a
 * customer while the days run has their turn if it is still to come, and else not this year.
 */
export function occasionsOn(trigger: DayTrigger, dueOn: ShopDay, named: NamedDays): Occasion[] {
  const year = yearOf(dueOn);
  return [year - 1, year, year + 1].flatMap((one): Occasion[] => {
    const on = calendarDayIn(trigger.day, one, named);
    if (on === undefined) return [];
    const turn = daysBetween(addDays(on, daysOf(trigger)), dueOn);
    if (turn < 0 || turn >= trigger.spreadDays) return [];
    return [{ year: one, on, buckets: { from: firstOf(turn, trigger), to: firstOf(turn + 1, trigger) - 1 } }];
  });
}

/** The day on which a customer's turn comes, for a calendar day that is on `on`. */
export function turnOf(trigger: DayTrigger, on: ShopDay, bucket: number): ShopDay {
  return addDays(on, daysOf(trigger) + Math.floor((bucket * trigger.spreadDays) / BUCKETS));
}

/** Whether the touchpoint needs the calendar's dates: by a name. */
export function namesDay(trigger: Trigger): boolean {
  return isDayTrigger(trigger) && "name" in trigger.day;
}

/** The first bucket whose turn comes on a day of the spread, 0 for the first. */
function firstOf(turn: number, { spreadDays }: DayTrigger): number {
  return Math.ceil((turn * BUCKETS) / spreadDays);
}

/** How many days, or weeks in days, a trigger stands off. */
export function daysOf({ offset }: Trigger): number {
  return offset.unit === "weeks" ? offset.n * 7 : offset.n;
}

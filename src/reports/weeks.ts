// A span of days as whole weeks and the days left over.
import { addDays, daysBetween, daysFromTo, type ShopDay, weekdayOf } from "../kernel/calendar.js";

/** Days, both included. */
export interface Span {
  from: ShopDay;
  to: ShopDay;
}

/** The Monday on or before a day. */
export function mondayOf(day: ShopDay): ShopDay {
  return addDays(day, 1 - weekdayOf(day));
}

/** The Mondays of the whole weeks in a span, first and last, if it has any, and its other days. */
export function weeksAndDays({ from, to }: Span): { weeks?: Span; days: ShopDay[] } {
  const first = mondayOf(addDays(from, 6));
  const end = mondayOf(addDays(to, 1));
  if (first >= end) return { days: daysFromTo(from, to) };
  return {
    weeks: { from: first, to: addDays(end, -7) },
    days: [...daysFromTo(from, addDays(first, -1)), ...daysFromTo(end, to)],
  };
}

/** The span of the same length right before. */
export function spanBefore(span: Span): Span {
  return { from: addDays(span.from, -lengthOf(span)), to: addDays(span.from, -1) };
}

/** How many days a span has. */
export function lengthOf({ from, to }: Span): number {
  return daysBetween(from, to) + 1;
}

// When touchpoints fall due: which anchor dates give a day, which days an anchor date gives, and under what number.
import { addDays, addMonths, firstOfMonth, type ShopDay, yearOf } from "../kernel/calendar.js";
import { daysOf, isDayTrigger, turnOf } from "./days.js";
import type { Trigger } from "./spec.js";

/** Anchor dates, both ends included. */
export interface AnchorRange {
  from: ShopDay;
  to: ShopDay;
}

/** Nobody is followed up past this anniversary; it bounds how far back a yearly trigger reads. */
export const LAST_ANNIVERSARY = 120;

/**
 * The anchor dates that make a touchpoint due on a day, as disjoint ranges from early to late. One day for days and
 * weeks. For months none to several: 30 April is a month after 30 and 31 March, no date is a month before 31 March.
 * For yearly triggers one such answer per anniversary, the 1st to LAST_ANNIVERSARY. A calendar day has no anchors.
 */
export function anchorRanges(trigger: Trigger, day: ShopDay): AnchorRange[] {
  if (isDayTrigger(trigger)) return [];
  const { unit, n } = trigger.offset;
  if (trigger.repeat === "yearly") {
    const anniversary = addDays(day, -daysOf(trigger));
    return yearsBetween(1, LAST_ANNIVERSARY)
      .reverse()
      .flatMap((years) => monthsBefore(anniversary, 12 * years));
  }
  if (unit === "months") return monthsBefore(day, n);
  const anchorOn = addDays(day, -daysOf(trigger));
  return [{ from: anchorOn, to: anchorOn }];
}

/** The days from `from` to `to`, both included, on which an anchor date makes a touchpoint due, in order. */
export function dueDays(trigger: Trigger, anchorOn: ShopDay, from: ShopDay, to: ShopDay): ShopDay[] {
  const within = (day: ShopDay) => day >= from && day <= to;
  const { unit, n } = trigger.offset;
  if (trigger.repeat !== "yearly")
    return [unit === "months" ? addMonths(anchorOn, n) : addDays(anchorOn, daysOf(trigger))].filter(within);
  const days = daysOf(trigger);
  const first = Math.max(1, yearOf(addDays(from, -days)) - yearOf(anchorOn));
  const last = Math.min(LAST_ANNIVERSARY, yearOf(addDays(to, -days)) - yearOf(anchorOn));
  return yearsBetween(first, last)
    .map((years) => addDays(addMonths(anchorOn, 12 * years), days))
    .filter(within);
}

/** The day on which an anchor date makes one occurrence due; undefined when it gives this occurrence none. Of `each` the
 *  occurrence is the anchor's own cycle. Of a calendar day the anchor date is that day, and the customer's bucket counts. */
export function dueDayOf(
  trigger: Trigger,
  anchorOn: ShopDay,
  occurrence: number,
  bucket = 0,
): ShopDay | undefined {
  if (isDayTrigger(trigger)) return turnOf(trigger, anchorOn, bucket);
  const [from, to] =
    trigger.repeat === "yearly"
      ? [`${occurrence - 1}-01-01`, `${occurrence + 1}-12-31`]
      : ["0001-01-01", "9999-12-31"];
  return dueDays(trigger, anchorOn, from, to).find(
    (day) => (occurrenceOn(trigger, day) ?? occurrence) === occurrence,
  );
}

/**
 * The number that tells one due date of a touchpoint from the next for the same customer and child: 0 for `once`, the
 * anniversary's year for `yearly`. null for `each`: there it is the cycle's date as yyyymmdd, and every row has its own.
 */
export function occurrenceOn(trigger: Trigger, due: ShopDay): number | null {
  if (trigger.repeat === "once") return 0;
  return trigger.repeat === "yearly" ? yearOf(addDays(due, -daysOf(trigger))) : null;
}

/** A shop day as the number 20260131. */
export function yyyymmdd(day: ShopDay): number {
  return Number(day.replaceAll("-", ""));
}

/** The dates from which n months lead to a day: that day of the earlier month if it has one; on a month's last day
 *  also all later days of the earlier month, which clamp to it. */
function monthsBefore(day: ShopDay, n: number): AnchorRange[] {
  const from = addMonths(day, -n);
  if (dayOfMonth(from) !== dayOfMonth(day)) return [];
  return [{ from, to: isMonthEnd(day) ? monthEnd(from) : from }];
}

function yearsBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function dayOfMonth(day: ShopDay): string {
  return day.slice(8);
}

function isMonthEnd(day: ShopDay): boolean {
  return dayOfMonth(day) >= "28" && addDays(day, 1).endsWith("-01");
}

function monthEnd(day: ShopDay): ShopDay {
  return addDays(addMonths(firstOfMonth(day), 1), -1);
}

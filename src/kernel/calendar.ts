// Shop days: calendar dates in the brand's zone, kept as "YYYY-MM-DD" and never as instants.
import { Temporal } from "temporal-polyfill";

/** A calendar date "YYYY-MM-DD". Compares and sorts as text. */
export type ShopDay = string;

/** The shop day on which an instant (epoch ms) falls in a zone such as Asia/Shanghai. */
export function shopDayOf(ms: number, zone: string): ShopDay {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Epoch ms of a wall-clock time "HH:MM" on a shop day in a zone. */
export function instantOf(day: ShopDay, time: string, zone: string): number {
  return Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).epochMilliseconds;
}

/** "HH:MM" of an instant in a zone. */
export function wallTimeOf(ms: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainTime()
    .toString({ smallestUnit: "minute" });
}

/** The shop day n days later (earlier when n is negative). */
export function addDays(day: ShopDay, n: number): ShopDay {
  return dayOf(dayNumber(day) + n);
}

/** The shop day n months later, clamped to the month's last day (31 Jan + 1 = 28 or 29 Feb). */
export function addMonths(day: ShopDay, n: number): ShopDay {
  return Temporal.PlainDate.from(day).add({ months: n }, { overflow: "constrain" }).toString();
}

/** The year a shop day lies in. */
export function yearOf(day: ShopDay): number {
  return Number(day.slice(0, 4));
}

/** The first day of a shop day's month. */
export function firstOfMonth(day: ShopDay): ShopDay {
  return `${day.slice(0, 8)}01`;
}

/** Whole days from one shop day to another. */
export function daysBetween(from: ShopDay, to: ShopDay): number {
  return dayNumber(to) - dayNumber(from);
}

const start = Temporal.PlainDate.from("1970-01-01");
// the same few thousand days are asked for again and again, and each costs some 15 µs
const numbers = new Map<ShopDay, number>();
const days = new Map<number, ShopDay>();
const MOST_KEPT = 50_000;

/** Whole days since 1970-01-01. */
export function dayNumber(day: ShopDay): number {
  const known = numbers.get(day);
  if (known !== undefined) return known;
  const number = start.until(Temporal.PlainDate.from(day), { largestUnit: "day" }).days;
  if (numbers.size >= MOST_KEPT) numbers.clear();
  numbers.set(day, number);
  return number;
}

/** The shop day of such a number. */
export function dayOf(number: number): ShopDay {
  const known = days.get(number);
  if (known !== undefined) return known;
  const day = start.add({ days: number }).toString();
  if (days.size >= MOST_KEPT) days.clear();
  days.set(number, day);
  return day;
}

/** Every shop day from one to another, both included. */
export function daysFromTo(from: ShopDay, to: ShopDay): ShopDay[] {
  const days: ShopDay[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Whether text is a real date written YYYY-MM-DD. */
export function isShopDay(text: string): text is ShopDay {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}

/** 1 for Monday … 7 for Sunday. */
export function weekdayOf(day: ShopDay): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

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
  const asked = `${day} ${n}`;
  const known = daysLater.get(asked);
  if (known !== undefined) return known;
  const later = Temporal.PlainDate.from(day).add({ days: n }).toString();
  if (daysLater.size >= 10_000) daysLater.clear();
  daysLater.set(asked, later);
  return later;
}

/** What addDays answered: the same few days are asked for by every guide's list, and each costs some 15 µs. */
const daysLater = new Map<string, ShopDay>();

/** The shop day n months later, clamped to the month's last day (31 Jan + 1 = 28 or 29 Feb). */
export function addMonths(day: ShopDay, n: number): ShopDay {
  return Temporal.PlainDate.from(day).add({ months: n }, { overflow: "constrain" }).toString();
}

/** Whole days from one shop day to another. */
export function daysBetween(from: ShopDay, to: ShopDay): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "day" }).days;
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

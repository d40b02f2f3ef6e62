// Shop days as numbers, for arithmetic over millions of them. Pure.
import { addDays, daysBetween, type ShopDay } from "../kernel/calendar.js";

const START: ShopDay = "1970-01-01";

/** Days since 1970-01-01. */
export function dayNumber(day: ShopDay): number {
  return daysBetween(START, day);
}

/** The shop day of a number. */
export function dayOf(number: number): ShopDay {
  return addDays(START, number);
}

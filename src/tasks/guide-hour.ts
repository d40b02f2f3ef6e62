// When each guide gets the day's list: the configured hour and a spread that is the guide's own for ever.
import { instantOf, type ShopDay } from "../kernel/calendar.js";

/** Epoch ms of a guide's list on a day: `hour` ("HH:MM") and up to `jitterMinutes` later, to the second. */
export function guideHour(
  guideId: number,
  day: ShopDay,
  { hour, jitterMinutes, zone }: { hour: string; jitterMinutes: number; zone: string },
): number {
  return instantOf(day, hour, zone) + Math.floor(spread(guideId) * jitterMinutes * 60) * 1000;
}

/** A number in [0, 1) that is a guide's own (Knuth's multiplicative hash, then mixed). */
function spread(guideId: number): number {
  let mixed = Math.imul(guideId, 2654435761) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0;
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296;
}

// Quiet: the hours of the night and whole days on which nobody is written to. Half-open, and the hours may cross midnight. Pure.
import { addDays, instantOf, type ShopDay, shopDayOf, wallTimeOf } from "../kernel/calendar.js";
import { monthAndDay } from "./said-days.js";

/** Quiet hours, "HH:MM" of the brand's clock; equal ends: none. */
export interface QuietHours {
  from: string;
  to: string;
}

/** No run of quiet days is longer. */
export const MOST_QUIET_DAYS = 60;

/** Whether a time of day is quiet: from `from` on, up to and without `to`. */
export function isQuietTime(time: string, { from, to }: QuietHours): boolean {
  if (from === to) return false;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** When quiet ends, as a person says it at an instant: 08:00, 明天08:00, 4月6日08:00. */
export function sayOpening(opens: number, at: number, zone: string): string {
  const [day, today] = [shopDayOf(opens, zone), shopDayOf(at, zone)];
  const word = day === today ? "" : day === addDays(today, 1) ? "明天" : monthAndDay(day);
  return `${word}${wallTimeOf(opens, zone)}`;
}

/** When quiet that holds at an instant ends (epoch ms): the next opening; null where it is not quiet. `days`: quiet from
 *  midnight to midnight. */
export function quietUntil(
  at: number,
  hours: QuietHours,
  days: ReadonlySet<ShopDay>,
  zone: string,
): number | null {
  let open = at;
  for (let steps = 0; steps < 3 * MOST_QUIET_DAYS; steps++) {
    const day = shopDayOf(open, zone);
    const time = wallTimeOf(open, zone);
    if (days.has(day)) open = instantOf(addDays(day, 1), "00:00", zone);
    else if (!isQuietTime(time, hours)) break;
    else open = instantOf(time < hours.to ? day : addDays(day, 1), hours.to, zone);
  }
  return open === at ? null : open;
}

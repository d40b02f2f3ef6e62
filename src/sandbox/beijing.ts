// Beijing's clock, by which WeCom counts its days: UTC+8, without summer time since 1991.

const day = 86_400_000;
const ahead = 8 * 3_600_000;

/** Whole days since 1970-01-01 in Beijing. */
export function dayNumber(ms: number): number {
  return Math.floor((ms + ahead) / day);
}

/** Epoch ms of 00:00 of a day. */
export function dayStart(number: number): number {
  return number * day - ahead;
}

/** Minutes since 00:00. */
export function minuteOfDay(ms: number): number {
  return Math.floor((ms - dayStart(dayNumber(ms))) / 60_000);
}

/** Whether a day is a Saturday or Sunday; day 0 was a Thursday. */
export function isWeekend(number: number): boolean {
  const weekday = (number + 4) % 7;
  return weekday === 0 || weekday === 6;
}

// When WeCom's figures of a day can be read, and when they are final. WeCom counts days by Beijing's clock. Pure.
import { addDays, instantOf, type ShopDay, shopDayOf } from "../../kernel/calendar.js";

/** WeCom's own zone, whatever the brand's. */
export const WECOM_ZONE = "Asia/Shanghai";
/** Before it, yesterday still stands there as nothing at all. */
const COUNTED_BY = "06:00";
/** So far back a first reading goes. */
export const DAYS_BACK = 30;

/** The latest day whose figures can be there. */
export function latestReadable(now: number): ShopDay {
  const today = shopDayOf(now, WECOM_ZONE);
  return addDays(today, now < instantOf(today, COUNTED_BY, WECOM_ZONE) ? -2 : -1);
}

/** Whether what was read at an instant (epoch ms) is final: the exact hour is nowhere told, so a day is read once more
 *  on the morning after the next. */
export function isFinal(day: ShopDay, readAt: number): boolean {
  return readAt >= instantOf(addDays(day, 2), COUNTED_BY, WECOM_ZONE);
}

/** The first day to be read (again), given when each was read; undefined: all is final. */
export function firstToRead(readAt: ReadonlyMap<ShopDay, number>, now: number): ShopDay | undefined {
  const latest = latestReadable(now);
  for (let day = addDays(latest, 1 - DAYS_BACK); day <= latest; day = addDays(day, 1)) {
    const at = readAt.get(day);
    if (at === undefined || (!isFinal(day, at) && now - at >= AGAIN_AFTER)) return day;
  }
  return undefined;
}

/** What is not final is not asked for more often, ms. */
const AGAIN_AFTER = 3 * 3_600_000;

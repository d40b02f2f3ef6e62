// Days as people write them in chat: 昨天, 3月2日, 2026.3.2, 20260302; and as they read them.
import { addDays, isShopDay, type ShopDay } from "../kernel/calendar.js";

const NEAR: Readonly<Record<string, number>> = {
  大前天: -3,
  前天: -2,
  昨天: -1,
  昨日: -1,
  今天: 0,
  今日: 0,
  当天: 0,
  明天: 1,
  后天: 2,
};

/** Words for a day inside a longer text, the longest form first. */
export const DAY_WORDS = new RegExp(
  `${Object.keys(NEAR).join("|")}|\\d{4}[-/.年]\\s?\\d{1,2}[-/.月]\\s?\\d{1,2}[日号]?|(?<!\\d)\\d{8}(?!\\d)` +
    "|\\d{2}[-/.年]\\d{1,2}[-/.月]\\d{1,2}[日号]?|\\d{1,2}月\\d{1,2}[日号]?|\\d{1,2}[-/.]\\d{1,2}",
);

/**
 * The day a text means, with digits already half-width; undefined when it means none, or more than one. A day
 * without a year is the last such day up to today when `yearless` is "past"; otherwise it is none: whoever writes
 * down a birthday must say the year.
 */
export function dayMeant(
  text: string,
  today: ShopDay,
  yearless: "past" | "never" = "never",
): ShopDay | undefined {
  const said = text.replace(/\s+/g, "");
  const near = NEAR[said];
  if (near !== undefined) return addDays(today, near);
  const whole =
    /^(\d{4}|\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(said) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(said);
  if (whole) return dayOf(Number(whole[1]), Number(whole[2]), Number(whole[3]));
  const short = /^(\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(said);
  if (!short || yearless === "never") return undefined;
  const year = Number(today.slice(0, 4));
  const [month, date] = [Number(short[1]), Number(short[2])];
  const thisYear = dayOf(year, month, date);
  return thisYear !== undefined && thisYear <= today ? thisYear : dayOf(year - 1, month, date);
}

function dayOf(year: number, month: number, date: number): ShopDay | undefined {
  const full = year < 100 ? 2000 + year : year;
  const day = `${full}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
  return isShopDay(day) ? day : undefined;
}

/** 2026-03-02 → 3月2日 */
export function monthAndDay(day: ShopDay): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

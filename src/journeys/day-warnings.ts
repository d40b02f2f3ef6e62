// Touchpoints that wait for a day of the calendar which a year does not have, or that is over: said when a journey is published.
import { BUCKETS } from "../customers/buckets.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { loadNamedDays } from "../org/calendar-queries.js";
import { yearsOfNames } from "../org/calendar-rules.js";
import { calendarDayIn, isDayTrigger, namesDay, turnOf } from "./days.js";
import type { DayTrigger, JourneySpec } from "./spec.js";

/** In Chinese, a line a touchpoint: dates that are over; the years without a date, of this year and, from 1 October on,
 *  the next. */
export async function dayWarnings(
  sql: Sql,
  { touchpoints }: Pick<JourneySpec, "touchpoints">,
  today: ShopDay,
): Promise<string[]> {
  if (!touchpoints.some(({ trigger }) => isDayTrigger(trigger))) return [];
  const named = touchpoints.some(({ trigger }) => namesDay(trigger)) ? await loadNamedDays(sql) : new Map();
  return touchpoints.flatMap(({ name, trigger }) => {
    if (!isDayTrigger(trigger)) return [];
    if (!("name" in trigger.day)) return goneBy(name, trigger, today);
    const { day } = trigger;
    const without = yearsOfNames(today).filter((year) => calendarDayIn(day, year, named) === undefined);
    if (without.length === 0) return [];
    const add = `guidepost calendar set 日期 --kind named --name ${day.name}`;
    return [
      `「${name}」等待的“${day.name}”在 ${without.join("、")} 年的日历里没有日期，那一年不会生成任务（${add}）`,
    ];
  });
}

/** Dates that were given once and for all, the last turn of which lies before today. */
function goneBy(name: string, trigger: DayTrigger, today: ShopDay): string[] {
  if (!("dates" in trigger.day)) return [];
  const turns = trigger.day.dates.map((date) => turnOf(trigger, date, BUCKETS - 1)).sort();
  const last = turns.at(-1);
  if (last === undefined || last >= today) return [];
  return [`「${name}」等待的日子最后一天是 ${last}，已经过去，从今天起不会生成任务`];
}

// Touchpoints that wait for a day of the calendar which a year does not have: said when a journey is published.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { loadNamedDays } from "../org/calendar-queries.js";
import { yearsThatMatter } from "../org/calendar-rules.js";
import { calendarDayIn, isDayTrigger, namesDay } from "./days.js";
import type { JourneySpec } from "./spec.js";

/** In Chinese, a line a touchpoint: the years without a date, of this year and, from 1 October on, the next. */
export async function dayWarnings(
  sql: Sql,
  { touchpoints }: Pick<JourneySpec, "touchpoints">,
  today: ShopDay,
): Promise<string[]> {
  if (!touchpoints.some(({ trigger }) => namesDay(trigger))) return [];
  const named = await loadNamedDays(sql);
  return touchpoints.flatMap(({ name, trigger }) => {
    if (!isDayTrigger(trigger) || !("name" in trigger.day)) return [];
    const { day } = trigger;
    const without = yearsThatMatter(today).filter((year) => calendarDayIn(day, year, named) === undefined);
    if (without.length === 0) return [];
    const add = `guidepost calendar set 日期 --kind named --name ${day.name}`;
    return [
      `「${name}」等待的“${day.name}”在 ${without.join("、")} 年的日历里没有日期，那一年不会生成任务（${add}）`,
    ];
  });
}

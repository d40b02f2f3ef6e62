// Today at a glance in words: five figures beside the same weekday last week, and what needs a decision.
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import type { Rate, ReportRow } from "../../reports/report.js";
import type { Span } from "../../reports/weeks.js";
import { count, longDay, percent, weekday } from "../format.js";
import { measureUrl } from "../reports/task-links.js";
import type { Decision } from "./decisions.js";

/** Days before today whose tasks may still be open. */
const OPEN_DAYS = 30;

/** The day's figures. */
export interface Glance {
  now: ReportRow;
  /** of the same weekday last week, the whole day */
  then: ReportRow;
  /** offered before today and still open */
  earlier: number;
  failed: number;
  failedThen: number;
}

interface At {
  now: number;
  zone: string;
  today: ShopDay;
}

/** Days of the small chart. */
const TREND_DAYS = 14;

/** Everything templates/pages/overview/overview.hbs names. */
export function overviewPage(glance: Glance, decisions: readonly Decision[], { today }: At): object {
  const query = new URLSearchParams({ from: addDays(today, 1 - TREND_DAYS), to: today });
  return {
    day: `${longDay(today)} ${weekday(today)}`,
    kpis: kpisOf(glance, today),
    isEmpty: glance.now.issued === 0,
    hasPast: glance.now.issued + glance.then.issued > 0,
    trend: `/report/trend.svg?${query}`,
    report: `/report?${query}`,
    decisions: decisions.map((one) => ({ ...one, count: count(one.count) })),
    allWell: decisions.length === 0,
  };
}

/** The days before today that what is still open was issued on. */
export function earlierDays(today: ShopDay): Span {
  return { from: addDays(today, -OPEN_DAYS), to: addDays(today, -1) };
}

interface Kpi {
  name: string;
  value: string;
  note: string;
  /** of the same weekday last week; a day under way is not compared with a whole one */
  was: string;
  href: string;
  isBad: boolean;
}

function kpisOf({ now, then, earlier, failed, failedThen }: Glance, today: ShopDay): Kpi[] {
  const day = `上${weekday(addDays(today, -7))}`;
  const report = `/report?from=${today}&to=${today}`;
  const was = (n: number) => `${day}全天 ${count(n)}`;
  return [
    {
      name: "下发",
      value: count(now.issued),
      note: "今天给到导购",
      was: was(then.issued),
      href: report,
      isBad: false,
    },
    {
      ...{ name: "完成", value: count(now.completed), note: `完成率 ${share(now.completionRate)}` },
      ...{ was: `${was(then.completed)}，${share(then.completionRate)}` },
      ...{ href: report, isBad: false },
    },
    {
      ...{
        name: "回复",
        value: count(now.replied),
        note: `回复率 ${share(now.replyRate)}${now.observed > 0 ? `，按可观察的送达 ${count(now.observed)} 条算` : ""}`,
      },
      ...{ was: `${was(then.replied)}，${share(then.replyRate)}` },
      ...{ href: report, isBad: false },
    },
    {
      ...{ name: "往日还没完成", value: count(earlier), note: `近 ${OPEN_DAYS} 天下发，不含今天` },
      ...{
        was: earlier > 0 ? "宽限期内还能完成，之后自动过期" : "没有落下的",
        href: measureUrl(earlierDays(today), "open"),
      },
      isBad: false,
    },
    {
      ...{ name: "失败", value: count(failed), note: "渠道拒绝或没有送达", was: was(failedThen) },
      ...{ href: "/operations/tasks", isBad: failed > failedThen },
    },
  ];
}

function share(rate: Rate | null): string {
  return percent(rate?.value ?? null);
}

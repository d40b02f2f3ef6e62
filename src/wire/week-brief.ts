// What a manager should know of the week that ended on Sunday: the figures against the week before, who lags, a link.
import type { Viewer } from "../identity/viewer.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { DayChart } from "../reports/day-chart.js";
import type { Rate, Report, ReportRow } from "../reports/report.js";
import type { ReportService } from "../reports/service.js";
import { spanBefore } from "../reports/weeks.js";
import { monthAndDay } from "../tasks/said-days.js";

/** The same week in words (for templates/cards/weekly) and as a chart. */
export interface WeekBrief {
  words: object;
  chart: DayChart;
}

const LOW = 3;

/** The week before a Monday; null: nothing was offered in the viewer's reach in it. */
export async function weekBrief(
  { reports, publicUrl }: { reports: ReportService; publicUrl: string },
  viewer: Viewer,
  monday: ShopDay,
): Promise<WeekBrief | null> {
  const week = { from: addDays(monday, -7), to: addDays(monday, -1) };
  const report = await reports.report(viewer, { ...week, by: "below" });
  if (report.total.issued === 0) return null;
  const before = (await reports.report(viewer, { ...spanBefore(week), by: "day" })).total;
  const rows = report.rows
    .filter(({ issued }) => issued > 0)
    .sort((a, b) => (a.completionRate?.value ?? 0) - (b.completionRate?.value ?? 0));
  const place = report.path.at(-1)?.name ?? "全国";
  const days = `${monthAndDay(week.from)} – ${monthAndDay(week.to)}`;
  const url = `${publicUrl}/report?from=${week.from}&to=${week.to}`;
  return {
    words: { place, days, url, ...wordsOf(report, before, rows) },
    chart: chartOf(report, before, rows, `${place} 上周 ${days}`),
  };
}

function wordsOf({ total }: Report, before: ReportRow, rows: readonly ReportRow[]) {
  return {
    ...{ issued: total.issued, completed: total.completed, delivered: total.delivered },
    ...{ messages: total.messages, messagesBefore: before.messages },
    completion: percent(total.completionRate),
    completionChange: changeOf(total.completionRate, before.completionRate),
    reply: percent(total.replyRate),
    replyChange: changeOf(total.replyRate, before.replyRate),
    observed: percent(total.observedShare),
    // of one alone there is no lowest; of few nothing is said
    low: (rows.length > 1 ? rows : [])
      .filter(({ small, completionRate }) => !small && completionRate !== null && completionRate.value < 1)
      .slice(0, LOW)
      .map(({ name, completionRate }) => ({ name, completion: percent(completionRate) })),
    small: total.small,
    provisional: total.provisional,
  };
}

function chartOf(
  { level, total }: Report,
  before: ReportRow,
  rows: readonly ReportRow[],
  title: string,
): DayChart {
  const note = (value: string, isKnown: boolean) => (isKnown ? `前一周 ${value}` : "");
  return {
    ...{ title, level },
    figures: [
      {
        label: "下发",
        value: String(total.issued),
        note: note(String(before.issued), before.issued > 0),
      },
      {
        label: "完成率",
        value: percent(total.completionRate),
        note: note(percent(before.completionRate), before.completionRate !== null),
      },
      {
        label: "回复率",
        value: percent(total.replyRate),
        note: note(percent(before.replyRate), before.replyRate !== null),
      },
      { label: "客户消息", value: String(total.messages), note: note(String(before.messages), true) },
    ],
    bars: rows.map(({ name, completionRate, replyRate, small }) => ({
      ...{ name, small },
      completion: completionRate?.value ?? null,
      reply: replyRate?.value ?? null,
    })),
    foot: [
      rows.length > 12 ? "完成率从低到高的前 12 个" : "完成率从低到高",
      rows.some(({ small }) => small) ? "浅色：不足 30 个任务" : "",
      total.provisional ? "数字还会变化" : "",
    ]
      .filter(Boolean)
      .join("；"),
  };
}

/** +2.1 个百分点; "" where one side is missing. */
function changeOf(now: Rate | null, before: Rate | null): string {
  if (now === null || before === null) return "";
  const points = (now.value - before.value) * 100;
  if (Math.abs(points) < 0.05) return "与前一周持平";
  return `比前一周 ${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)} 个百分点`;
}

function percent(rate: Rate | null): string {
  return rate === null ? "—" : `${Math.round(rate.value * 100)}%`;
}

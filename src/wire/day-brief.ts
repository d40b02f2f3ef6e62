// What a manager should know of a day in the evening: the figures, who lags, who still has customers open.
import type { Viewer } from "../identity/viewer.js";
import type { Store } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import type { DayChart } from "../reports/day-chart.js";
import type { Rate, Report, ReportRow } from "../reports/report.js";
import type { ReportService } from "../reports/service.js";
import { type Behind, behindOf } from "../tasks/behind.js";
import { monthAndDay } from "../tasks/said-days.js";

/** The same day in words (for templates/cards/evening) and as a chart. */
export interface DayBrief {
  words: object;
  chart: DayChart;
}

const LOW = 3;
const MOST = 3;

/** A viewer's day; null: nothing was offered in their reach. */
export async function dayBrief(
  { store, world, reports }: { store: Store; world: Pick<World, "now">; reports: ReportService },
  viewer: Viewer,
  day: ShopDay,
): Promise<DayBrief | null> {
  const report = await reports.report(viewer, { from: day, to: day, by: "below" });
  if (report.total.issued === 0) return null;
  const before = addDays(day, -1);
  const yesterday = await reports.report(viewer, { from: before, to: before, by: "day" });
  const behind = await behindOf(store, viewer, day, world.now());
  const rows = report.rows
    .filter(({ issued }) => issued > 0)
    .sort((a, b) => (a.completionRate?.value ?? 0) - (b.completionRate?.value ?? 0));
  const place = report.path.at(-1)?.name ?? "全国";
  return {
    words: { place, day: monthAndDay(day), ...wordsOf(report, yesterday.total, rows, behind) },
    chart: chartOf(report, yesterday.total, rows, `${place} ${monthAndDay(day)} 小结`),
  };
}

function wordsOf(
  { total }: Report,
  before: ReportRow,
  rows: readonly ReportRow[],
  behind: readonly Behind[],
) {
  return {
    ...{ issued: total.issued, completed: total.completed, delivered: total.delivered },
    messages: total.messages,
    completion: percent(total.completionRate),
    onTime: percent(total.onTimeRate),
    reply: percent(total.replyRate),
    change: changeOf(total, before),
    // of one alone there is no lowest
    low: (rows.length > 1 ? rows : [])
      .filter(({ completionRate }) => completionRate !== null && completionRate.value < 1)
      .slice(0, LOW)
      .map(({ name, completionRate }) => ({ name, completion: percent(completionRate) })),
    guides: behind.length,
    open: behind.reduce((sum, { open }) => sum + open, 0),
    most: behind.slice(0, MOST).map(({ name, open }) => ({ name, open })),
    provisional: total.provisional,
  };
}

function chartOf(
  { level, total }: Report,
  before: ReportRow,
  rows: readonly ReportRow[],
  title: string,
): DayChart {
  const note = (rate: Rate | null) => (rate === null ? "" : `昨天 ${percent(rate)}`);
  return {
    ...{ title, level },
    figures: [
      { label: "下发", value: String(total.issued), note: before.issued > 0 ? `昨天 ${before.issued}` : "" },
      { label: "完成率", value: percent(total.completionRate), note: note(before.completionRate) },
      { label: "回复率", value: percent(total.replyRate), note: note(before.replyRate) },
      { label: "客户消息", value: String(total.messages), note: `昨天 ${before.messages}` },
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

/** 比昨天 +2.1 个百分点; nothing where yesterday had nothing. */
function changeOf({ completionRate: now }: ReportRow, { completionRate: before }: ReportRow): string {
  if (now === null || before === null) return "";
  const points = (now.value - before.value) * 100;
  if (Math.abs(points) < 0.05) return "与昨天持平";
  return `比昨天 ${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)} 个百分点`;
}

function percent(rate: Rate | null): string {
  return rate === null ? "—" : `${Math.round(rate.value * 100)}%`;
}

// The tab 触点榜: touchpoints beside one another, against the span before, with what each changes where it was measured.
import { addDays, shopDayOf } from "../../kernel/calendar.js";
import type { Grid, GridCell } from "../../reports/grid.js";
import { rateValue } from "../../reports/grid.js";
import { type League, type LeagueRow, league } from "../../reports/league.js";
import { SMALL } from "../../reports/measures.js";
import type { Rate, ReportRow } from "../../reports/report.js";
import { longDay, span } from "../format.js";
import { type TabView, tabPath, tabUrl } from "./frame.js";
import { gridView, sorted, sortOf } from "./grid-view.js";
import { type ReportTab, readTab } from "./tab.js";
import { type FigurePart, measureUrl } from "./task-links.js";
import { isFewUplift } from "./uplift-verdict.js";

/** Rates first by reply, from the top. */
const USUAL_SORT = "-7";

/** The tab. */
export const leagueTab: ReportTab = {
  key: "league",
  title: "触点榜",
  needs: "see_report",
  read: (query, today) => readTab(query, { from: addDays(today, -29), to: today, most: 400 }),
  answer: async (parts, { viewer, view, today }) => {
    const { from, to, within } = view;
    const found = await league(parts, viewer, { from, to, ...(within && { within }) });
    const sort = sortOf(view.own.sort ?? USUAL_SORT);
    const grid = sorted(gridOf(found, view, viewer.role === "hq"), sort);
    const path = tabPath("league");
    const orderBy = (by: string) => tabUrl(path, view, { own: { sort: by === USUAL_SORT ? "" : by } });
    const reckoned = found.reckonedAt === null ? "" : longDay(shopDayOf(found.reckonedAt, parts.zone));
    return {
      ...{ path: found.path, grids: [grid], sort },
      page: {
        grid: gridView(grid, sort, orderBy, "这段时间没有触点下发任务。"),
        before: span(found.before.from, found.before.to),
        isUnfinished: view.to >= today,
        reckoned: viewer.role === "hq" ? reckoned : "",
      },
    };
  },
};

function gridOf(found: League, view: TabView, withUplift: boolean): Grid {
  return {
    title: "触点榜",
    columns: [
      { name: "触点", kind: "text" },
      { name: "下发", kind: "count" },
      { name: "完成率", kind: "share", interval: true },
      { name: "完成率较上期", kind: "points", wide: true, meaning: "与之前同样长的一段时间相比，百分点" },
      { name: "送达", kind: "count", wide: true },
      { name: "可观察占比", kind: "share", wide: true, meaning: "送达的会话里能看到客户回复的比例" },
      { name: "回复", kind: "count", wide: true },
      { name: "回复率", kind: "share", interval: true, meaning: "可观察的送达里客户回复的比例" },
      { name: "回复率较上期", kind: "points", wide: true, meaning: "与之前同样长的一段时间相比，百分点" },
      ...(withUplift
        ? [
            {
              name: "复购增量（全国）",
              kind: "points" as const,
              interval: true,
              wide: true,
              meaning: "分到的客户比对照组 30 天内复购高多少个百分点；每晚计算，只有设了对照的触点才有",
            },
          ]
        : []),
    ],
    rows: [
      ...found.rows
        .filter(({ row, before }) => row.issued > 0 || (before?.issued ?? 0) > 0)
        .map((one) => ({ cells: cellsOf(one, view, withUplift) })),
      {
        cells: cellsOf({ row: found.total, before: found.totalBefore, uplift: null }, view, withUplift),
        isTotal: true,
      },
    ],
  };
}

function cellsOf({ row, before, uplift }: LeagueRow, view: TabView, withUplift: boolean): GridCell[] {
  const part: FigurePart = row.kind === "touchpoint" ? { touchpoint: row.id } : {};
  const open = (measure: Parameters<typeof measureUrl>[1]) => measureUrl(view, measure, part);
  const { provisional } = row;
  const more = uplift?.uplift.difference ?? null;
  return [
    { value: row.name },
    { value: row.issued, href: open("issued") },
    rateValue(row.completionRate, row.issued, { provisional, href: open("completed") }),
    change(row.completionRate, before?.completionRate, row.issued, before),
    { value: row.delivered, href: open("delivered") },
    row.observedShare ? { value: row.observedShare.value, href: open("observed") } : { value: null },
    { value: row.replied, href: open("replied") },
    rateValue(row.replyRate, row.observed, { provisional, href: open("replied") }),
    change(row.replyRate, before?.replyRate, row.observed, before),
    ...(withUplift
      ? [uplift && more ? { ...more, few: isFewUplift(uplift), href: "/report/uplift" } : { value: null }]
      : []),
  ];
}

function change(
  now: Rate | null,
  was: Rate | null | undefined,
  of: number,
  before: ReportRow | null,
): GridCell {
  if (!now || !was || !before) return { value: null };
  return { value: now.value - was.value, few: of < SMALL || before.issued < SMALL };
}

// The report as a page: what its parts say, from the figures and the view.
import { firstOfMonth } from "../../kernel/calendar.js";
import type { BehaviourReport } from "../../reports/behaviour/service.js";
import type { Measure } from "../../reports/drill/drill.js";
import type { Report, ReportRow } from "../../reports/report.js";
import { count } from "../format.js";
import { behaviourBlock, waysBlock } from "./blocks.js";
import type { TabView } from "./frame.js";
import { type Compared, kpisOf } from "./kpis.js";
import { type SeenRow, seenRow, sortRows } from "./rows.js";
import { measureUrl, placeOfRow } from "./task-links.js";
import { type Level, type ReportView, type SortKey, viewUrl } from "./view.js";

/** The figures of one page. */
export interface ReportFigures {
  report: Report;
  /** totals of the span's whole days and of as many before them; null: none of its days is over */
  compared: Compared | null;
  /** how many of its days are over; null: all of them */
  daysOver: number | null;
  /** customer messages from the first of the month to the last day seen */
  monthMessages: number;
  touchpoints: Report;
  /** by way */
  ways: Report;
  /** the chat system's own; null: it has none */
  statistics: BehaviourReport | null;
}

const PATH = "/report";
const PAGE_SIZE = 50;
/** The columns of the page and its files, after the name. */
export const COLUMNS: readonly { key: SortKey; label: string; wide: boolean }[] = [
  { key: "issued", label: "下发", wide: false },
  { key: "completionRate", label: "完成率", wide: false },
  { key: "onTimeRate", label: "准时率", wide: true },
  { key: "delivered", label: "送达", wide: true },
  { key: "observedShare", label: "可观察", wide: true },
  { key: "replyRate", label: "回复率", wide: false },
  { key: "messages", label: "客户消息", wide: true },
];

/** Everything templates/pages/report.hbs names besides its frame. */
export function reportPage(view: ReportView, figures: ReportFigures): object {
  const { report, touchpoints } = figures;
  const month = {
    ...{ name: monthOf(view), messages: figures.monthMessages },
    href: measureUrl({ ...view, from: firstOfMonth(view.to) }, "messages"),
  };
  return {
    ...tableOf(view, report),
    kpis: kpisOf(report.total, figures.compared, month, (measure) => measureUrl(view, measure)),
    unfinished: unfinishedNote(figures.daysOver),
    isEmpty: report.total.issued === 0 && report.total.messages === 0,
    provisional: report.total.provisional,
    // one day has no trend
    hasTrend: view.from !== view.to,
    trend: trendUrl(view),
    ways: waysBlock(figures.ways, view),
    statistics: behaviourBlock(figures.statistics),
    touchpoints: touchpoints.rows
      .filter((row) => row.issued > 0)
      .map((row) => touchpointRow(row, figures, view)),
  };
}

function unfinishedNote(daysOver: number | null): string {
  if (daysOver === null) return "";
  return daysOver === 0
    ? "今天还没过完，先不和之前的整天比。"
    : `今天还没过完：「较上期」只比到昨天为止的 ${daysOver} 天。`;
}

function touchpointRow(row: ReportRow, { touchpoints }: ReportFigures, view: ReportView): SeenRow {
  const open = (measure: Measure) => measureUrl(view, measure, { touchpoint: row.id });
  const seen = seenRow(row, touchpoints.total, open);
  return {
    ...seen,
    // a message belongs to a customer, not to a touchpoint; its answers do
    messages: count(row.replied),
    links: { ...seen.links, messages: row.replied > 0 ? open("replied") : "" },
  };
}

/** The view as every tab has one. */
export function tabViewOf({ from, to, within, by, sort, page }: ReportView): TabView {
  const own = {
    by: by === "below" ? "" : by,
    sort: sort ? `${sort.down ? "-" : ""}${sort.key}` : "",
    page: page > 1 ? String(page) : "",
  };
  return { from, to, within, own };
}

function tableOf(view: ReportView, report: Report): object {
  const rows = sortRows(report.rows, view.sort);
  return {
    level: report.level,
    levels: levelsOf(view, report),
    name: heading(view, "name", report.level),
    columns: COLUMNS.map((column) => ({ ...heading(view, column.key, column.label), wide: column.wide })),
    rows: rows.slice((view.page - 1) * PAGE_SIZE, view.page * PAGE_SIZE).map((row) => ({
      ...seenRow(row, report.total, (measure) => measureUrl(placeOfRow(view, row), measure)),
      // one level down of one place, the place goes without saying
      ...(view.by === "below" && { place: "" }),
      href: drillUrl(view, row),
    })),
    total: {
      ...seenRow(report.total, report.total, (measure) => measureUrl(view, measure)),
      name: "合计",
    },
    pager: pagerOf(view, rows.length),
  };
}

function trendUrl({ from, to, within }: ReportView): string {
  const query = new URLSearchParams({ from, to });
  if (within) query.set("in", `${within.kind}:${within.id}`);
  return `/report/trend.svg?${query}`;
}

function monthOf({ to }: ReportView): string {
  return `${Number(to.slice(5, 7))}月`;
}

function levelsOf(view: ReportView, report: Report): object[] {
  if (view.within?.kind === "store" || report.path.at(-1)?.kind === "store") return [];
  const labels: Record<Level, string> = {
    below: view.by === "below" ? `按${report.level}` : "逐级",
    store: "全部门店",
    guide: "全部导购",
  };
  return Object.entries(labels).map(([by, label]) => ({
    label,
    href: viewUrl(PATH, view, { by: by as Level }),
    active: by === view.by,
  }));
}

/** A column's heading and the address that orders by it: figures from the top first, names from the front. */
function heading(view: ReportView, key: SortKey, label: string): object {
  const isActive = view.sort?.key === key;
  const down = isActive ? !view.sort?.down : key !== "name";
  return {
    label,
    href: viewUrl(PATH, view, { sort: { key, down } }),
    order: isActive ? (view.sort?.down ? "descending" : "ascending") : "none",
  };
}

function drillUrl(view: ReportView, row: ReportRow): string {
  if (!row.children || row.id === null || (row.kind !== "region" && row.kind !== "store")) return "";
  return viewUrl(PATH, view, { within: { kind: row.kind, id: row.id }, by: "below" });
}

function pagerOf(view: ReportView, rows: number): object | null {
  const pages = Math.ceil(rows / PAGE_SIZE);
  if (pages <= 1) return null;
  return {
    text: `共 ${count(rows)} 行，第 ${view.page} / ${pages} 页`,
    previous: view.page > 1 ? viewUrl(PATH, view, { page: view.page - 1 }) : "",
    next: view.page < pages ? viewUrl(PATH, view, { page: view.page + 1 }) : "",
  };
}

// The report as a page: what its parts say, from the figures and the view.
import type { Viewer } from "../identity/viewer.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { BehaviourReport } from "../reports/behaviour/service.js";
import type { Report, ReportNode, ReportRow } from "../reports/report.js";
import { count, span } from "./format.js";
import { behaviourBlock, waysBlock } from "./report-blocks.js";
import { kpisOf } from "./report-kpis.js";
import { type SeenRow, seenRow, sortRows } from "./report-rows.js";
import { type Level, presets, type ReportView, type SortKey, viewUrl } from "./report-view.js";

/** The figures of one page. */
export interface ReportFigures {
  report: Report;
  /** the total of the span before, to compare with */
  before: ReportRow;
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
const COLUMNS: readonly { key: SortKey; label: string; wide: boolean }[] = [
  { key: "issued", label: "下发", wide: false },
  { key: "completionRate", label: "完成率", wide: false },
  { key: "onTimeRate", label: "准时率", wide: true },
  { key: "delivered", label: "送达", wide: true },
  { key: "observedShare", label: "可观察", wide: true },
  { key: "replyRate", label: "回复率", wide: false },
  { key: "messages", label: "客户消息", wide: true },
];

/** Everything templates/pages/report.hbs names. */
export function reportPage(view: ReportView, figures: ReportFigures, viewer: Viewer, today: ShopDay): object {
  const { report, touchpoints } = figures;
  return {
    ...datesOf(view, today),
    ...tableOf(view, report),
    place: report.path.at(-1)?.name ?? "全国",
    crumbs: crumbsOf(view, report, viewer),
    kpis: kpisOf(report.total, figures.before, monthOf(view), figures.monthMessages),
    isEmpty: report.total.issued === 0 && report.total.messages === 0,
    provisional: report.total.provisional,
    // one day has no trend
    hasTrend: view.from !== view.to,
    trend: trendUrl(view),
    ways: waysBlock(figures.ways),
    statistics: behaviourBlock(figures.statistics),
    touchpoints: touchpoints.rows
      .filter((row) => row.issued > 0)
      .map(
        (row): SeenRow => ({
          ...seenRow(row, touchpoints.total),
          // a message belongs to a customer, not to a touchpoint; its answers do
          messages: count(row.replied),
        }),
      ),
  };
}

function datesOf(view: ReportView, today: ShopDay): object {
  return {
    ...{ from: view.from, to: view.to, today, spanText: span(view.from, view.to) },
    hidden: hiddenOf(view),
    presets: presets(today).map((one) => ({
      label: one.label,
      href: viewUrl(PATH, view, { from: one.from, to: one.to }),
      active: one.from === view.from && one.to === view.to,
    })),
  };
}

function tableOf(view: ReportView, report: Report): object {
  const rows = sortRows(report.rows, view.sort);
  return {
    level: report.level,
    tabs: tabsOf(view, report),
    name: heading(view, "name", report.level),
    columns: COLUMNS.map((column) => ({ ...heading(view, column.key, column.label), wide: column.wide })),
    rows: rows.slice((view.page - 1) * PAGE_SIZE, view.page * PAGE_SIZE).map((row) => ({
      ...seenRow(row, report.total),
      // one level down of one place, the place goes without saying
      ...(view.by === "below" && { place: "" }),
      href: drillUrl(view, row),
    })),
    total: { ...seenRow(report.total, report.total), name: "合计" },
    pager: pagerOf(view, rows.length),
    csv: viewUrl("/report.csv", view),
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

function crumbsOf(view: ReportView, { path }: Report, viewer: Viewer): object[] {
  const root = viewer.role === "hq" ? [{ name: "全国", within: undefined }] : [];
  const steps = path.map(({ kind, id, name }) => ({ name, within: { kind, id } as ReportNode }));
  const all = [...root, ...steps];
  if (all.length < 2) return [];
  return all.map(({ name, within }, index) => {
    const { within: _here, ...rest } = view;
    const target: ReportView = { ...rest, by: "below", ...(within && { within }) };
    return { name, href: viewUrl(PATH, target), current: index === all.length - 1 };
  });
}

/** The view's other fields, for the form that changes the dates. */
function hiddenOf(view: ReportView): { name: string; value: string }[] {
  const query = new URLSearchParams(viewUrl("", view).slice(1));
  return [...query]
    .filter(([name]) => name !== "from" && name !== "to")
    .map(([name, value]) => ({ name, value }));
}

function tabsOf(view: ReportView, report: Report): object[] {
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

// The report's first tab: the page, its tables as CSV and XLSX, the trend as a picture.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { Viewer } from "../../identity/viewer.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { addDays, firstOfMonth, type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { BehaviourService } from "../../reports/behaviour/service.js";
import { trendChart } from "../../reports/charts.js";
import { sheetOf } from "../../reports/grid.js";
import type { Report, ReportNode } from "../../reports/report.js";
import type { SavedViewService } from "../../reports/saved/saved-views.js";
import type { ReportService } from "../../reports/service.js";
import { lengthOf, type Span, spanBefore } from "../../reports/weeks.js";
import { showDesk } from "../pages.js";
import { sendCsv, sendWorkbook } from "./files.js";
import { frameOf } from "./frame.js";
import { type ReportFigures, reportPage, tabViewOf } from "./page.js";
import { lookOf, sendPicture } from "./pictures.js";
import { pageGrids, unitsGrid } from "./report-grids.js";
import { withDays } from "./spans.js";
import { type ReportView, readView } from "./view.js";

export interface ReportPageParts {
  reports: ReportService;
  behaviour: BehaviourService;
  /** whether the chat system has figures of its own */
  hasStatistics: boolean;
  savedViews: SavedViewService;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
}

/** GET /report, /report.csv (the units' rows), /report.xlsx (every table of the page) and /report/trend.svg. */
export function reportPages(parts: ReportPageParts): Router {
  const { guard, reports } = parts;
  const router = new Router();
  const viewOf = (ctx: Web) => {
    const today = shopDayOf(parts.world.now(), parts.zone);
    return readView(withDays(ctx.query, today), today);
  };

  router.get("/report", guard.may("see_report"), async (ctx) => {
    const [view, viewer] = [viewOf(ctx), viewerOf(ctx)];
    const figures = await figuresOf(parts, viewer, view);
    const saved = await parts.savedViews.list(viewer);
    const today = shopDayOf(parts.world.now(), parts.zone);
    const { path } = figures.report;
    const frame = frameOf({ tab: "", view: tabViewOf(view), path, viewer, today, saved });
    showDesk(ctx, parts.pages, "report", "随访报表", { ...frame, ...reportPage(view, figures) });
  });

  router.get("/report.csv", guard.may("see_report"), async (ctx) => {
    const view = viewOf(ctx);
    const report = await reports.report(viewerOf(ctx), askOf(view, view.by));
    sendCsv(ctx, parts, fileName(report, view), [sheetOf(unitsGrid(report, view))]);
  });

  router.get("/report.xlsx", guard.may("see_report"), async (ctx) => {
    const view = viewOf(ctx);
    const figures = await figuresOf(parts, viewerOf(ctx), view);
    sendWorkbook(ctx, parts, fileName(figures.report, view), pageGrids(view, figures).map(sheetOf));
  });

  router.get("/report/trend.svg", guard.may("see_report"), async (ctx) => {
    const report = await reports.report(viewerOf(ctx), askOf(viewOf(ctx), "day"));
    const look = lookOf(ctx, parts.pages, { width: 1180, height: 260, narrow: 240 });
    sendPicture(ctx, await trendChart(report, look));
  });
  return router;
}

function fileName({ path, level }: Report, { from, to }: ReportView): string {
  return ["随访报表", path.at(-1)?.name ?? "全国", level, from, to].join("-");
}

async function figuresOf(
  { reports, behaviour, hasStatistics, world, zone }: ReportPageParts,
  viewer: Viewer,
  view: ReportView,
): Promise<ReportFigures> {
  const over = daysOver(view, shopDayOf(world.now(), zone));
  const totalOf = async (span: Span) =>
    (await reports.report(viewer, askOf({ ...view, ...span }, "day"))).total;
  const isOver = over?.to === view.to;
  const [report, now, before, month, touchpoints, ways, statistics] = await Promise.all([
    reports.report(viewer, askOf(view, view.by)),
    over && !isOver ? totalOf(over) : null,
    over && totalOf(spanBefore(over)),
    reports.report(viewer, askOf({ ...view, from: firstOfMonth(view.to) }, "day")),
    reports.report(viewer, askOf(view, "touchpoint")),
    reports.report(viewer, askOf(view, "way")),
    hasStatistics ? behaviour.behaviour(viewer, askOf(view, view.by)) : null,
  ]);
  const monthMessages = month.total.messages;
  const compared = before && { now: now ?? report.total, before };
  const days = isOver ? null : over ? lengthOf(over) : 0;
  return { report, compared, daysOver: days, monthMessages, touchpoints, ways, statistics };
}

/** The days of a span before today: a day under way is not compared with whole ones. */
function daysOver({ from, to }: Span, today: ShopDay): Span | null {
  const yesterday = addDays(today, -1);
  if (to <= yesterday) return { from, to };
  return from <= yesterday ? { from, to: yesterday } : null;
}

function askOf<By extends string>(view: { from: ShopDay; to: ShopDay; within?: ReportNode }, by: By) {
  return { from: view.from, to: view.to, by, ...(view.within && { within: view.within }) };
}

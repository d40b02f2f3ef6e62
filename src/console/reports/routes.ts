// The report's first tab: the page, its tables as CSV and XLSX, the trend as a picture.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { Viewer } from "../../identity/viewer.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { firstOfMonth, type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { BehaviourService } from "../../reports/behaviour/service.js";
import { trendChart } from "../../reports/charts.js";
import { sheetOf } from "../../reports/grid.js";
import type { Report, ReportNode } from "../../reports/report.js";
import type { SavedViewService } from "../../reports/saved/saved-views.js";
import type { ReportService } from "../../reports/service.js";
import { spanBefore } from "../../reports/weeks.js";
import { showDesk } from "../pages.js";
import { frameOf } from "./frame.js";
import { type ReportFigures, reportPage, tabViewOf } from "./page.js";
import { lookOf, sendPicture } from "./pictures.js";
import { pageGrids, unitsGrid } from "./report-grids.js";
import { sendCsv, sendWorkbook } from "./tab-routes.js";
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
  const viewOf = (ctx: Web) => readView(ctx.query, shopDayOf(parts.world.now(), parts.zone));

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
    sendCsv(ctx, fileName(report, view), [sheetOf(unitsGrid(report, view))]);
  });

  router.get("/report.xlsx", guard.may("see_report"), async (ctx) => {
    const view = viewOf(ctx);
    const figures = await figuresOf(parts, viewerOf(ctx), view);
    sendWorkbook(ctx, fileName(figures.report, view), pageGrids(view, figures).map(sheetOf));
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
  { reports, behaviour, hasStatistics }: ReportPageParts,
  viewer: Viewer,
  view: ReportView,
): Promise<ReportFigures> {
  const [report, before, month, touchpoints, ways, statistics] = await Promise.all([
    reports.report(viewer, askOf(view, view.by)),
    reports.report(viewer, askOf({ ...view, ...spanBefore(view) }, "day")),
    reports.report(viewer, askOf({ ...view, from: firstOfMonth(view.to) }, "day")),
    reports.report(viewer, askOf(view, "touchpoint")),
    reports.report(viewer, askOf(view, "way")),
    hasStatistics ? behaviour.behaviour(viewer, askOf(view, view.by)) : null,
  ]);
  const monthMessages = month.total.messages;
  return { report, before: before.total, monthMessages, touchpoints, ways, statistics };
}

function askOf<By extends string>(view: { from: ShopDay; to: ShopDay; within?: ReportNode }, by: By) {
  return { from: view.from, to: view.to, by, ...(view.within && { within: view.within }) };
}

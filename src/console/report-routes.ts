// The report's addresses: the page, the same table as CSV, the trend as a picture.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../identity/guard.js";
import type { Viewer } from "../identity/viewer.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import type { Web } from "../infra/web.js";
import { firstOfMonth, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import type { BehaviourService } from "../reports/behaviour/service.js";
import { trendChart } from "../reports/charts.js";
import { reportCsv } from "../reports/csv.js";
import type { ChartLook, ReportNode } from "../reports/report.js";
import type { ReportService } from "../reports/service.js";
import { showDesk } from "./pages.js";
import { type ReportFigures, reportPage } from "./report-page.js";
import { sortRows } from "./report-rows.js";
import { type ReportView, readView, spanBefore } from "./report-view.js";

export interface ReportPageParts {
  reports: ReportService;
  behaviour: BehaviourService;
  /** whether the chat system has figures of its own */
  hasStatistics: boolean;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
}

/** GET /report, /report.csv (the same rows) and /report/trend.svg. */
export function reportPages(parts: ReportPageParts): Router {
  const { guard, reports } = parts;
  const router = new Router();
  const viewOf = (ctx: Web) => readView(ctx.query, shopDayOf(parts.world.now(), parts.zone));

  router.get("/report", guard.may("see_report"), async (ctx) => {
    const [view, viewer] = [viewOf(ctx), viewerOf(ctx)];
    const figures = await figuresOf(parts, viewer, view);
    const today = shopDayOf(parts.world.now(), parts.zone);
    showDesk(ctx, parts.pages, "report", "随访报表", reportPage(view, figures, viewer, today));
  });

  router.get("/report.csv", guard.may("see_report"), async (ctx) => {
    const view = viewOf(ctx);
    const report = await reports.report(viewerOf(ctx), askOf(view, view.by));
    const place = report.path.at(-1)?.name ?? "全国";
    const file = `随访报表-${place}-${report.level}-${view.from}-${view.to}.csv`;
    ctx.set("Content-Type", "text/csv; charset=utf-8");
    ctx.set(
      "Content-Disposition",
      `attachment; filename="report.csv"; filename*=UTF-8''${encodeURIComponent(file)}`,
    );
    ctx.body = reportCsv({ ...report, rows: sortRows(report.rows, view.sort) });
  });

  router.get("/report/trend.svg", guard.may("see_report"), async (ctx) => {
    const report = await reports.report(viewerOf(ctx), askOf(viewOf(ctx), "day"));
    ctx.set("Content-Type", "image/svg+xml; charset=utf-8");
    // A picture may style itself; it can neither load nor run anything.
    ctx.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    ctx.set("Cache-Control", "private, max-age=60");
    ctx.body = trendChart(report, lookOf(ctx));
  });
  return router;
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

/** The picture's size as the page asks for it, within reason. */
function lookOf(ctx: Web): ChartLook {
  const isNarrow = ctx.query.narrow === "1";
  return { width: isNarrow ? 360 : 1180, height: isNarrow ? 240 : 260 };
}

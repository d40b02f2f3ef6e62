// Reports over HTTP: the same figures as the command line and the pages, as JSON or CSV.
import Router from "@koa/router";
import { z } from "zod";
import type { Viewer } from "../identity/viewer.js";
import { readValues, type Step, type Web } from "../infra/web.js";
import { reportCsv } from "./csv.js";
import type { ReportAsk } from "./report.js";
import type { ReportService } from "./service.js";

/** What may be asked in a query string. */
export const reportQuery = z.object({
  from: z.string({ error: "a date YYYY-MM-DD" }),
  to: z.string({ error: "a date YYYY-MM-DD" }),
  by: z
    .enum(["below", "region", "area", "store", "guide", "touchpoint", "variant", "way", "day"], {
      error: "below, region, area, store, guide, touchpoint, variant, way or day",
    })
    .default("region"),
  within: z
    .string()
    .trim()
    .max(200, "at most 200 characters")
    .describe("华东, 华东/上海市, region:3, a store's code or a guide's account")
    .optional(),
  format: z.enum(["json", "csv"], { error: "json or csv" }).default("json"),
});

export interface ReportRoutesParts {
  reports: ReportService;
  /** refuses who may not see figures */
  guard: Step;
  viewerOf(ctx: Web): Viewer;
}

/** GET /api/reports?from&to&by&within&format. */
export function reportRoutes({ reports, guard, viewerOf }: ReportRoutesParts): Router {
  const router = new Router();
  router.get("/api/reports", guard, async (ctx) => {
    const { format, ...ask } = readValues(reportQuery, ctx.query, "query");
    const report = await reports.report(viewerOf(ctx), ask as ReportAsk);
    if (format === "json") {
      ctx.body = report;
      return;
    }
    ctx.attachment(`report-${report.by}-${report.from}-${report.to}.csv`);
    ctx.type = "text/csv; charset=utf-8";
    ctx.body = reportCsv(report);
  });
  return router;
}

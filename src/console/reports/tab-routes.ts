// The addresses of the report's tabs: each as a page, and the same tables as CSV and XLSX; two charts as pictures.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { addMonths, shopDayOf } from "../../kernel/calendar.js";
import { type Grid, type Sheet, sheetOf } from "../../reports/grid.js";
import { monthTable } from "../../reports/months.js";
import type { SavedViewService } from "../../reports/saved/saved-views.js";
import { calibrationChart, monthsChart } from "../../reports/set-charts.js";
import { showDesk } from "../pages.js";
import { sendCsv, sendWorkbook } from "./files.js";
import { frameOf, tabPath } from "./frame.js";
import { funnelTab } from "./funnel-tab.js";
import { goldenTab } from "./golden-tab.js";
import { heatTab } from "./heat-tab.js";
import { leagueTab } from "./league-tab.js";
import { modelName, modelsTab } from "./models-tab.js";
import { monthName, monthsTab } from "./months-tab.js";
import { lookOf, sendPicture } from "./pictures.js";
import { withDays } from "./spans.js";
import type { ReportTab, TabParts } from "./tab.js";
import { upliftTab } from "./uplift-tab.js";

export interface TabPageParts extends TabParts {
  guard: Guard;
  pages: PageRenderer;
  savedViews: SavedViewService;
}

const TABS: readonly ReportTab[] = [
  ...[heatTab, leagueTab, goldenTab, monthsTab, funnelTab],
  ...[upliftTab, modelsTab],
];

/** GET /report/TAB, .csv and .xlsx of each, /report/months.svg and /report/calibration.svg. */
export function tabPages(parts: TabPageParts): Router {
  const { guard, pages, savedViews } = parts;
  const router = new Router();
  const today = () => shopDayOf(parts.world.now(), parts.zone);
  for (const tab of TABS) {
    const may = guard.may(tab.needs);
    const answer = async (ctx: Web) => {
      const ask = {
        viewer: viewerOf(ctx),
        view: tab.read(withDays(ctx.query, today()), today()),
        today: today(),
      };
      return { ...ask, ...(await tab.answer(parts, ask)) };
    };
    router.get(tabPath(tab.key), may, async (ctx) => {
      const { view, viewer, path, page } = await answer(ctx);
      const saved = await savedViews.list(viewer);
      const { timeless = false } = tab;
      const frame = frameOf({ tab: tab.key, view, path, viewer, today: today(), saved, timeless });
      showDesk(ctx, pages, `reports/${tab.key}`, tab.title, { ...frame, ...page });
    });
    router.get(`${tabPath(tab.key)}.csv`, may, async (ctx) => {
      const { view, path, grids } = await answer(ctx);
      sendCsv(ctx, parts, fileName(tab, view, path), gridSheets(grids));
    });
    router.get(`${tabPath(tab.key)}.xlsx`, may, async (ctx) => {
      const { view, path, grids } = await answer(ctx);
      sendWorkbook(ctx, parts, fileName(tab, view, path), gridSheets(grids));
    });
  }
  addCharts(router, parts);
  return router;
}

function addCharts(router: Router, parts: TabPageParts): void {
  const { guard } = parts;
  const today = () => shopDayOf(parts.world.now(), parts.zone);
  router.get("/report/months.svg", guard.may("see_report"), async (ctx) => {
    const { from, to, within } = monthsTab.read(ctx.query, today());
    const ask = { from, to, ...(within && { within }) };
    const { months, total } = await monthTable(parts, viewerOf(ctx), ask);
    const bars = months.map((month) => ({
      ...{ label: monthName(month), value: total.get(month) ?? 0 },
      open: addMonths(month, 1) > today(),
    }));
    sendPicture(ctx, await monthsChart(bars, lookOf(ctx, parts.pages, { height: 240 })));
  });
  router.get("/report/calibration.svg", guard.may(modelsTab.needs), async (ctx) => {
    const [latest] = await parts.models.backtests();
    const asked = String(ctx.query.model ?? latest?.served ?? "");
    const model = latest?.models.find(({ name }) => name === asked) ?? latest?.models[0];
    const steps = (model?.calibration ?? []).map(({ score, purchases }) => ({
      ...{ expected: model?.holdoutExpected === null ? null : score, actual: purchases },
    }));
    const name = modelName(model?.name ?? "");
    sendPicture(ctx, await calibrationChart({ name, steps }, lookOf(ctx, parts.pages, { height: 280 })));
  });
}

function fileName(
  { title, timeless }: ReportTab,
  { from, to }: { from: string; to: string },
  path: readonly { name: string }[],
): string {
  return [title, path.at(-1)?.name ?? "全国", ...(timeless ? [] : [from, to])].join("-");
}

function gridSheets(grids: readonly Grid[]): Sheet[] {
  return grids.map(sheetOf);
}

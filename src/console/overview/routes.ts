// HQ's home: today at a glance, and what needs a decision.
import { Router } from "@koa/router";
import { type Guard, sessionOf, viewerOf } from "../../identity/guard.js";
import type { Viewer } from "../../identity/viewer.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { addDays, type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { ReportService } from "../../reports/service.js";
import { openTasks } from "../../reports/standing.js";
import { showDesk } from "../pages.js";
import { failedOn } from "./day-queries.js";
import { type DecisionParts, decisionsOf } from "./decisions.js";
import { earlierDays, type Glance, overviewPage } from "./page.js";

export interface OverviewPageParts extends DecisionParts {
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  reports: ReportService;
}

/** GET /overview. */
export function overviewPages(parts: OverviewPageParts): Router {
  const { guard, pages, world, zone } = parts;
  const router = new Router();
  router.get("/overview", guard.may("see_overview"), async (ctx) => {
    const now = world.now();
    const today = shopDayOf(now, zone);
    const [glance, decisions] = await Promise.all([
      glanceOf(parts, viewerOf(ctx), today),
      decisionsOf(parts, { now, today }),
    ]);
    showDesk(ctx, pages, "overview/overview", "总览", {
      csrf: sessionOf(ctx).csrf,
      ...overviewPage(glance, decisions, { now, zone, today }),
    });
  });
  return router;
}

async function glanceOf(
  { store, reports }: OverviewPageParts,
  viewer: Viewer,
  today: ShopDay,
): Promise<Glance> {
  const before = addDays(today, -7);
  const of = async (day: ShopDay) => (await reports.report(viewer, { from: day, to: day, by: "day" })).total;
  const [now, then, earlier, [failed = 0, failedThen = 0]] = await Promise.all([
    of(today),
    of(before),
    openTasks(store.read, viewer, earlierDays(today)),
    failedOn(store.read, [today, before]),
  ]);
  return { now, then, earlier, failed, failedThen };
}

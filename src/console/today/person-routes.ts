// Two pages beside today's list: a customer's card, and the guide's own figures.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { idOf } from "../../infra/web.js";
import { guideFigures } from "../../reports/guide-figures.js";
import type { ChatPageClient } from "../chat/routes.js";
import { showPhone } from "../pages.js";
import { customerPage } from "./customer-page.js";
import { figuresPage } from "./figures-page.js";
import { type GuidePageParts, guideOf, momentOf } from "./guide-request.js";

export interface PersonPageParts extends GuidePageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  client?: ChatPageClient | undefined;
}

/** GET /g/customers/:id and /g/figures. */
export function personPages(parts: PersonPageParts): Router {
  const { guard, tasks, store } = parts;
  const router = new Router();
  router.get("/g/customers/:id", guard.may("work_tasks"), async (ctx) => {
    const card = await tasks.customerCard(guideOf(ctx), idOf(ctx.params.id));
    showPhone(ctx, parts, "today/customer", card.name || "客户", customerPage(card, momentOf(ctx, parts)));
  });
  router.get("/g/figures", guard.may("work_tasks"), async (ctx) => {
    const guideId = guideOf(ctx);
    const viewer = viewerOf(ctx);
    const figures = await guideFigures(store, { ...viewer, guideId }, momentOf(ctx, parts).today);
    showPhone(ctx, parts, "today/figures", "我的数据", figuresPage(viewer.name, figures));
  });
  return router;
}

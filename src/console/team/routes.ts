// The manager's view: their subtree beside last week and the brand, who may need help, one tap to remind them.
import { Router } from "@koa/router";
import { type Guard, sessionOf, viewerOf } from "../../identity/guard.js";
import type { Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, languageOf, sayInPassing, wantsFragment } from "../../infra/web.js";
import { shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { ReportService } from "../../reports/service.js";
import type { UrgeWhich } from "../../tasks/behind.js";
import { lastUrges, type Urged } from "../../tasks/urging.js";
import { showDesk } from "../pages.js";
import { goTo } from "../routes-answers.js";
import { teamFigures, urgedAt } from "./figures.js";
import { teamPage, urgedPage, urgeOf } from "./page.js";
import { readTeamView, readUrge, teamUrl } from "./view.js";

export interface TeamPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  reports: ReportService;
  /** reminds the guides in a viewer's reach, or those of them that are named */
  urge(viewer: Viewer, which: UrgeWhich): Promise<Urged>;
  /** sends what the page shows of today to the viewer's own chat */
  tellToday(viewer: Viewer): Promise<"picture" | "words">;
}

/** GET /team; POST /team/urge and /team/picture. */
export function teamPages(parts: TeamPageParts): Router {
  const { guard, pages, world, zone } = parts;
  const router = new Router({ prefix: "/team" });
  const may = guard.may("see_team");
  router.get("/", may, async (ctx) => {
    const view = readTeamView(ctx.query);
    const now = world.now();
    const today = shopDayOf(now, zone);
    const figures = await teamFigures(parts, viewerOf(ctx), view, { now, today, zone });
    showDesk(ctx, pages, "team/team", "我的团队", {
      csrf: sessionOf(ctx).csrf,
      ...teamPage(view, figures, { now, today, zone }),
    });
  });
  router.post("/urge", may, guard.csrf, async (ctx) => {
    const asked = readUrge(bodyOf(ctx) ?? {});
    const which = await urgedAt(parts, viewerOf(ctx), asked);
    const came = await parts.urge(viewerOf(ctx), which);
    const urged = urgedPage(came, { now: world.now(), zone });
    const backTo = { by: "unit", page: 1, ...(asked.within && { within: asked.within }) } as const;
    if (!wantsFragment(ctx))
      return showDesk(ctx, pages, "team/urged", "催办", { ...urged, back: teamUrl(backTo) });
    ctx.type = "html";
    const changed = [...came.told, ...came.spared, ...came.unreachable]
      .map(({ guideId }) => guideId)
      .filter((guideId) => asked.shown.includes(guideId));
    const last = await lastUrges(parts.store.read, changed, { now: world.now(), zone });
    const rows = changed.map((guideId) => ({
      guideId,
      ...urgeOf(last.get(guideId), { now: world.now(), zone }),
    }));
    ctx.body = pages.page("team/urged-part", { language: languageOf(ctx), ...urged, rows });
  });
  router.post("/picture", may, guard.csrf, async (ctx) => {
    const sent = await parts.tellToday(viewerOf(ctx));
    const said = sent === "picture" ? "图已发到你的企业微信。" : "聊天系统不能发图，已把数字发到你的聊天里。";
    if (!wantsFragment(ctx)) {
      return goTo(ctx, "/team");
    }
    sayInPassing(ctx, said);
    ctx.status = 204;
  });
  return router;
}

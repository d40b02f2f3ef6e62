// The pages of experiments: those in force, and one touchpoint's with its arms and what it changes; settling one.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Guard } from "../../identity/guard.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, readValues } from "../../infra/web.js";
import type { ExperimentService } from "../../reports/experiments/service.js";
import { upliftsKept } from "../../reports/league.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { figuresView, listView, upliftView } from "./page.js";

export interface ExperimentPageParts {
  experiments: ExperimentService;
  guard: Guard;
  pages: PageRenderer;
  store: Store;
}

const settleForm = z.object({ variant: z.string("请选一个版本").max(64, "请选一个版本") });

/** GET /experiments, /experiments/JOURNEY, /experiments/JOURNEY/TOUCHPOINT; POST …/settle chooses what stays. */
export function experimentPages({ experiments, guard, pages, store }: ExperimentPageParts): Router {
  const router = new Router();
  const may = guard.may("see_experiments");
  router.get("/experiments", may, async (ctx) => {
    showDesk(ctx, pages, "experiments", "实验", { experiments: listView(await experiments.list()) });
  });
  router.get("/experiments/:journey{/:touchpoint}", may, async (ctx) => {
    const { journey = "", touchpoint } = ctx.params;
    const key = touchpoint === undefined ? journey : `${journey}/${touchpoint}`;
    const found = await experiments.show(key);
    const isHeld = touchpoint !== undefined && found.some(({ hold_out }) => hold_out !== null);
    const uplift = isHeld ? await experiments.uplift(key) : undefined;
    const kept = uplift && (await upliftsKept(store)).find(({ figures }) => figures.key === key);
    showDesk(ctx, pages, "experiment", `实验：${found[0]?.name ?? key}`, {
      ...{ name: found[0]?.name ?? key, key, experiments: found.map(figuresView) },
      uplift: uplift && upliftView(uplift, kept?.figures.p_adjusted ?? null),
    });
  });
  // what is chosen goes to customers, as by publishing
  const maySettle = guard.may("edit_journeys");
  router.post("/experiments/:journey/:touchpoint/settle", maySettle, guard.csrf, async (ctx) => {
    const key = `${ctx.params.journey}/${ctx.params.touchpoint}`;
    const { variant } = readValues(settleForm, bodyOf(ctx), "experiment", { variant: "版本" });
    await experiments.settle(key, variant, actorOf(ctx));
    goTo(ctx, `/experiments/${key}`);
  });
  return router;
}

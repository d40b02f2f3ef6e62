// The pages of experiments: those in force, and one touchpoint's with its arms and what it changes.
import { Router } from "@koa/router";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { ArmPart } from "../../reports/experiments/arm-sql.js";
import type { ExperimentFigures, ExperimentOverview } from "../../reports/experiments/overviews.js";
import type { ExperimentService } from "../../reports/experiments/service.js";
import type { Uplift } from "../../reports/experiments/uplift.js";
import { sayRate } from "../../reports/experiments/verdict-text.js";
import { count } from "../format.js";
import { showDesk } from "../pages.js";
import { armUrl } from "../reports/task-links.js";

export interface ExperimentPageParts {
  experiments: ExperimentService;
  guard: Guard;
  pages: PageRenderer;
}

/** GET /experiments, /experiments/JOURNEY, /experiments/JOURNEY/TOUCHPOINT. */
export function experimentPages({ experiments, guard, pages }: ExperimentPageParts): Router {
  const router = new Router();
  const may = guard.may("see_experiments");
  router.get("/experiments", may, async (ctx) => {
    const found = await experiments.list();
    showDesk(ctx, pages, "experiments", "实验", { experiments: found.map(lineOf) });
  });
  router.get("/experiments/:journey{/:touchpoint}", may, async (ctx) => {
    const { journey = "", touchpoint } = ctx.params;
    const key = touchpoint === undefined ? journey : `${journey}/${touchpoint}`;
    const found = await experiments.show(key);
    const isHeld = touchpoint !== undefined && found.some(({ hold_out }) => hold_out !== null);
    const uplift = isHeld ? await experiments.uplift(key) : undefined;
    showDesk(ctx, pages, "experiment", `实验：${found[0]?.name ?? key}`, {
      ...{ name: found[0]?.name ?? key, key, experiments: found.map(figuresOf) },
      uplift: uplift && upliftFigures(uplift),
    });
  });
  return router;
}

function lineOf({ key, name, kind, sentence_zh, began_on }: ExperimentOverview): object {
  const what = kind === "variants" ? "话术对比" : "对照组";
  return { key, name, what, sentence: sentence_zh, began: began_on };
}

function upliftFigures(uplift: Uplift): object {
  const { from, to, touchpoint_id: touchpoint, assigned, held_out: held } = uplift;
  return {
    ...{ from, to, sentence: uplift.sentence_zh },
    drawn: figure(assigned.occurrences, armUrl({ from, to }, "drawn", { touchpoint })),
    held: figure(held.occurrences, armUrl({ from, to }, "held", { touchpoint })),
  };
}

/** A number that opens to its tasks; nothing has none. */
function figure(n: number, href: string): { text: string; href: string } {
  return { text: count(n), href: n > 0 ? href : "" };
}

function figuresOf(one: ExperimentFigures): object {
  const { counted } = one;
  const open = (part: ArmPart, n: number, variant: number | null) =>
    figure(n, counted ? armUrl(counted, part, { touchpoint: counted.touchpoint_id, variant }) : "");
  return {
    ...{ ...lineOf(one), number: one.number, ended: one.ended_on, winner: one.winner },
    arms: one.arms.map(({ key, share, variant, assigned, sent, replied, rate }) => ({
      ...{ key, share, assigned: open("assigned", assigned, variant) },
      ...{ sent: open("sent", sent, variant), replied: open("replied", replied, variant) },
      rate: sayRate(rate),
    })),
  };
}

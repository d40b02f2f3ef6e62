// Experiments over HTTP: the same figures as the command line.
import Router from "@koa/router";
import { z } from "zod";
import { type ApiPaths, inPath, operation } from "../../infra/openapi.js";
import { readValues, type Step, shopDay } from "../../infra/web.js";
import type { ExperimentService } from "./service.js";

const day = shopDay.optional();
const upliftQuery = z.object({ from: day, to: day });

export interface ExperimentRoutesParts {
  experiments: ExperimentService;
  /** refuses who may not see figures of the whole brand */
  guard: Step;
}

/** GET /api/experiments, /api/experiments/:journey, /api/experiments/:journey/:touchpoint, its uplift, /api/uplift. */
export function experimentRoutes({ experiments, guard }: ExperimentRoutesParts): Router {
  const router = new Router();
  router.get("/api/experiments", guard, async (ctx) => {
    ctx.body = { experiments: await experiments.list() };
  });
  router.get("/api/uplift", guard, async (ctx) => {
    ctx.body = { touchpoints: await experiments.league(readValues(upliftQuery, ctx.query, "query")) };
  });
  router.get("/api/experiments/:journey", guard, async (ctx) => {
    ctx.body = { experiments: await experiments.show(ctx.params.journey ?? "") };
  });
  router.get("/api/experiments/:journey/:touchpoint", guard, async (ctx) => {
    ctx.body = { experiments: await experiments.show(`${ctx.params.journey}/${ctx.params.touchpoint}`) };
  });
  router.get("/api/experiments/:journey/:touchpoint/uplift", guard, async (ctx) => {
    const span = readValues(upliftQuery, ctx.query, "query");
    ctx.body = await experiments.uplift(`${ctx.params.journey}/${ctx.params.touchpoint}`, span);
  });
  return router;
}

/** What the API says about them. */
export function experimentPaths(): ApiPaths {
  const date = { required: false, schema: { type: "string", format: "date" } };
  const span = ["from", "to"].map((name) => ({ name, in: "query", ...date }));
  const [journey, touchpoint] = [inPath("journey"), inPath("touchpoint")];
  const get = (answer: string, parameters: object[]) => ({ get: operation(answer, { parameters, answer }) });
  return {
    "/api/experiments": get("Experiments in force", []),
    "/api/experiments/{journey}": get("A journey's hold-outs", [journey]),
    "/api/experiments/{journey}/{touchpoint}": get("A touchpoint's experiments with their figures", [
      journey,
      touchpoint,
    ]),
    "/api/experiments/{journey}/{touchpoint}/uplift": get("What a touchpoint changes", [
      journey,
      touchpoint,
      ...span,
    ]),
    "/api/uplift": get("What all touchpoints with a hold-out change", span),
  };
}

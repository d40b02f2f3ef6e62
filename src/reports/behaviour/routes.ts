// WeCom's own figures over HTTP, at an address of their own.
import Router from "@koa/router";
import { z } from "zod";
import type { Viewer } from "../../identity/viewer.js";
import { type ApiPaths, inQuery, operation } from "../../infra/openapi.js";
import { readValues, type Step, type Web } from "../../infra/web.js";
import { reportQuery } from "../routes.js";
import type { BehaviourAsk, BehaviourService } from "./service.js";

const query = reportQuery.pick({ from: true, to: true, within: true }).extend({
  by: z.enum(["below", "store", "guide", "day"], { error: "below, store, guide or day" }).default("below"),
});

export interface BehaviourRoutesParts {
  behaviour: BehaviourService;
  /** refuses who may not see figures */
  guard: Step;
  viewerOf(ctx: Web): Viewer;
}

/** GET /api/statistics?from&to&by&within. */
export function behaviourRoutes({ behaviour, guard, viewerOf }: BehaviourRoutesParts): Router {
  const router = new Router();
  router.get("/api/statistics", guard, async (ctx) => {
    const ask = readValues(query, ctx.query, "query");
    ctx.body = await behaviour.behaviour(viewerOf(ctx), ask as BehaviourAsk);
  });
  return router;
}

/** What the API says about them. */
export function behaviourPaths(): ApiPaths {
  return {
    "/api/statistics": {
      get: operation("WeCom's own figures of guides", {
        parameters: inQuery(query),
        answer: "What guides did, as WeCom counts it; it measures guides' answers, not customers' replies",
      }),
    },
  };
}

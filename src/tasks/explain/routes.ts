// Explain over HTTP.
import Router from "@koa/router";
import { z } from "zod";
import type { Viewer } from "../../identity/viewer.js";
import { type ApiPaths, inPath, operation } from "../../infra/openapi.js";
import { readValues, type Step, shopDay, type Web } from "../../infra/web.js";
import type { ExplainService } from "./service.js";

/** What may be asked in a query string. */
const explainQuery = z.object({
  on: shopDay.optional(),
});

export interface ExplainRoutesParts {
  explain: ExplainService;
  /** refuses who may not see customers */
  guard: Step;
  viewerOf(ctx: Web): Viewer;
}

/** GET /api/customers/:customer/timeline?on. */
export function explainRoutes({ explain, guard, viewerOf }: ExplainRoutesParts): Router {
  const router = new Router();
  router.get("/api/customers/:customer/timeline", guard, async (ctx) => {
    const { on } = readValues(explainQuery, ctx.query, "query");
    const customer = ctx.params.customer ?? "";
    ctx.body = await explain.explain(viewerOf(ctx), { customer, ...(on ? { on } : {}) });
  });
  return router;
}

/** What the API says about it. */
export function explainPaths(): ApiPaths {
  const on = { name: "on", in: "query", schema: { type: "string", format: "date" } };
  return {
    "/api/customers/{customer}/timeline": {
      get: operation(
        "What became of every touchpoint for a customer, and will; each with its reason and a sentence",
        {
          parameters: [
            { ...inPath("customer"), description: "external_userid" },
            { ...on, description: "only this day" },
          ],
          answer: "The timeline",
        },
      ),
    },
  };
}

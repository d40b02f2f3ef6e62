// Explain over HTTP.
import Router from "@koa/router";
import { z } from "zod";
import type { Viewer } from "../../identity/viewer.js";
import { type ApiPaths, json, REFUSALS } from "../../infra/openapi.js";
import { readValues, type Step, type Web } from "../../infra/web.js";
import { isShopDay } from "../../kernel/calendar.js";
import type { ExplainService } from "./service.js";

/** What may be asked in a query string. */
export const explainQuery = z.object({
  on: z.string().refine(isShopDay, "a date YYYY-MM-DD").optional(),
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
  const parameters = [
    {
      name: "customer",
      in: "path",
      required: true,
      schema: { type: "string" },
      description: "external_userid",
    },
    { name: "on", in: "query", schema: { type: "string", format: "date" }, description: "only this day" },
  ];
  return {
    "/api/customers/{customer}/timeline": {
      get: {
        summary:
          "What became of every touchpoint for a customer, and will; each with its reason and a sentence",
        security: [{ session: [] }],
        parameters,
        responses: { "200": { description: "The timeline", ...json({ type: "object" }) }, ...REFUSALS },
      },
    },
  };
}

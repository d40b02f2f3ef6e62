// The forecast over HTTP: of what is published, or of a draft beside it.
import Router from "@koa/router";
import { z } from "zod";
import { type ApiPaths, inQuery, operation, schemaOf } from "../../infra/openapi.js";
import { bodyOf, readValues, type Step, shopDay } from "../../infra/web.js";
import { type Draft, type ForecastService, MOST_DAYS } from "./service.js";

const days = `1 to ${MOST_DAYS}`;
const shared = { from: shopDay.optional() };

/** What may be asked in a query string. */
export const forecastQuery = z.object({
  ...shared,
  days: z
    .string()
    .regex(/^\d{1,2}$/, days)
    .transform(Number),
  without_caps: z.enum(["true", "false"], { error: "true or false" }).optional(),
});

/** What may be asked in a body. */
export const forecastBody = z.strictObject({
  ...shared,
  days: z.int(days),
  without_caps: z.boolean("true or false").optional(),
  draft: z
    .union([z.string(), z.record(z.string(), z.unknown())], {
      error: "a journey as data, or the key of one whose draft is stored",
    })
    .describe("a journey as data, or the key of one whose draft is stored")
    .optional(),
});

export interface ForecastRoutesParts {
  forecasts: ForecastService;
  /** Reads and checks a draft. Raises a Refusal that tells every fault. */
  readDraft(draft: string | object): Promise<Draft>;
  /** refuses who may not see what is planned for all */
  guard: Step;
  csrf: Step;
}

/** GET /api/forecast?days&from&without_caps; POST /api/forecast, with a draft. */
export function forecastRoutes({ forecasts, readDraft, guard, csrf }: ForecastRoutesParts): Router {
  const router = new Router();
  router.get("/api/forecast", guard, async (ctx) => {
    const { without_caps, ...ask } = readValues(forecastQuery, ctx.query, "query");
    ctx.body = await forecasts.forecast({ ...ask, withoutCaps: without_caps === "true" });
  });
  router.post("/api/forecast", guard, csrf, async (ctx) => {
    const { without_caps, draft, ...ask } = readValues(forecastBody, bodyOf(ctx), "body");
    const read = draft === undefined ? undefined : await readDraft(draft);
    ctx.body = await forecasts.forecast({ ...ask, withoutCaps: without_caps, draft: read });
  });
  return router;
}

/** What the API says about it. */
export function forecastPaths(): ApiPaths {
  const answer = "The days ahead";
  return {
    "/api/forecast": {
      get: operation("What the days ahead will bring, by day, touchpoint and region", {
        ...{ parameters: inQuery(forecastQuery), answer },
      }),
      post: operation("The same, of a draft too: its days, those of what is published, and the difference", {
        ...{ body: schemaOf(forecastBody), answer },
      }),
    },
  };
}

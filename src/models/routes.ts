// Models over HTTP: what their back-tests found.
import { Router } from "@koa/router";
import type { Step } from "../infra/web.js";
import type { ModelService } from "./service.js";

export interface ModelRouteParts {
  models: Pick<ModelService, "backtests">;
  /** lets in headquarters */
  guard: Step;
}

/** GET /api/models. */
export function modelRoutes({ models, guard }: ModelRouteParts): Router {
  const router = new Router();
  router.get("/api/models", guard, async (ctx) => {
    ctx.body = { backtests: await models.backtests() };
  });
  return router;
}

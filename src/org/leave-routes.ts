// Leaves over HTTP, for HQ and for managers within their sight; and what the API says about them.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Viewer } from "../identity/viewer.js";
import { type ApiPaths, inQuery, operation, schemaOf } from "../infra/openapi.js";
import { bodyOf, readValues, type Step, shopDay, type Web } from "../infra/web.js";
import type { LeaveService } from "./leave-service.js";

const userid = z.string().min(1).max(64);

const leaveQuery = z.object({ guide: userid.optional(), on: shopDay.optional() });
const leaveBody = z.object({
  guide_userid: userid,
  from_on: shopDay,
  to_on: shopDay,
  deputy_userid: userid.nullish(),
});
const leaveKey = z.object({ guide_userid: userid, from_on: shopDay });

export interface LeaveRouteParts {
  leaves: LeaveService;
  /** lets in who may keep leaves */
  guard: Step;
  /** of a person's own page */
  csrf: Step;
  viewerOf(ctx: Web): Viewer;
}

/** GET, PUT and DELETE /api/leave. */
export function leaveRoutes({ leaves, guard, csrf, viewerOf }: LeaveRouteParts): Router {
  const router = new Router();
  router.get("/api/leave", guard, async (ctx) => {
    const { guide, on } = readValues(leaveQuery, ctx.query, "query");
    ctx.body = {
      leaves: await leaves.list(viewerOf(ctx), { ...(guide ? { guide } : {}), ...(on ? { on } : {}) }),
    };
  });
  router.put("/api/leave", guard, csrf, async (ctx) => {
    const body = readValues(leaveBody, bodyOf(ctx), "body");
    const { guide_userid, from_on: fromOn, to_on: toOn, deputy_userid } = body;
    const deputy = deputy_userid === undefined ? {} : { deputyUserid: deputy_userid };
    const written = await leaves.put(viewerOf(ctx), { userid: guide_userid, fromOn, toOn, ...deputy });
    ctx.body = { written };
  });
  router.delete("/api/leave", guard, csrf, async (ctx) => {
    const key = readValues(leaveKey, ctx.query, "query");
    await leaves.cancel(viewerOf(ctx), key.guide_userid, key.from_on);
    ctx.body = { cancelled: true };
  });
  return router;
}

/** What the API says about it. */
export function leavePaths(): ApiPaths {
  return {
    "/api/leave": {
      get: operation("Leaves that are not over, or those of one guide or day, within the caller's sight", {
        parameters: inQuery(leaveQuery),
        answer: "The leaves",
      }),
      put: operation("Enter a guide's leave, or change the one that begins on that day", {
        body: schemaOf(leaveBody),
        answer: "new, changed or unchanged",
      }),
      delete: operation("Take a leave back: what deputies have not confirmed goes back to the guide", {
        parameters: inQuery(leaveKey),
        answer: "Taken back",
      }),
    },
  };
}

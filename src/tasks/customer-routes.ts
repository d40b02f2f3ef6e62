// What a CRM tells of customers as people: two ids are one person, or somebody wants to be forgotten.
import { Router } from "@koa/router";
import { z } from "zod";
import { senderOf } from "../identity/guard.js";
import { type ApiPaths, json, REFUSALS, schemaOf } from "../infra/openapi.js";
import { bodyOf, readValues, type Step, type Web } from "../infra/web.js";
import type { CustomerChanges } from "./customer-changes.js";

const id = z
  .string("an external_userid")
  .trim()
  .min(1, "an external_userid")
  .max(64, "at most 64 characters");
const mergeBody = z.strictObject({
  from: id.describe("The id that is given up; what comes under it from now on is the other's"),
  into: id.describe("The id the person goes by"),
});
const eraseBody = z.strictObject({ external_userid: id });

interface CustomerRouteParts {
  changes: CustomerChanges;
  /** lets in machines with a key */
  apiKey: Step;
}

/** POST /api/customers/merge, /api/customers/erase. */
export function customerChangeRoutes({ changes, apiKey }: CustomerRouteParts): Router {
  const router = new Router();
  const by = (ctx: Web) => `api:${senderOf(ctx).id}`;
  router.post("/api/customers/merge", apiKey, async (ctx) => {
    ctx.body = await changes.merge({ ...readValues(mergeBody, bodyOf(ctx), "body"), by: by(ctx) });
  });
  router.post("/api/customers/erase", apiKey, async (ctx) => {
    const { external_userid: customer } = readValues(eraseBody, bodyOf(ctx), "body");
    ctx.body = await changes.erase({ customer, by: by(ctx) });
  });
  return router;
}

/** The same, as the API describes it. */
export function customerChangePaths(): ApiPaths {
  const post = (summary: string, body: z.ZodType) => ({
    post: {
      ...{ summary, security: [{ apiKey: [] }], requestBody: { required: true, ...json(schemaOf(body)) } },
      responses: { "200": { description: "Counts of tasks", ...json({ type: "object" }) }, ...REFUSALS },
    },
  });
  return {
    "/api/customers/merge": post("Two external ids are one person", mergeBody),
    "/api/customers/erase": post("Erase what is personal of a customer; counts stay", eraseBody),
  };
}

// What a CRM pushes to us over HTTP: arrays of rows, each answered.
import { Router } from "@koa/router";
import { z } from "zod";
import type { RowStatus } from "../infra/upserts.js";
import { bodyOf, readValues, type Step } from "../infra/web.js";
import { INCOMING, type TableName } from "./import-tables.js";
import type { CustomerService } from "./service.js";

export interface CustomerRouteParts {
  customers: Pick<CustomerService, "push" | "faults">;
  /** lets in machines with a key */
  apiKey: Step;
  /** lets in who may see the state of the house */
  guard: Step;
}

/** How rows are pushed. */
export const pushQuery = z.object({
  trigger: z
    .enum(["true", "false"], { error: "true or false" })
    .default("true")
    .describe("false: a bulk load; nothing of it falls due for days up to today"),
});

/** How much of the data-quality list is wanted. */
export const faultsQuery = z.object({
  limit: z.coerce
    .number("a number")
    .int("a whole number")
    .min(0, "0 to 1000")
    .max(1_000, "0 to 1000")
    .default(100),
});

/** GET /api/faults; POST /api/stores, /api/guides, /api/leaves, /api/customers, /api/children, /api/orders, /api/transfers. */
export function customerRoutes({ customers, apiKey, guard }: CustomerRouteParts): Router {
  const router = new Router();
  router.get("/api/faults", guard, async (ctx) => {
    ctx.body = await customers.faults(readValues(faultsQuery, ctx.query, "query").limit);
  });
  for (const { table } of INCOMING) {
    router.post(`/api/${table.name}`, apiKey, async (ctx) => {
      const { trigger } = readValues(pushQuery, ctx.query, "query");
      const way = { trigger: trigger === "true" };
      const results = await customers.push(table.name as TableName, bodyOf(ctx), way);
      const counts: Record<RowStatus, number> = { new: 0, changed: 0, unchanged: 0, refused: 0 };
      for (const { status: kind } of results) counts[kind]++;
      ctx.body = { counts, results };
    });
  }
  return router;
}

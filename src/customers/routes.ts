// What a CRM pushes to us over HTTP: arrays of rows, each answered.
import { Router } from "@koa/router";
import type { RowStatus } from "../infra/upserts.js";
import { bodyOf, type Step } from "../infra/web.js";
import { INCOMING, type TableName } from "./import-tables.js";
import type { CustomerService } from "./service.js";

export interface CustomerRouteParts {
  customers: Pick<CustomerService, "push">;
  /** lets in machines with a key */
  apiKey: Step;
}

/** POST /api/stores, /api/guides, /api/leaves, /api/customers, /api/children, /api/orders, /api/transfers. */
export function customerRoutes({ customers, apiKey }: CustomerRouteParts): Router {
  const router = new Router();
  for (const { table } of INCOMING) {
    router.post(`/api/${table.name}`, apiKey, async (ctx) => {
      const results = await customers.push(table.name as TableName, bodyOf(ctx));
      const counts: Record<RowStatus, number> = { new: 0, changed: 0, unchanged: 0, refused: 0 };
      for (const { status: kind } of results) counts[kind]++;
      ctx.body = { counts, results };
    });
  }
  return router;
}

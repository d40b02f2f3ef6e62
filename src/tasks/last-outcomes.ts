// How the last follow-up by hand of a customer went: it stands beside why it is their turn again.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { monthAndDay } from "./said-days.js";

/** By customer: 上次回访（3月2日）：接通，想试二段. Those never reported of are not in it. */
export async function lastOutcomes(
  sql: Sql,
  customerIds: readonly number[],
  zone: string,
): Promise<Map<number, string>> {
  const rows = await selectIn<{ customerId: number; at: number; outcome: string; note: string | null }>(
    sql,
    "SELECT customer_id AS customerId, at, outcome, note FROM task_outcome WHERE customer_id IN",
    [...new Set(customerIds)],
    { tail: " ORDER BY customer_id, at" },
  );
  return new Map(
    rows.map(({ customerId, at, outcome, note }) => [
      customerId,
      `上次回访（${monthAndDay(shopDayOf(Number(at), zone))}）：${[outcome, note].filter(Boolean).join("，")}`,
    ]),
  );
}

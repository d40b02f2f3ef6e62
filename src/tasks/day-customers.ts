// Customers whose turn comes on a calendar day, for the statement that makes tasks: the shape of anchors, read from the
// table of customers in runs of ids.

import { BUCKETS } from "../customers/buckets.js";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import type { Param, Sql } from "../infra/store.js";
import type { Occasion } from "../journeys/days.js";
import type { ShopDay } from "../kernel/calendar.js";

/** `a` and what holds of it: customers by the names of anchors' columns. Who joined after the due day is not among them. */
export function customersAsAnchors({ on, buckets }: Occasion, dueOn: ShopDay) {
  const columns = `id AS customer_id, 0 AS child_no, 0 AS cycle_on, '${on}' AS on_date, guide_id, quiet_through, bucket,
    joined_on`;
  const where: { sql: string; params: Param[] }[] = [
    { sql: "(a.joined_on IS NULL OR a.joined_on <= ?)", params: [dueOn] },
  ];
  if (buckets.from > 0 || buckets.to < BUCKETS - 1)
    where.push({ sql: "a.bucket BETWEEN ? AND ?", params: [buckets.from, buckets.to] });
  return { from: `(SELECT ${columns} FROM customer WHERE ${IS_SOMEBODY}) a`, where };
}

/** Runs of customer ids, each of about `most` customers whose turn it is; `anchors` is what a run costs. Runs are read
 *  whole for the sake of some, so where few of many are due they are no longer than eight times that. */
export async function customerRuns(
  sql: Sql,
  { buckets }: Occasion,
  most: number,
): Promise<{ after: number; upTo: number; anchors: number }[]> {
  const row = await sql.row<{ least: number | null; last: number | null }>(
    "SELECT MIN(id) AS least, MAX(id) AS last FROM customer",
  );
  const share = Math.min(8, BUCKETS / (buckets.to - buckets.from + 1));
  const width = Math.max(1, Math.floor(most * share));
  const runs: { after: number; upTo: number; anchors: number }[] = [];
  const last = row?.last ?? 0;
  for (let after = (row?.least ?? 1) - 1; after < last; after += width)
    runs.push({ after, upTo: after + width, anchors: most });
  const only = runs.length === 1 ? runs[0] : undefined;
  // a small brand's day goes together with others'
  if (only) only.anchors = Math.min(most, Math.ceil((last - only.after) / share));
  return runs;
}

// What customers received of mass messages, as far as we know: ours, and those guides made without us; and what a limit
// of the chat system kept back. Best effort: the chat system's own refusal stands above it.
import { chunked, grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { firstOfMonth, type ShopDay } from "../kernel/calendar.js";

/** Mass messages of a customer. */
export interface Received {
  today: number;
  month: number;
  /** the chat system said so today: no more */
  full: boolean;
}

/** What guides' own mass sends brought these customers, and who is full today; the others are not named. */
export async function receivedOf(
  sql: Sql,
  customerIds: readonly number[],
  today: ShopDay,
): Promise<Map<number, Received>> {
  const received = await selectIn<{ customerId: number; sentOn: ShopDay }>(
    sql,
    "SELECT customer_id AS customerId, sent_on AS sentOn FROM mass_receipt WHERE sent_on BETWEEN ? AND ? AND customer_id IN",
    customerIds,
    { params: [firstOfMonth(today), today] },
  );
  const full = await selectIn<{ customerId: number }>(
    sql,
    "SELECT DISTINCT customer_id AS customerId FROM limit_hit WHERE on_day = ? AND told_by = 'channel' AND customer_id IN",
    customerIds,
    { params: [today] },
  );
  const found = new Map<number, Received>();
  for (const [customerId, rows] of grouped(received, (row) => row.customerId))
    found.set(customerId, {
      today: rows.filter(({ sentOn }) => sentOn === today).length,
      month: rows.length,
      full: false,
    });
  for (const { customerId } of full)
    found.set(customerId, { ...(found.get(customerId) ?? { today: 0, month: 0 }), full: true });
  return found;
}

const BATCH = 1000;

/** Writes down that a limit kept these tasks from going on a day: once a task and day, at the place of its offer.
 *  `channel`: the chat system said so when the guide sent; `ledger`: we knew before. */
export async function noteLimits(
  sql: Sql,
  taskIds: readonly number[],
  on: ShopDay,
  toldBy: "channel" | "ledger",
): Promise<void> {
  for (const ids of chunked(taskIds, BATCH)) {
    const these = `FROM task WHERE id IN (${marks(ids.length)}) AND guide_id IS NOT NULL`;
    await sql.run(
      `${sql.dialect.insertIgnore} INTO limit_hit (task_id, on_day, customer_id, guide_id, store_id, region_id,
         touchpoint_id, variant, told_by)
       SELECT id, ?, customer_id, guide_id, COALESCE(store_id, 0), COALESCE(region_id, 0), touchpoint_id, variant, ? ${these}`,
      [on, toldBy, ...ids],
    );
    await sql.run(`INSERT INTO rollup_mark (on_day, guide_id) SELECT DISTINCT ?, guide_id ${these}`, [
      on,
      ...ids,
    ]);
  }
}

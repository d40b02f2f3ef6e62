// Which tasks were merged into which: siblings of whom one message speaks.
import { chunked, grouped, insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

/** A task merged into another. */
export interface Part {
  leadId: number;
  taskId: number;
  customerId: number;
  childNo: number;
  anchorOn: ShopDay;
}

/** Writes down which tasks went into which lead. One that led others brings them along. */
export async function putParts(sql: Sql, parts: ReadonlyMap<number, readonly number[]>): Promise<void> {
  for (const [leadId, ids] of parts)
    await sql.run(`UPDATE bundle_part SET lead_id = ? WHERE lead_id IN (${marks(ids.length)})`, [
      leadId,
      ...ids,
    ]);
  const rows = [...parts].flatMap(([leadId, ids]) => ids.map((id) => [leadId, id]));
  await insertRows(sql, "INSERT INTO bundle_part (lead_id, task_id)", rows);
}

/** What was merged into these tasks, by lead. */
export async function partsOf(sql: Sql, leadIds: readonly number[]): Promise<Map<number, Part[]>> {
  const rows = await selectIn<Part>(
    sql,
    `SELECT b.lead_id AS leadId, b.task_id AS taskId, t.customer_id AS customerId, t.child_no AS childNo,
       t.anchor_on AS anchorOn
     FROM bundle_part b${sql.dialect.force("PRIMARY")} JOIN task t ON t.id = b.task_id WHERE b.lead_id IN`,
    leadIds,
    { forced: true },
  );
  return grouped(rows, ({ leadId }) => leadId);
}

const BATCH = 1000;

/** Takes bundles apart; gives what was merged into these leads. */
export async function dissolve(sql: Sql, leadIds: readonly number[]): Promise<Part[]> {
  const parts = [...(await partsOf(sql, leadIds)).values()].flat();
  if (parts.length === 0) return [];
  const ids = parts.map(({ taskId }) => taskId);
  for (const some of chunked(ids, BATCH))
    await sql.run(`DELETE FROM bundle_part WHERE task_id IN (${marks(some.length)})`, some);
  return parts;
}

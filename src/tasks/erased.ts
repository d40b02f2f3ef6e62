// Tasks whose customers were erased while words were on their way to them: nothing is offered anew, no words are kept.
import { erasedCustomers } from "../customers/known-ids.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";

/** Those of these tasks whose customers have been erased, by id. */
export async function erasedAmong(
  sql: Sql,
  tasks: readonly { id: number; customerId: number }[],
): Promise<Set<number>> {
  const gone = await erasedCustomers(sql, [...new Set(tasks.map(({ customerId }) => customerId))]);
  return new Set(tasks.filter(({ customerId }) => gone.has(customerId)).map(({ id }) => id));
}

/** Forgets the words of hand-overs that were one erased customer's alone and are over. */
export async function forgetHandOvers(sql: Sql, taskIds: readonly number[]): Promise<void> {
  if (taskIds.length === 0) return;
  const here = `task_id IN (${marks(taskIds.length)})`;
  await sql.run(
    `UPDATE hand_over SET words = '' WHERE customers = 1 AND state IN ('confirmed', 'stopped', 'failed', 'absent', 'dropped')
       AND id IN (SELECT hand_over_id FROM hand_over_task WHERE ${here})`,
    taskIds,
  );
}

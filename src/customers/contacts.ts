// Contacts (customer, guide) as files and pushes change them: who the owner is, and since when.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { CustomerChange } from "./writing.js";

/** The key of a pair in `endedPairs`. */
export function pairOf(customerId: number, guideId: number): string {
  return `${customerId}:${guideId}`;
}

/** The pairs of these customers whose contact has ended. */
export async function endedPairs(sql: Sql, customerIds: readonly number[]): Promise<Set<string>> {
  const rows = await selectIn<{ customerId: number; guideId: number }>(
    sql,
    `SELECT customer_id AS customerId, guide_id AS guideId FROM contact
     WHERE ended_on IS NOT NULL AND customer_id IN`,
    customerIds,
  );
  return new Set(rows.map(({ customerId, guideId }) => pairOf(customerId, guideId)));
}

/** Gives each customer a contact with their owner: since they joined for the first owner, since today for a later one.
 *  Where joined_on was corrected, the contact that began with it follows. */
export async function writeOwners(
  sql: Sql,
  changes: readonly CustomerChange[],
  today: ShopDay,
): Promise<void> {
  const rows = changes.flatMap(({ before, after }) => {
    if (after.guideId === null || after.guideId === before?.guideId) return [];
    return [[after.id, after.guideId, before?.guideId ? today : after.joinedOn]];
  });
  await insertRows(sql, `${sql.dialect.insertIgnore} INTO contact (customer_id, guide_id, began_on)`, rows);
  for (const { before, after } of changes) {
    if (!before || before.joinedOn === after.joinedOn || before.guideId !== after.guideId) continue;
    await sql.run(
      `UPDATE contact SET began_on = ? WHERE customer_id = ? AND guide_id = ?
       AND (began_on = ? OR began_on IS NULL)`,
      [after.joinedOn, after.id, after.guideId, before.joinedOn],
    );
  }
}

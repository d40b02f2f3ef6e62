// Customers handed over from one guide to another, by HQ or because the first has left; and those who declined.
import { insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshAnchors } from "./anchors.js";

/** Those of these customers who did not want the guide they were handed over to. */
export async function declinedTransfers(sql: Sql, customerIds: readonly number[]): Promise<Set<number>> {
  const rows = await selectIn<{ id: number }>(
    sql,
    "SELECT customer_id AS id FROM transfer WHERE declined = 1 AND customer_id IN",
    customerIds,
  );
  return new Set(rows.map(({ id }) => id));
}

/** A customer with their owner. */
export interface Owned {
  id: number;
  guideId: number | null;
}

/** Hands customers over: the new guide owns them from today, the contact with the old one is over. Their anchors
 *  follow, and with them what is planned. Part of a transaction. */
export async function handOverTo(
  sql: Sql,
  customers: readonly Owned[],
  toGuideId: number,
  today: ShopDay,
): Promise<void> {
  const others = customers.filter(({ guideId }) => guideId !== toGuideId);
  if (others.length === 0) return;
  await endOwners(sql, others, today);
  const ids = others.map(({ id }) => id);
  const here = `(${marks(ids.length)})`;
  await sql.run(
    `UPDATE contact SET began_on = CASE WHEN ended_on IS NULL THEN began_on ELSE ? END, ended_on = NULL
     WHERE guide_id = ? AND customer_id IN ${here}`,
    [today, toGuideId, ...ids],
  );
  await insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO contact (customer_id, guide_id, began_on)`,
    ids.map((id) => [id, toGuideId, today]),
  );
  await sql.run(`UPDATE customer SET guide_id = ?, owner_named = 1 WHERE id IN ${here}`, [toGuideId, ...ids]);
  await note(
    sql,
    others.map(({ id, guideId }) => [id, guideId, toGuideId, today, 0]),
  );
  await refreshAnchors(sql, ids, { today, quietThrough: null });
}

/** Customers who declined: the guide they were handed over to loses them, and so does the one who has left. Another
 *  who knows them may be named; until then nobody owns them. */
export async function declineTransfer(sql: Sql, customers: readonly Owned[], today: ShopDay): Promise<void> {
  if (customers.length === 0) return;
  await endOwners(sql, customers, today);
  const ids = customers.map(({ id }) => id);
  await sql.run(
    `UPDATE customer SET guide_id = NULL, owner_named = 0 WHERE id IN (${marks(ids.length)})`,
    ids,
  );
  await note(
    sql,
    customers.map(({ id, guideId }) => [id, guideId, null, today, 1]),
  );
  await refreshAnchors(sql, ids, { today, quietThrough: null });
}

async function endOwners(sql: Sql, customers: readonly Owned[], today: ShopDay): Promise<void> {
  const ids = customers.map(({ id }) => id);
  await sql.run(
    `UPDATE contact SET ended_on = ? WHERE ended_on IS NULL AND customer_id IN (${marks(ids.length)})
       AND guide_id = (SELECT c.guide_id FROM customer c WHERE c.id = contact.customer_id)`,
    [today, ...ids],
  );
}

async function note(sql: Sql, rows: (number | string | null)[][]): Promise<void> {
  await insertRows(
    sql,
    "INSERT INTO transfer (customer_id, from_guide_id, to_guide_id, on_day, declined)",
    rows,
    sql.dialect.onConflict(["customer_id"], ["from_guide_id", "to_guide_id", "on_day", "declined"]),
  );
}

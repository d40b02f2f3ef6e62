// Children, orders and hand-overs an import brought, taken back.
import { chunked } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Sql } from "../../infra/store.js";
import { refreshAnchors } from "../anchors.js";
import { loadChildren, putChildren, type StoredChild } from "../child-writes.js";
import { loadOrders, ordersChanged, putOrders, type StoredOrder } from "../order-writes.js";
import { customerIds } from "../queries.js";
import { handOverTo } from "../transfers.js";
import { pin, type UndoKind } from "./undo-words.js";

const nobody = async () => new Set<string>();

/** How children are taken back. */
export const undoChildren: UndoKind<StoredChild> = {
  kind: "children",
  load: async (sql, logged) => {
    const all = await loadChildren(sql, [...new Set(logged.map(({ customerId }) => customerId ?? 0))]);
    return new Map(logged.flatMap(({ key }) => entry(key, all.get(key))));
  },
  inUse: nobody,
  remove: async (sql, rows, { today }) => {
    for (const { customerId, childNo } of rows)
      await sql.run("DELETE FROM child WHERE customer_id = ? AND child_no = ?", [customerId, childNo]);
    const ids = rows.map(({ customerId }) => customerId);
    await refreshAnchors(sql, ids, { today, quietThrough: null, parts: ["children"] });
    return 0;
  },
  restore: (sql, rows, { today }) =>
    putChildren(
      sql,
      rows.map(({ was }) => was),
      { today, quietThrough: null },
    ),
  pins: (row, undoing) => pin(undoing, "customers", row.customerId),
};

/** How orders are taken back. */
export const undoOrders: UndoKind<StoredOrder> = {
  kind: "orders",
  load: (sql, logged) =>
    loadOrders(
      sql,
      logged.map(({ key }) => key),
    ),
  inUse: nobody,
  remove: async (sql, rows, { today }) => {
    for (const some of chunked(rows, 200))
      await sql.run(`DELETE FROM customer_order WHERE order_no IN (${marks(some.length)})`, [
        ...some.map(({ orderNo }) => orderNo),
      ]);
    const ids = [...new Set(rows.map(({ customerId }) => customerId))];
    await ordersChanged(sql, ids, { today, quietThrough: null });
    return 0;
  },
  restore: (sql, rows, { today }) =>
    putOrders(
      sql,
      rows.map(({ now, was }) => ({ before: now, after: was })),
      { today, quietThrough: null },
    ),
  pins: (row, undoing) => pin(undoing, "customers", row.customerId),
};

/** A customer's owner, as hand-overs change it. */
interface Owner {
  id: number;
  guideId: number | null;
}

/** How hand-overs are taken back: the guide before has the customer again. */
export const undoTransfers: UndoKind<Owner> = {
  kind: "transfers",
  load: async (sql, logged) => {
    const ids = await customerIds(
      sql,
      logged.map(({ key }) => key),
    );
    const owners = await ownersOf(sql, [...ids.values()]);
    return new Map([...ids].flatMap(([key, id]) => entry(key, owners.get(id))));
  },
  inUse: nobody,
  remove: async () => 0,
  restore: async (sql, rows, { today }) => {
    for (const { now, was } of rows)
      if (was.guideId !== null) await handOverTo(sql, [now], was.guideId, today);
      else await freed(sql, now, today);
  },
  pins: (row, undoing) => pin(undoing, "customers", row.id),
};

async function ownersOf(sql: Sql, ids: readonly number[]): Promise<Map<number, Owner>> {
  const found = new Map<number, Owner>();
  for (const some of chunked(ids, 200)) {
    const rows = await sql.rows<Owner>(
      `SELECT id, guide_id AS guideId FROM customer WHERE id IN (${marks(some.length)})`,
      some,
    );
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** Nobody had them before. */
async function freed(sql: Sql, { id, guideId }: Owner, today: string): Promise<void> {
  await sql.run(
    "UPDATE contact SET ended_on = ? WHERE customer_id = ? AND guide_id = ? AND ended_on IS NULL",
    [today, id, guideId],
  );
  await sql.run("UPDATE customer SET guide_id = NULL, owner_named = 0 WHERE id = ?", [id]);
  await sql.run("DELETE FROM transfer WHERE customer_id = ?", [id]);
  await refreshAnchors(sql, [id], { today, quietThrough: null });
}

function entry<T>(key: string, row: T | undefined): [string, T][] {
  return row === undefined ? [] : [[key, row]];
}

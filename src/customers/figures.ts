// Keeps what a customer's orders come to: one narrow row each, computed anew from the orders whenever one is written.
import { setImmediate as turn } from "node:timers/promises";
import { insertRows, selectIn } from "../infra/batches.js";
import type { Dialect } from "../infra/dialect.js";
import type { Param, Sql, Store } from "../infra/store.js";
import { daysBetween, type ShopDay } from "../kernel/calendar.js";
import { limitsOn } from "./anchor-rules.js";

interface Summed {
  customerId: number;
  orders: number;
  purchases: number;
  quantity: number;
  amount: number | null;
  firstOn: ShopDay;
  lastOn: ShopDay;
}

/** The same orders that anchors count: not refunded, with a believable date. */
const summedFrom = ({ force }: Dialect) => `SELECT customer_id AS customerId, COUNT(*) AS orders,
    COUNT(DISTINCT ordered_on) AS purchases, SUM(quantity) AS quantity, SUM(amount) AS amount,
    MIN(ordered_on) AS firstOn, MAX(ordered_on) AS lastOn
  FROM customer_order${force("customer_order_day")}
  WHERE status <> 'refunded' AND ordered_on BETWEEN ? AND ? AND customer_id IN`;

const COLUMNS = ["orders", "purchases", "quantity", "amount_cents", "first_on", "last_on", "span_days"];

/** Writes the figures of these customers. Call it in the transaction that wrote the orders, when the customers are
 *  locked. One whose orders are all gone keeps a row of nothing. */
export async function writeFigures(sql: Sql, customerIds: readonly number[], today: ShopDay): Promise<void> {
  const ids = [...new Set(customerIds)].sort((a, b) => a - b);
  const found = await selectIn<Summed>(sql, summedFrom(sql.dialect), ids, {
    params: limitsOn(today).days,
    tail: " GROUP BY customer_id",
    forced: true,
  });
  const summed = new Map(found.map((row) => [row.customerId, row]));
  await insertRows(
    sql,
    `INSERT INTO customer_figure (customer_id, ${COLUMNS.join(", ")})`,
    ids.map((id) => valuesOf(id, summed.get(id))),
    sql.dialect.onConflict(["customer_id"], COLUMNS),
  );
}

function valuesOf(id: number, row: Summed | undefined): Param[] {
  if (!row) return [id, 0, 0, 0, 0, null, null, 0];
  const { orders, purchases, quantity, amount, firstOn, lastOn } = row;
  const cents = Math.round(Number(amount ?? 0) * 100);
  const span = daysBetween(firstOn, lastOn);
  return [id, Number(orders), Number(purchases), Number(quantity), cents, firstOn, lastOn, span];
}

/** Customers in one transaction of a rebuild: some 20 ms. */
const PIECE = 500;

/** Computes every customer's figures anew; gives how many customers have orders. Orders written meanwhile are counted
 *  by whoever writes them. */
export async function rebuildFigures(store: Store, today: ShopDay): Promise<number> {
  let done = 0;
  for (let after = 0; ; ) {
    const ids = await nextBuyers(store.read, after);
    const upTo = ids.length < PIECE ? 2 ** 31 - 1 : (ids.at(-1) ?? after);
    await store.write(async (sql) => {
      const buyers = ids.length > 0 ? await lockedOf(sql, ids) : [];
      await sql.run(
        `DELETE FROM customer_figure WHERE customer_id > ? AND customer_id <= ?
           AND NOT EXISTS (SELECT 1 FROM customer_order o WHERE o.customer_id = customer_figure.customer_id)`,
        [after, upTo],
      );
      await writeFigures(sql, buyers, today);
    });
    done += ids.length;
    if (ids.length < PIECE) return done;
    after = upTo;
    await turn();
  }
}

async function nextBuyers(sql: Sql, after: number): Promise<number[]> {
  const rows = await sql.rows<{ id: number }>(
    `SELECT DISTINCT customer_id AS id FROM customer_order WHERE customer_id > ? ORDER BY customer_id LIMIT ${PIECE}`,
    [after],
  );
  return rows.map(({ id }) => id);
}

/** These customers, locked against writers of their orders. */
async function lockedOf(sql: Sql, ids: readonly number[]): Promise<number[]> {
  const head = `SELECT id FROM customer${sql.dialect.force("PRIMARY")} WHERE id IN`;
  const rows = await selectIn<{ id: number }>(sql, head, ids, { tail: sql.dialect.forUpdate, forced: true });
  return rows.map(({ id }) => id);
}

const BUILT = "figures_built";

/** Computes the figures once in a database whose orders are older than they are. */
export async function buildFiguresOnce(store: Store, today: ShopDay): Promise<number> {
  const built = await store.read.row("SELECT value FROM setting WHERE name = ?", [BUILT]);
  if (built) return 0;
  const done = await rebuildFigures(store, today);
  await store.write((sql) =>
    sql.run(`${sql.dialect.insertIgnore} INTO setting (name, value) VALUES (?, ?)`, [BUILT, today]),
  );
  return done;
}

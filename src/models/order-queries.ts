// Reads of orders and their figures for the models, always in ranges of customers.
import { limitsOn } from "../customers/anchor-rules.js";
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { OrderRow } from "./supplies.js";

/** What a customer's orders come to, as `customer_figure` has it. */
export interface FigureRow {
  customerId: number;
  /** 0: all orders were refunded */
  purchases: number;
  quantity: number;
  firstOn: ShopDay | null;
  lastOn: ShopDay | null;
  spanDays: number;
}

const ORDERS = `SELECT customer_id AS customerId, ordered_on AS orderedOn, quantity, category, subcategory
  FROM customer_order`;
const SORTED = " ORDER BY customer_id, ordered_on, id";

/** The orders of a range of customers, by customer and day: not refunded, with a believable date up to `until`. */
export function ordersBetween(sql: Sql, from: number, to: number, until: ShopDay): Promise<OrderRow[]> {
  return sql.rows<OrderRow>(
    `${ORDERS}${sql.dialect.force("customer_order_day")}
     WHERE customer_id BETWEEN ? AND ? AND ordered_on BETWEEN ? AND ? AND status <> 'refunded'${SORTED}`,
    [from, to, limitsOn(until).days[0], until],
  );
}

/** The orders of these customers that count on `today`, the same way. */
export function ordersOf(sql: Sql, customerIds: readonly number[], today: ShopDay): Promise<OrderRow[]> {
  return selectIn<OrderRow>(
    sql,
    `${ORDERS}${sql.dialect.force("customer_order_day")}
     WHERE status <> 'refunded' AND ordered_on BETWEEN ? AND ? AND customer_id IN`,
    customerIds,
    { params: limitsOn(today).days, tail: SORTED, forced: true },
  );
}

const FIGURES = `SELECT f.customer_id AS customerId, f.purchases, f.quantity, f.first_on AS firstOn, f.last_on AS lastOn,
    f.span_days AS spanDays
  FROM customer_figure f`;

/** The figures of the customers after one id up to another. */
export function figuresBetween(sql: Sql, after: number, to: number): Promise<FigureRow[]> {
  return sql.rows<FigureRow>(
    `${FIGURES} WHERE f.customer_id > ? AND f.customer_id <= ? ORDER BY f.customer_id`,
    [after, to],
  );
}

/** Of these only whose figures are others than their values were computed from. */
export function changedBetween(sql: Sql, after: number, to: number): Promise<FigureRow[]> {
  return sql.rows<FigureRow>(
    `${FIGURES} LEFT JOIN model_value v ON v.customer_id = f.customer_id
     WHERE f.customer_id > ? AND f.customer_id <= ?
       AND ((v.customer_id IS NULL AND f.purchases > 0)
         OR (v.customer_id IS NOT NULL AND (f.last_on IS NULL OR v.purchases <> f.purchases OR v.quantity <> f.quantity
           OR v.span_days <> f.span_days OR v.last_on <> f.last_on)))
     ORDER BY f.customer_id`,
    [after, to],
  );
}

/** What there is: the last customer with figures, the last day with an order not after `today`, the newest order. */
export async function extentOf(
  sql: Sql,
  today: ShopDay,
): Promise<{ lastCustomer: number; lastDay: ShopDay | null; lastOrder: number }> {
  const one = async (text: string, params: string[] = []) =>
    (await sql.row<{ most: number | string | null }>(text, params))?.most ?? null;
  return {
    lastCustomer: Number((await one("SELECT MAX(customer_id) AS most FROM customer_figure")) ?? 0),
    lastDay: (await one(
      "SELECT MAX(on_date) AS most FROM anchor WHERE kind = 'last_order' AND on_date <= ?",
      [today],
    )) as ShopDay | null,
    lastOrder: Number((await one("SELECT MAX(id) AS most FROM customer_order")) ?? 0),
  };
}

// Writes orders by order_no, and the anchors and figures that follow.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Param, Sql } from "../infra/store.js";
import { given, keptChanges, overlay, type Placed, type RowOutcome, unknownKey } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshAnchors } from "./anchors.js";
import { writeFigures } from "./figures.js";
import { underKnownIds } from "./known-ids.js";
import { customerIds } from "./queries.js";
import type { OrderRow } from "./tables.js";
import type { Writing } from "./writing.js";

/** An order as stored. */
export interface StoredOrder {
  orderNo: string;
  customerId: number;
  orderedOn: ShopDay;
  quantity: number;
  amount: number | null;
  channel: string | null;
  status: string;
  category: string | null;
  subcategory: string | null;
}

const COLUMNS = [
  ...["order_no", "customer_id", "ordered_on", "quantity", "amount", "channel", "status"],
  ...["category", "subcategory"],
];

/** Upserts orders. One of a customer we do not know is refused. What a row leaves out stays as it is. */
export async function writeOrders(
  sql: Sql,
  incoming: readonly Placed<OrderRow>[],
  writing: Writing,
): Promise<RowOutcome[]> {
  const rows = await underKnownIds(sql, incoming);
  const idOf = await customerIds(
    sql,
    rows.map(({ row }) => row.externalUserid),
  );
  const stored = await loadOrders(sql, [...new Set(rows.map(({ row }) => row.orderNo))]);
  const { outcomes, written } = overlay(
    rows,
    stored,
    (row) => row.orderNo,
    (placed, before) => {
      const customerId = idOf.get(placed.row.externalUserid);
      if (customerId !== undefined) return laidOver(placed.row, customerId, before);
      return [unknownKey(placed, "external_userid", placed.row.externalUserid, "a customer")];
    },
  );
  const changes = [...written.values()];
  const kept = () =>
    keptChanges(written, ({ orderNo }) => orderNo).map((change, index) => ({
      ...change,
      customerId: changes[index]?.after.customerId ?? 0,
    }));
  if (writing.keep) await writing.keep(sql, "orders", kept());
  await putOrders(sql, changes, writing);
  return outcomes;
}

/** An order before a write and after it. */
export interface OrderChange {
  before: StoredOrder | undefined;
  after: StoredOrder;
}

/** Makes orders what they are to be; anchors and figures follow. */
export async function putOrders(
  sql: Sql,
  changes: readonly OrderChange[],
  writing: Pick<Writing, "today" | "quietThrough">,
): Promise<void> {
  const head = `INSERT INTO customer_order (${COLUMNS.join(", ")})`;
  const tail = sql.dialect.onConflict(["order_no"], COLUMNS.slice(1));
  await insertRows(
    sql,
    head,
    changes.map(({ after }) => valuesOf(after)),
    tail,
  );
  // an order that turns out to be another customer's leaves the first one's dates behind
  const touched = changes.flatMap(({ before, after }) => [
    after.customerId,
    before?.customerId ?? after.customerId,
  ]);
  await ordersChanged(sql, touched, writing);
}

/** What follows from orders of these customers follows anew. */
export async function ordersChanged(
  sql: Sql,
  customerIds: readonly number[],
  { today, quietThrough }: Pick<Writing, "today" | "quietThrough">,
): Promise<void> {
  await refreshAnchors(sql, customerIds, { today, quietThrough, parts: ["orders"] });
  await writeFigures(sql, customerIds, today);
}

/** Orders by their number, as they are stored. */
export async function loadOrders(sql: Sql, orderNos: readonly string[]): Promise<Map<string, StoredOrder>> {
  const found = await selectIn<StoredOrder>(
    sql,
    `SELECT order_no AS orderNo, customer_id AS customerId, ordered_on AS orderedOn, quantity, amount, channel,
       status, category, subcategory
     FROM customer_order${sql.dialect.force("order_no")} WHERE order_no IN`,
    orderNos,
    { forced: true },
  );
  return new Map(found.map((order) => [order.orderNo, order]));
}

function laidOver(row: OrderRow, customerId: number, before: StoredOrder | undefined): StoredOrder {
  return {
    orderNo: row.orderNo,
    customerId,
    orderedOn: row.orderedOn,
    quantity: given(row.quantity, before?.quantity) ?? 1,
    amount: given(row.amount, before?.amount),
    channel: given(row.channel, before?.channel),
    status: given(row.status, before?.status) ?? "paid",
    category: given(row.category, before?.category),
    subcategory: given(row.subcategory, before?.subcategory),
  };
}

function valuesOf(order: StoredOrder): Param[] {
  const { orderNo, customerId, orderedOn, quantity, amount, channel, status, category, subcategory } = order;
  return [orderNo, customerId, orderedOn, quantity, amount, channel, status, category, subcategory];
}

// Reads what decides the anchors of many customers at once, and locks them while it is looked at.
import { grouped, selectIn } from "../infra/batches.js";
import type { Dialect } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Facts, Limits, Part } from "./anchor-rules.js";

interface CustomerFacts {
  customerId: number;
  guideId: number | null;
  joinedOn: ShopDay | null;
  ownerSince: ShopDay | null;
  birthday: ShopDay | null;
  stopped: number;
}

interface ChildFacts {
  customerId: number;
  childNo: number;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
}

interface OrderFacts {
  customerId: number;
  firstOrder: ShopDay | null;
  lastOrder: ShopDay | null;
  oddOrder: ShopDay | null;
}

const customersFrom = ({ force }: Dialect) => `SELECT c.id AS customerId, c.guide_id AS guideId,
    c.joined_on AS joinedOn, ct.began_on AS ownerSince, c.birthday, c.stopped
  FROM customer c${force("PRIMARY")}
  LEFT JOIN contact ct ON ct.customer_id = c.id AND ct.guide_id = c.guide_id AND ct.ended_on IS NULL
  WHERE c.id IN`;

/** The same without what only the customer's own part asks for. */
const bareCustomersFrom = ({
  force,
}: Dialect) => `SELECT id AS customerId, guide_id AS guideId, NULL AS joinedOn,
    NULL AS ownerSince, NULL AS birthday, stopped
  FROM customer${force("PRIMARY")} WHERE id IN`;

const childrenFrom = ({ force }: Dialect) => `SELECT customer_id AS customerId, child_no AS childNo,
    born_on AS bornOn, due_on AS dueOn
  FROM child${force("PRIMARY")} WHERE customer_id IN`;

/** A refunded order counts for nothing; one that nobody can believe is only shown. */
const ordersFrom = ({ force }: Dialect) => `SELECT customer_id AS customerId,
    MIN(CASE WHEN ordered_on BETWEEN ? AND ? THEN ordered_on END) AS firstOrder,
    MAX(CASE WHEN ordered_on BETWEEN ? AND ? THEN ordered_on END) AS lastOrder,
    MAX(CASE WHEN ordered_on NOT BETWEEN ? AND ? THEN ordered_on END) AS oddOrder
  FROM customer_order${force("customer_order_day")} WHERE status <> 'refunded' AND customer_id IN`;

const NOTHING = { firstOrder: null, lastOrder: null, oddOrder: null };

/** The facts of these customers, as far as the parts need them. Their rows stay locked until the transaction ends:
 *  two writers of one customer's orders would otherwise each compute the last one without the other's. */
export async function loadFacts(
  sql: Sql,
  customerIds: readonly number[],
  parts: readonly Part[],
  { days }: Limits,
): Promise<Facts[]> {
  const { dialect } = sql;
  const read = <T>(head: string, more = {}) => selectIn<T>(sql, head, customerIds, { forced: true, ...more });
  const from = parts.includes("self") ? customersFrom : bareCustomersFrom;
  const customers = await read<CustomerFacts>(from(dialect), { tail: dialect.forUpdate });
  const children = parts.includes("children") ? await read<ChildFacts>(childrenFrom(dialect)) : [];
  const params = [...days, ...days, ...days];
  const orders = parts.includes("orders")
    ? await read<OrderFacts>(ordersFrom(dialect), { params, tail: " GROUP BY customer_id" })
    : [];
  const childrenOf = grouped(children, (child) => child.customerId);
  const ordersOf = new Map(orders.map((row) => [row.customerId, row]));
  return customers.map((customer) => {
    const { customerId, guideId, joinedOn, ownerSince, birthday } = customer;
    const bought = ordersOf.get(customerId) ?? NOTHING;
    return {
      customerId,
      guideId,
      joinedOn,
      ownerSince,
      birthday,
      stopped: customer.stopped === 1,
      children: childrenOf.get(customerId) ?? [],
      firstOrder: bought.firstOrder,
      lastOrder: bought.lastOrder,
      oddOrder: bought.oddOrder,
    };
  });
}

// All that is known of one customer, for the page HQ and managers open: their own data, whose they are, what they bought.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Consent } from "./consent.js";
import { shownPhone } from "./hits.js";
import { isErased } from "./known-ids.js";

/** A friendship, living or over. */
export interface CardContact {
  guideId: number;
  guide: string;
  store: string;
  beganOn: ShopDay | null;
  endedOn: ShopDay | null;
  /** what the guide calls the customer in the chat system */
  remark: string | null;
}

export interface CardChild {
  childNo: number;
  name: string | null;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
  sex: string | null;
}

export interface CardOrder {
  orderNo: string;
  orderedOn: ShopDay;
  quantity: number;
  amount: number | null;
  status: string;
  category: string | null;
  channel: string | null;
}

/** A date touchpoints count from. */
export interface CardAnchor {
  kind: string;
  childNo: number;
  onDate: ShopDay;
  /** yyyymmdd: of what lasts the first date it ever had, of all else the day of the order it belongs to */
  cycleOn: number;
}

/** A date nobody can believe. */
export interface CardFault {
  childNo: number;
  field: string;
  value: string | null;
  reason: string;
}

/** What the orders come to. */
export interface CardSum {
  orders: number;
  quantity: number;
  amountCents: number;
  firstOn: ShopDay | null;
  lastOn: ShopDay | null;
}

interface OwnRow extends Consent {
  id: number;
  externalUserid: string;
  name: string;
  guideId: number | null;
  guide: string | null;
  guideUserid: string | null;
  guideLeftOn: ShopDay | null;
  store: string | null;
  storeCode: string | null;
  joinedOn: ShopDay | null;
  source: string | null;
  level: string | null;
  brandPreference: string | null;
  birthday: ShopDay | null;
  stopped: number;
  bucket: number;
  quietThrough: ShopDay | null;
  mergedInto: number | null;
  phoneCipher: string | null;
}

export interface CustomerCard extends Omit<OwnRow, "phoneCipher" | "mergedInto"> {
  /** 138****1234; null: unknown */
  phone: string | null;
  contacts: CardContact[];
  children: CardChild[];
  sum: CardSum | null;
  orders: CardOrder[];
  anchors: CardAnchor[];
  faults: CardFault[];
  /** ids that turned out to be the same person's */
  otherIds: string[];
}

/** Orders shown. */
const ORDERS = 10;

/** A customer's own row; `mergedInto` leads to whom they turned out to be. Undefined: nobody, or erased. */
export async function ownRow(sql: Sql, id: number): Promise<OwnRow | undefined> {
  const row = await sql.row<OwnRow>(
    `SELECT c.id, c.external_userid AS externalUserid, c.name, c.guide_id AS guideId, g.name AS guide,
       g.userid AS guideUserid, g.left_on AS guideLeftOn, s.name AS store, s.code AS storeCode,
       c.joined_on AS joinedOn, c.source, c.level, c.brand_preference AS brandPreference, c.birthday, c.stopped,
       c.opted_out AS optedOut, c.opted_out_by AS optedOutBy, c.opted_out_at AS optedOutAt, c.bucket,
       c.quiet_through AS quietThrough, c.merged_into AS mergedInto, c.phone_cipher AS phoneCipher
     FROM customer c LEFT JOIN guide g ON g.id = c.guide_id LEFT JOIN store s ON s.id = g.store_id WHERE c.id = ?`,
    [id],
  );
  return row && !isErased(row.externalUserid) ? row : undefined;
}

/** The card around a customer's own row. */
export async function cardOf(
  sql: Sql,
  { phoneCipher, mergedInto: _merged, ...row }: OwnRow,
  secretKey: Buffer,
): Promise<CustomerCard> {
  const of = <T>(text: string) => sql.rows<T>(text, [row.id]);
  const sums = await of<CardSum>(
    `SELECT orders, quantity, amount_cents AS amountCents, first_on AS firstOn, last_on AS lastOn
     FROM customer_figure WHERE customer_id = ?`,
  );
  const others = await of<{ externalUserid: string }>(
    "SELECT external_userid AS externalUserid FROM customer_merge WHERE into_id = ? ORDER BY external_userid",
  );
  return {
    ...row,
    phone: shownPhone(phoneCipher, secretKey),
    contacts: await of<CardContact>(CONTACTS),
    children: await childrenOf(sql, row.id),
    sum: sums[0] ? numbersOf(sums[0]) : null,
    orders: await of<CardOrder>(LATEST_ORDERS),
    anchors: await of<CardAnchor>(
      `SELECT kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn FROM anchor
       WHERE customer_id = ? AND on_date IS NOT NULL ORDER BY child_no, on_date`,
    ),
    faults: await of<CardFault>(
      `SELECT child_no AS childNo, field, value, reason FROM data_fault WHERE customer_id = ? ORDER BY child_no, field`,
    ),
    otherIds: others.map(({ externalUserid }) => externalUserid),
  };
}

/** A customer's children by number. */
export function childrenOf(sql: Sql, customerId: number): Promise<CardChild[]> {
  return sql.rows<CardChild>(
    `SELECT child_no AS childNo, name, born_on AS bornOn, due_on AS dueOn, sex FROM child
     WHERE customer_id = ? ORDER BY child_no`,
    [customerId],
  );
}

const CONTACTS = `SELECT k.guide_id AS guideId, g.name AS guide, s.name AS store, k.began_on AS beganOn,
    k.ended_on AS endedOn, f.remark
  FROM contact k JOIN guide g ON g.id = k.guide_id JOIN store s ON s.id = g.store_id
    LEFT JOIN follow f ON f.customer_id = k.customer_id AND f.guide_id = k.guide_id
  WHERE k.customer_id = ? ORDER BY k.ended_on IS NOT NULL, k.began_on DESC, k.guide_id`;

const LATEST_ORDERS = `SELECT order_no AS orderNo, ordered_on AS orderedOn, quantity, amount, status, category, channel
  FROM customer_order WHERE customer_id = ? ORDER BY ordered_on DESC, id DESC LIMIT ${ORDERS}`;

function numbersOf({ orders, quantity, amountCents, ...days }: CardSum): CardSum {
  return {
    ...days,
    ...{ orders: Number(orders), quantity: Number(quantity), amountCents: Number(amountCents) },
  };
}

// All a guide should know of a contact of theirs before they write: who they are, what they bought, what was said last,
// what went out before and what came back.
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { childrenOf } from "./current-customer.js";
import { type TodayItem, todaysList } from "./queries.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** A customer as their guide sees them. */
export interface CustomerCard {
  id: number;
  externalUserid: string;
  name: string;
  level: string | null;
  brandPreference: string | null;
  birthday: ShopDay | null;
  joinedOn: ShopDay | null;
  source: string | null;
  /** wants no messages */
  optedOut: boolean;
  /** HQ follows up no more (a loss, a complaint) */
  stopped: boolean;
  /** whether the friendship still holds */
  isFriend: boolean;
  /** 豆豆（6个月）, 预产期 2026-05-01 */
  children: string[];
  tags: string[];
  orders: CardOrder[];
  orderCount: number;
  /** the last lines of their chat with this guide, oldest first */
  chat: ChatLine[];
  /** what this guide sent them, newest first, and what came back */
  past: PastSend[];
  /** how calls and visits went, newest first */
  outcomes: { on: ShopDay; outcome: string; note: string | null; nextTouchOn: ShopDay | null }[];
  /** the guide's own tasks of today */
  items: TodayItem[];
}

export interface CardOrder {
  on: ShopDay;
  category: string | null;
  subcategory: string | null;
  quantity: number;
  amount: number | null;
  /** paid, refunded … as the shop says */
  status: string;
}

export interface ChatLine {
  /** epoch ms */
  at: number;
  from: "guide" | "customer";
  type: string;
  text: string | null;
  recalled: boolean;
}

export interface PastSend {
  on: ShopDay;
  touchpoint: string;
  words: string;
  replied: boolean;
  /** the first answer, where it was text */
  reply: string | null;
}

type Head = Pick<
  CustomerCard,
  "id" | "externalUserid" | "name" | "level" | "brandPreference" | "birthday" | "joinedOn" | "source"
> & { optedOut: number; stopped: number; isFriend: number };

const LINES = 12;
const ORDERS = 5;
const PAST = 8;
const OUTCOMES = 3;

/** The card. Only a guide's own contacts and those whose task they have today: anybody else is `not_found`. */
export async function customerCard(
  setup: TaskSetup,
  guideId: number,
  customerId: number,
): Promise<CustomerCard> {
  const { read } = setup.store;
  const items = (await todaysList(setup, guideId)).filter((item) => item.customerId === customerId);
  const head = await headOf(read, guideId, customerId, items.length > 0);
  if (!head) throw new Refusal("not_found", "没有找到这位客户，或者已经不是你的好友。");
  const today = dayOf(setup, setup.world.now());
  return {
    ...head,
    ...{ optedOut: head.optedOut !== 0, stopped: head.stopped !== 0, isFriend: head.isFriend !== 0 },
    children: await childrenOf(read, customerId, today),
    tags: await tagsOf(read, customerId),
    ...(await ordersOf(read, customerId)),
    chat: await chatOf(read, customerId, guideId),
    past: await pastOf(read, customerId, guideId),
    outcomes: await outcomesOf(read, customerId, setup.config.zone),
    items,
  };
}

async function headOf(
  sql: Sql,
  guideId: number,
  customerId: number,
  hasTask: boolean,
): Promise<Head | undefined> {
  const friend =
    "SELECT 1 FROM contact k WHERE k.customer_id = c.id AND k.guide_id = ? AND k.ended_on IS NULL";
  const reach = hasTask ? "" : `AND (c.guide_id = ? OR EXISTS (${friend}))`;
  return sql.row<Head>(
    `SELECT c.id, c.external_userid AS externalUserid, c.name, c.level, c.brand_preference AS brandPreference, c.birthday,
       c.joined_on AS joinedOn, c.source, c.opted_out AS optedOut, c.stopped,
       CASE WHEN EXISTS (${friend}) THEN 1 ELSE 0 END AS isFriend
     FROM customer c WHERE c.id = ? AND c.merged_into IS NULL ${reach}`,
    [guideId, customerId, ...(hasTask ? [] : [guideId, guideId])],
  );
}

async function tagsOf(sql: Sql, customerId: number): Promise<string[]> {
  const rows = await sql.rows<{ name: string }>(
    "SELECT DISTINCT name FROM customer_tag WHERE customer_id = ? ORDER BY name LIMIT 30",
    [customerId],
  );
  return rows.map(({ name }) => name);
}

async function ordersOf(sql: Sql, customerId: number): Promise<Pick<CustomerCard, "orders" | "orderCount">> {
  const all = await sql.row<{ n: number }>("SELECT COUNT(*) AS n FROM customer_order WHERE customer_id = ?", [
    customerId,
  ]);
  const orders = await sql.rows<CardOrder>(
    `SELECT ordered_on AS \`on\`, category, subcategory, quantity, amount, status FROM customer_order
     WHERE customer_id = ? ORDER BY ordered_on DESC, id DESC LIMIT ${ORDERS}`,
    [customerId],
  );
  return {
    orderCount: Number(all?.n ?? 0),
    orders: orders.map((one) => ({ ...one, amount: one.amount === null ? null : Number(one.amount) })),
  };
}

async function chatOf(sql: Sql, customerId: number, guideId: number): Promise<ChatLine[]> {
  const rows = await sql.rows<Omit<ChatLine, "recalled"> & { recalled: number }>(
    `SELECT sent_at AS at, sender AS \`from\`, type, text, recalled FROM message
     WHERE customer_id = ? AND guide_id = ? AND sender IN ('guide', 'customer')
     ORDER BY sent_at DESC, id DESC LIMIT ${LINES}`,
    [customerId, guideId],
  );
  return rows.reverse().map((row) => ({ ...row, at: Number(row.at), recalled: row.recalled !== 0 }));
}

async function pastOf(sql: Sql, customerId: number, guideId: number): Promise<PastSend[]> {
  const rows = await sql.rows<{
    taskId: number;
    on: ShopDay;
    words: string;
    name: string;
    repliedAt: number | null;
  }>(
    `SELECT d.task_id AS taskId, d.sent_on AS \`on\`, d.words, v.name, t.replied_at AS repliedAt
     FROM delivery d JOIN task t ON t.id = d.task_id
       JOIN touchpoint_version v ON v.version_id = t.version_id AND v.touchpoint_id = t.touchpoint_id
     WHERE d.customer_id = ? AND d.guide_id = ? ORDER BY d.sent_at DESC LIMIT ${PAST}`,
    [customerId, guideId],
  );
  const answers = await selectIn<{ taskId: number; text: string | null }>(
    sql,
    `SELECT task_id AS taskId, text FROM message
     WHERE customer_id = ? AND guide_id = ? AND sender = 'customer' AND recalled = 0 AND task_id IN`,
    rows.map(({ taskId }) => Number(taskId)),
    { params: [customerId, guideId], tail: " ORDER BY sent_at" },
  );
  const replies = grouped(answers, ({ taskId }) => Number(taskId));
  return rows.map(({ taskId, on, words, name, repliedAt }) => ({
    ...{ on, words, touchpoint: name, replied: repliedAt !== null },
    reply: replies.get(Number(taskId))?.find(({ text }) => text)?.text ?? null,
  }));
}

async function outcomesOf(sql: Sql, customerId: number, zone: string): Promise<CustomerCard["outcomes"]> {
  const rows = await sql.rows<{
    at: number;
    outcome: string;
    note: string | null;
    nextTouchOn: ShopDay | null;
  }>(
    `SELECT at, outcome, note, next_touch_on AS nextTouchOn FROM task_outcome
     WHERE customer_id = ? ORDER BY at DESC LIMIT ${OUTCOMES}`,
    [customerId],
  );
  return rows.map(({ at, ...row }) => ({ ...row, on: shopDayOf(Number(at), zone) }));
}

// The customer a guide is chatting with right now: what is known of them, and how they were followed up so far.
import type { Sql } from "../infra/store.js";
import { babyAge } from "../journeys/words.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { type TodayItem, todaysList } from "./queries.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** A customer as the side bar beside their chat shows them. */
export interface CurrentCustomer {
  id: number;
  name: string;
  level: string | null;
  /** 豆豆（6个月）, 大宝（2岁）, 预产期 2026-05-01 */
  children: string[];
  joinedOn: ShopDay | null;
  lastOrderOn: ShopDay | null;
  /** the guide's own tasks of today */
  items: TodayItem[];
  /** the latest follow-ups that went out, newest first */
  past: { sentOn: ShopDay; words: string; replied: boolean }[];
}

interface CustomerRow {
  id: number;
  name: string;
  level: string | null;
  joinedOn: ShopDay | null;
}

const PAST = 5;

/** The customer of a chat. Raises `not_found` for one who is nobody's here, or no contact of this guide. */
export async function currentCustomer(
  setup: TaskSetup,
  guideId: number,
  externalUserid: string,
): Promise<CurrentCustomer> {
  const { read } = setup.store;
  const customer = await contactOf(read, guideId, externalUserid);
  if (!customer)
    throw new Refusal("not_found", "还没有这位客户的资料。刚加的客户要过几分钟，再打开一次就有了。");
  const today = dayOf(setup, setup.world.now());
  const items = await todaysList(setup, guideId);
  return {
    ...customer,
    children: await childrenOf(read, customer.id, today),
    lastOrderOn: await lastOrderOf(read, customer.id),
    items: items.filter(({ customerId }) => customerId === customer.id),
    past: await pastOf(read, customer.id, guideId),
  };
}

/** Only a guide's own contacts: whose task they stand in for counts too. */
async function contactOf(sql: Sql, guideId: number, externalUserid: string): Promise<CustomerRow | null> {
  const row = await sql.row<CustomerRow>(
    `SELECT c.id, c.name, c.level, c.joined_on AS joinedOn FROM customer e
       JOIN customer c ON c.id = COALESCE(e.merged_into, e.id)
     WHERE e.external_userid = ? AND (c.guide_id = ? OR EXISTS (SELECT 1 FROM contact k
       WHERE k.customer_id = c.id AND k.guide_id = ? AND k.ended_on IS NULL))`,
    [externalUserid, guideId, guideId],
  );
  return row ?? null;
}

/** A customer's babies, by name and age, or when one is expected. */
export async function childrenOf(sql: Sql, customerId: number, today: ShopDay): Promise<string[]> {
  const rows = await sql.rows<{ name: string | null; bornOn: ShopDay | null; dueOn: ShopDay | null }>(
    "SELECT name, born_on AS bornOn, due_on AS dueOn FROM child WHERE customer_id = ? ORDER BY child_no",
    [customerId],
  );
  return rows.flatMap(({ name, bornOn, dueOn }) => {
    const age = bornOn ? babyAge(bornOn, today) : undefined;
    if (age) return [name ? `${name}（${age}）` : `宝宝（${age}）`];
    if (dueOn && !bornOn) return [`预产期 ${dueOn}`];
    return name ? [name] : [];
  });
}

async function lastOrderOf(sql: Sql, customerId: number): Promise<ShopDay | null> {
  const row = await sql.row<{ onDate: ShopDay | null }>(
    "SELECT on_date AS onDate FROM anchor WHERE customer_id = ? AND kind = 'last_order' AND child_no = 0",
    [customerId],
  );
  return row?.onDate ?? null;
}

async function pastOf(sql: Sql, customerId: number, guideId: number): Promise<CurrentCustomer["past"]> {
  const rows = await sql.rows<{ sentOn: ShopDay; words: string; repliedAt: number | null }>(
    `SELECT d.sent_on AS sentOn, d.words, t.replied_at AS repliedAt FROM delivery d
       JOIN task t ON t.id = d.task_id WHERE d.customer_id = ? AND d.guide_id = ? ORDER BY d.sent_at DESC LIMIT ${PAST}`,
    [customerId, guideId],
  );
  return rows.map(({ sentOn, words, repliedAt }) => ({ sentOn, words, replied: repliedAt !== null }));
}

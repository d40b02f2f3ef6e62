// Friendships as a whole list of them tells: what is missing is made, what differs follows, what was heard before stays.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { writeContactEvent } from "./contact-events.js";
import { type CarriedTags, writeCarriedTags } from "./corp-tags.js";
import { erasedAmong, mergedAway } from "./known-ids.js";
import type { ContactDays } from "./owners.js";
import { customerIds } from "./queries.js";

/** One friendship as told. */
export interface FollowTold {
  externalUserid: string;
  name: string;
  guideId: number;
  /** epoch ms */
  since: number;
  remark: string;
  state: string;
  addWay: number;
  tagIds: readonly string[];
  /** where a customer who is new came from; null: nobody can say */
  source: string | null;
}

export interface FollowWriting {
  today: ShopDay;
  zone: string;
  /** epoch ms, for the record */
  at: number;
  /** what falls due up to this day makes no task; null: everything may */
  quietThrough: ShopDay | null;
}

/** How many customers were made, and how many friendships were made or changed besides. */
export interface FollowsWritten {
  customers: number;
  changed: number;
  /** the customers told of, by pair with their guide */
  pairs: { customerId: number; guideId: number }[];
}

/** Writes friendships in the caller's transaction; the same again changes nothing. Customers who were erased stay so. */
export async function writeFollows(
  sql: Sql,
  all: readonly FollowTold[],
  writing: FollowWriting,
): Promise<FollowsWritten> {
  const ids = [...new Set(all.map(({ externalUserid }) => externalUserid))];
  const erased = await erasedAmong(sql, ids);
  const merged = await mergedAway(
    sql,
    all.map((row) => ({ row, where: "contacts", line: 1 })),
  );
  const told = all.filter(({ externalUserid }) => !erased.has(externalUserid));
  const asKnown = (id: string) => merged.get(id)?.known ?? id;
  const before = await customerIds(
    sql,
    told.map(({ externalUserid }) => asKnown(externalUserid)),
  );
  const contacts = await contactsOf(sql, [...before.values()]);
  const written: FollowsWritten = { customers: 0, changed: 0, pairs: [] };
  for (const one of told) {
    const id = before.get(asKnown(one.externalUserid));
    const day = shopDayOf(one.since, writing.zone);
    if (id !== undefined && !saysMore(contacts.get(`${id} ${one.guideId}`), day)) continue;
    const event = { kind: "added", guideId: one.guideId, externalUserid: one.externalUserid, day } as const;
    const { status } = await writeContactEvent(sql, event, writing.today, writing.quietThrough);
    if (status === "new") written.customers++;
    else if (status === "changed") written.changed++;
  }
  const idOf = await customerIds(
    sql,
    told.map(({ externalUserid }) => asKnown(externalUserid)),
  );
  const placed = told.flatMap((one) => {
    const customerId = idOf.get(asKnown(one.externalUserid));
    return customerId === undefined ? [] : [{ ...one, customerId }];
  });
  written.pairs = placed.map(({ customerId, guideId }) => ({ customerId, guideId }));
  // what a merged id carries says nothing of the person it went into
  const own = placed.filter(({ externalUserid }) => !merged.has(externalUserid));
  written.changed += await writeDetails(sql, own);
  written.changed += await writeCarriedTags(sql, own satisfies readonly CarriedTags[], writing.at);
  return written;
}

/** Whether a friendship of this day is news. A list goes on naming a customer who has removed the guide: only a beginning
 *  after that end begins anew. */
function saysMore(contact: ContactDays | undefined, day: ShopDay): boolean {
  if (!contact) return true;
  const { beganOn, endedOn } = contact;
  if (endedOn === null) return beganOn === null;
  return day > endedOn || (day === endedOn && beganOn !== null && beganOn < day);
}

async function contactsOf(sql: Sql, ids: readonly number[]): Promise<Map<string, ContactDays>> {
  const rows = await selectIn<ContactDays & { customerId: number }>(
    sql,
    `SELECT customer_id AS customerId, guide_id AS guideId, began_on AS beganOn, ended_on AS endedOn
     FROM contact WHERE customer_id IN`,
    ids,
  );
  return new Map(rows.map((row) => [`${row.customerId} ${row.guideId}`, row]));
}

type Placed = FollowTold & { customerId: number };

/** Remarks, states and the names of customers who have none; gives how many pairs differ from what was kept. */
async function writeDetails(sql: Sql, told: readonly Placed[]): Promise<number> {
  const kept = await selectIn<Omit<Placed, "tagIds">>(
    sql,
    `SELECT customer_id AS customerId, guide_id AS guideId, since, remark, state, add_way AS addWay
     FROM follow WHERE customer_id IN`,
    told.map(({ customerId }) => customerId),
  );
  const wordsOf = ({ since, remark, state, addWay }: Omit<Placed, "tagIds">) =>
    JSON.stringify([Number(since), remark, state, addWay]);
  const known = new Map(kept.map((row) => [`${row.customerId} ${row.guideId}`, wordsOf(row)]));
  const other = told.filter((one) => known.get(`${one.customerId} ${one.guideId}`) !== wordsOf(one));
  await insertRows(
    sql,
    "INSERT INTO follow (customer_id, guide_id, since, remark, state, add_way)",
    other.map((one) => [one.customerId, one.guideId, one.since, one.remark, one.state, one.addWay]),
    sql.dialect.onConflict(["customer_id", "guide_id"], ["since", "remark", "state", "add_way"]),
  );
  for (const { customerId, name } of other)
    if (name !== "")
      await sql.run("UPDATE customer SET name = ? WHERE id = ? AND name = ''", [
        name.slice(0, 120),
        customerId,
      ]);
  for (const { customerId, source } of other)
    if (source !== null)
      await sql.run("UPDATE customer SET source = ? WHERE id = ? AND source IS NULL", [source, customerId]);
  return other.length;
}

/** Ends the friendships of a guide with customers a whole list did not name. Gives how many. */
export async function endFollows(
  sql: Sql,
  pairs: readonly { customerId: number; guideId: number }[],
  today: ShopDay,
): Promise<number> {
  let ended = 0;
  for (const { customerId, guideId } of pairs) {
    const row = await sql.row<{ externalUserid: string }>(
      "SELECT external_userid AS externalUserid FROM customer WHERE id = ?",
      [customerId],
    );
    if (!row) continue;
    const event = { kind: "ended", guideId, externalUserid: row.externalUserid, day: today } as const;
    if ((await writeContactEvent(sql, event, today)).status === "changed") ended++;
  }
  return ended;
}

/** The friendships of guides that the chat system told of once and that last as far as we know, those that began on
 *  `from` or later left out. */
export async function livingOf(sql: Sql, guideIds: readonly number[], from: ShopDay) {
  return selectIn<{ customerId: number; guideId: number }>(
    sql,
    `SELECT f.customer_id AS customerId, f.guide_id AS guideId
     FROM follow f JOIN contact k ON k.customer_id = f.customer_id AND k.guide_id = f.guide_id
     WHERE k.ended_on IS NULL AND (k.began_on IS NULL OR k.began_on < ?) AND f.guide_id IN`,
    guideIds,
    { params: [from] },
  );
}

// Friendships begun and ended, as a chat system tells them: contacts, the owner, and the anchors that follow.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshAnchors } from "./anchors.js";
import { bucketOf } from "./buckets.js";
import { reviveErased, underKnownIds } from "./known-ids.js";
import { afterEvent, type ContactDays, ownerOf } from "./owners.js";

/** One event between a guide we know and a customer. */
export interface ContactEvent {
  kind: "added" | "ended";
  guideId: number;
  externalUserid: string;
  day: ShopDay;
}

/** What an event came to. `unknown`: it told the end of something we never knew. */
export interface ContactOutcome {
  status: "new" | "changed" | "unchanged" | "unknown";
  customerId?: number;
}

interface Known {
  id: number;
  guideId: number | null;
  ownerNamed: number;
  joinedOn: ShopDay | null;
}

/** Writes one event in the caller's transaction. A customer nobody told us of yet is made, with no more than the id.
 *  The same event again, or one older than what is known, changes nothing. `quietThrough`: what falls due up to that day
 *  makes no task. */
export async function writeContactEvent(
  sql: Sql,
  told: ContactEvent,
  today: ShopDay,
  quietThrough: ShopDay | null = null,
): Promise<ContactOutcome> {
  const [known] = await underKnownIds(sql, [{ row: told, where: "event", line: 1 }]);
  const event = known?.row ?? told;
  if (event.kind === "added") await reviveErased(sql, [event.externalUserid]);
  const { customer, isNew } = await findOrMake(sql, event, quietThrough);
  if (!customer) return { status: "unknown" };
  const contacts = await sql.rows<ContactDays>(
    "SELECT guide_id AS guideId, began_on AS beganOn, ended_on AS endedOn FROM contact WHERE customer_id = ?",
    [customer.id],
  );
  const after = afterEvent(
    contacts.find(({ guideId }) => guideId === event.guideId),
    event,
  );
  if (!after) return { status: isNew ? "new" : "unchanged", customerId: customer.id };
  await insertRows(
    sql,
    "INSERT INTO contact (customer_id, guide_id, began_on, ended_on)",
    [[customer.id, after.guideId, after.beganOn, after.endedOn]],
    sql.dialect.onConflict(["customer_id", "guide_id"], ["began_on", "ended_on"]),
  );
  const all = [...contacts.filter(({ guideId }) => guideId !== after.guideId), after];
  const owner = ownerOf(
    { guideId: customer.guideId, named: customer.ownerNamed === 1 },
    all,
    event.kind === "added" ? event.guideId : undefined,
  );
  await sql.run("UPDATE customer SET guide_id = ?, owner_named = ?, joined_on = ? WHERE id = ?", [
    ...[owner.guideId, Number(owner.named), customer.joinedOn ?? after.beganOn, customer.id],
  ]);
  await refreshAnchors(sql, [customer.id], { today, quietThrough });
  return { status: isNew ? "new" : "changed", customerId: customer.id };
}

async function findOrMake(
  sql: Sql,
  { kind, externalUserid }: ContactEvent,
  quietThrough: ShopDay | null,
): Promise<{ customer: Known | undefined; isNew: boolean }> {
  const find = () =>
    sql.row<Known>(
      `SELECT id, guide_id AS guideId, owner_named AS ownerNamed, joined_on AS joinedOn
       FROM customer WHERE external_userid = ?${sql.dialect.forUpdate}`,
      [externalUserid],
    );
  const known = await find();
  if (known || kind === "ended") return { customer: known, isNew: false };
  const insert = `${sql.dialect.insertIgnore} INTO customer (external_userid, name, bucket, quiet_through) VALUES (?, '', ?, ?)`;
  const { affected } = await sql.run(insert, [externalUserid, bucketOf(externalUserid), quietThrough]);
  return { customer: await find(), isNew: affected === 1 };
}

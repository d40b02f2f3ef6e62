// Messages into their table: in one transaction with the marks of what must follow.
import { selectIn } from "../infra/batches.js";
import { marks, rowMarks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { type ChatPair, markPairs } from "./pairs.js";
import type { ChatMessage } from "./port.js";
import type { ReplyRules } from "./reply-rules.js";
import { keepUrgent, takeBackUrgent } from "./urgent-rows.js";

/** `auto`: a text the chat system writes in the customer's or guide's name; it counts for nobody. */
export type Sender = "guide" | "customer" | "auto";

/** A message whose people are known. `recalled` without the message itself stands for one that is still to come. */
export interface LoggedMessage extends ChatPair {
  msgid: string;
  sender: Sender;
  /** epoch ms */
  at: number;
  type: string;
  text: string | null;
  source: ChatMessage["source"];
  recalled: boolean;
}

/** The longest text that is kept. */
export const LONGEST_TEXT = 8_000;

type There = {
  msgid: string;
  type: string;
  recalled: number;
  sender: string;
  sent_on: ShopDay;
  guide_id: number;
};

/** What keeping messages needs besides them. */
export interface Keeping {
  dayOf(ms: number): ShopDay;
  rules: Pick<ReplyRules, "judge">;
}

/** Writes some messages down, once each; gives how many were new to us, or newly taken back. */
export async function keepChunk(
  sql: Sql,
  messages: readonly LoggedMessage[],
  keeping: Keeping,
  again = true,
): Promise<number> {
  const { dayOf, rules } = keeping;
  const ids = messages.map(({ msgid }) => msgid);
  const rows = await selectIn<There>(
    sql,
    "SELECT msgid, type, recalled, sender, sent_on, guide_id FROM message WHERE msgid IN",
    ids,
  );
  const there = new Map(rows.map((row) => [row.msgid, row]));
  const fresh = messages.filter(({ msgid }) => !there.has(msgid));
  const recalls = messages.filter((message) => message.recalled && there.get(message.msgid)?.recalled === 0);
  const inserted = await insert(sql, fresh, dayOf);
  const accepted = inserted + (await recall(sql, recalls));
  const late = messages.filter(({ msgid, type }) => type !== RECALL && there.get(msgid)?.type === RECALL);
  await fillIn(sql, late, dayOf);
  await keepUrgent(sql, [...fresh, ...late], rules, dayOf);
  if (accepted > 0) {
    await markPairs(sql, [...fresh, ...recalls]);
    await markDays(sql, daysOf(fresh, recalls, there, dayOf));
  }
  // somebody else told some of them in this moment: a recall among ours must still find its message
  if (inserted < fresh.length && again) return accepted + (await keepChunk(sql, messages, keeping, false));
  return accepted;
}

/** The days and guides whose count of customers' messages changes. */
function daysOf(
  fresh: readonly LoggedMessage[],
  recalls: readonly LoggedMessage[],
  there: ReadonlyMap<string, There>,
  dayOf: (ms: number) => ShopDay,
): [ShopDay, number][] {
  const counted = fresh.filter(({ sender, recalled }) => sender === "customer" && !recalled);
  return [
    ...counted.map(({ at, guideId }): [ShopDay, number] => [dayOf(at), guideId]),
    ...recalls.flatMap(({ msgid }): [ShopDay, number][] => {
      const row = there.get(msgid);
      return row?.sender === "customer" ? [[row.sent_on, row.guide_id]] : [];
    }),
  ];
}

async function insert(
  sql: Sql,
  messages: readonly LoggedMessage[],
  dayOf: (ms: number) => ShopDay,
): Promise<number> {
  if (messages.length === 0) return 0;
  const places = await placesOf(sql, messages);
  const { affected } = await sql.run(
    `${sql.dialect.insertIgnore} INTO message (msgid, guide_id, store_id, region_id, customer_id, sender, sent_at,
       sent_on, type, text, source, recalled)
     VALUES ${rowMarks(messages.length, 12)}`,
    messages.flatMap((one) => [
      ...[one.msgid, one.guideId, ...(places.get(one.guideId) ?? [null, null])],
      ...[one.customerId, one.sender, one.at, dayOf(one.at)],
      ...[typeWord(one.type), one.text?.slice(0, LONGEST_TEXT) ?? null, one.source, one.recalled ? 1 : 0],
    ]),
  );
  return affected;
}

/** Each guide's store and its region as of now: figures stay where the message was written. */
async function placesOf(
  sql: Sql,
  messages: readonly LoggedMessage[],
): Promise<Map<number, [store: number, region: number | null]>> {
  const guides = [...new Set(messages.map(({ guideId }) => guideId))];
  const rows = await selectIn<{ id: number; store_id: number; region_id: number | null }>(
    sql,
    "SELECT g.id, g.store_id, s.region_id FROM guide g LEFT JOIN store s ON s.id = g.store_id WHERE g.id IN",
    guides,
  );
  return new Map(rows.map((row) => [row.id, [row.store_id, row.region_id]]));
}

/** The archive's type of what tells that a message was taken back: the type of its row until the message itself comes. */
const RECALL = "revoke";

/** Messages that come after it was told that they were taken back: the row is what it would be the other way round. */
async function fillIn(
  sql: Sql,
  messages: readonly LoggedMessage[],
  dayOf: (ms: number) => ShopDay,
): Promise<void> {
  for (const { msgid, sender, at, type, text } of messages)
    await sql.run(
      `UPDATE message SET sender = ?, sent_at = ?, sent_on = ?, type = ?, text = ? WHERE msgid = ? AND type = '${RECALL}'`,
      [sender, at, dayOf(at), typeWord(type), text?.slice(0, LONGEST_TEXT) ?? null, msgid],
    );
}

async function recall(sql: Sql, messages: readonly LoggedMessage[]): Promise<number> {
  if (messages.length === 0) return 0;
  const { affected } = await sql.run(
    `UPDATE message SET recalled = 1
     WHERE recalled = 0 AND msgid IN (${marks(messages.length)})`,
    messages.map(({ msgid }) => msgid),
  );
  await takeBackUrgent(
    sql,
    messages.map(({ msgid }) => msgid),
  );
  return affected;
}

/** The figures of these days and guides are to be counted anew. */
async function markDays(sql: Sql, days: readonly [ShopDay, number][]): Promise<void> {
  const once = [...new Map(days.map((day) => [day.join(" "), day])).values()];
  if (once.length === 0) return;
  await sql.run(`INSERT INTO rollup_mark (on_day, guide_id) VALUES ${rowMarks(once.length, 2)}`, once.flat());
}

/** A type as our column takes it; what we never heard of is `other`. */
export function typeWord(type: string): string {
  return /^[a-z0-9_-]{1,24}$/i.test(type) ? type.toLowerCase() : "other";
}

/** The shop day of an instant, remembered by quarter of an hour: no zone of today changes day within one. */
export function dayMemo(zone: string): (ms: number) => ShopDay {
  const quarter = 15 * 60_000;
  const days = new Map<number, ShopDay>();
  return (ms) => {
    const key = Math.floor(ms / quarter);
    const known = days.get(key);
    if (known !== undefined) return known;
    if (days.size > 5_000) days.clear();
    const day = shopDayOf(ms, zone);
    days.set(key, day);
    return day;
  };
}

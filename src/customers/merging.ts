// Two external ids that are one person: one customer stays, with all that was known of the other.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { CYCLIC_KINDS, NEXT_TOUCH } from "./anchor-rules.js";
import { refreshAnchors } from "./anchors.js";
import { markCustomers } from "./customer-marks.js";
import { NOTHING_PERSONAL } from "./erasing.js";
import { writeFigures } from "./figures.js";
import {
  type ChildData,
  type ContactDays,
  mergedChildren,
  mergedContact,
  mergedData,
  type OwnData,
} from "./merge-rules.js";

/** Who is merged into whom, by their external ids. */
export interface Merging {
  from: string;
  into: string;
  today: ShopDay;
  /** epoch ms */
  at: number;
  /** `account:3`, `api:crm`, `system` */
  by: string;
}

/** What a merge came to: `numbers` tells under which number each of the old one's children goes on. */
export interface Merged {
  fromId: number;
  intoId: number;
  numbers: ReadonlyMap<number, number>;
}

interface Stored extends OwnData {
  id: number;
  externalUserid: string;
  mergedInto: number | null;
}

/** The two customers, locked. Raises `not_found`, `invalid`, and `conflict` when one of them was merged before. */
export async function twoCustomers(
  sql: Sql,
  { from, into }: Pick<Merging, "from" | "into">,
): Promise<{ from: Stored; into: Stored }> {
  if (from === into) throw new Refusal("invalid", "这是同一个客户ID。");
  const rows = await sql.rows<Stored>(
    `SELECT id, external_userid AS externalUserid, name, guide_id AS guideId, owner_named AS ownerNamed,
       joined_on AS joinedOn, source, phone_cipher AS phoneCipher, phone_index AS phoneIndex, birthday,
       brand_preference AS brandPreference, level, opted_out AS optedOut, opted_out_by AS optedOutBy,
       opted_out_at AS optedOutAt, stopped, merged_into AS mergedInto
     FROM customer WHERE external_userid IN (?, ?) ORDER BY id${sql.dialect.forUpdate}`,
    [from, into],
  );
  const one = (id: string): Stored => {
    const found = rows.find(({ externalUserid }) => externalUserid === id);
    if (!found) throw new Refusal("not_found", `没有客户 ${id}。`);
    if (found.mergedInto !== null) throw new Refusal("conflict", `客户 ${id} 已经并入另一位客户。`);
    return found;
  };
  return { from: one(from), into: one(into) };
}

/** Merges one customer into another, whose anchors follow with their marks. Part of a transaction; what they are sent is
 *  not looked at here. */
export async function mergeCustomers(sql: Sql, merging: Merging): Promise<Merged> {
  const { from, into } = await twoCustomers(sql, merging);
  const data = mergedData(into, from);
  const columns = Object.entries({
    ...{ name: data.name, guide_id: data.guideId, owner_named: data.ownerNamed, joined_on: data.joinedOn },
    ...{ source: data.source, phone_cipher: data.phoneCipher, phone_index: data.phoneIndex },
    ...{ birthday: data.birthday, brand_preference: data.brandPreference, level: data.level },
    ...{ opted_out: data.optedOut, opted_out_by: data.optedOutBy, opted_out_at: data.optedOutAt },
    stopped: data.stopped,
  });
  await sql.run(`UPDATE customer SET ${columns.map(([name]) => `${name} = ?`).join(", ")} WHERE id = ?`, [
    ...[...columns.map(([, value]) => value), into.id],
  ]);
  const numbers = await moveChildren(sql, from.id, into.id);
  await moveContacts(sql, from.id, into.id);
  await moveRest(sql, from.id, into.id);
  await moveCycles(sql, from.id, into.id, numbers);
  await leaveName(sql, merging, from, into.id, numbers);
  await refreshAnchors(sql, [into.id], { today: merging.today, quietThrough: null });
  await writeFigures(sql, [from.id, into.id], merging.today);
  await markCustomers(sql, [into.id]);
  await markAnchors(sql, into.id);
  return { fromId: from.id, intoId: into.id, numbers };
}

async function moveChildren(sql: Sql, fromId: number, intoId: number): Promise<Map<number, number>> {
  const of = (id: number) =>
    sql.rows<ChildData>(
      `SELECT child_no AS childNo, name, born_on AS bornOn, due_on AS dueOn, sex FROM child
       WHERE customer_id = ? ORDER BY child_no`,
      [id],
    );
  const { children, numbers } = mergedChildren(await of(intoId), await of(fromId));
  await insertRows(
    sql,
    "INSERT INTO child (customer_id, child_no, name, born_on, due_on, sex)",
    children.map(({ childNo, name, bornOn, dueOn, sex }) => [intoId, childNo, name, bornOn, dueOn, sex]),
    sql.dialect.onConflict(["customer_id", "child_no"], ["name", "born_on", "due_on", "sex"]),
  );
  await sql.run("DELETE FROM child WHERE customer_id = ?", [fromId]);
  return numbers;
}

async function moveContacts(sql: Sql, fromId: number, intoId: number): Promise<void> {
  const rows = await sql.rows<ContactDays & { customerId: number; guideId: number }>(
    `SELECT customer_id AS customerId, guide_id AS guideId, began_on AS beganOn, ended_on AS endedOn
     FROM contact WHERE customer_id IN (?, ?)`,
    [fromId, intoId],
  );
  const own = new Map(rows.filter((row) => row.customerId === intoId).map((row) => [row.guideId, row]));
  const moved = rows.filter(({ customerId }) => customerId === fromId);
  await insertRows(
    sql,
    "INSERT INTO contact (customer_id, guide_id, began_on, ended_on)",
    moved.map((row) => {
      const known = own.get(row.guideId);
      const { beganOn, endedOn } = known ? mergedContact(known, row) : row;
      return [intoId, row.guideId, beganOn, endedOn];
    }),
    sql.dialect.onConflict(["customer_id", "guide_id"], ["began_on", "ended_on"]),
  );
  await sql.run("DELETE FROM contact WHERE customer_id = ?", [fromId]);
}

/** Orders, tags and what is written down about them. */
async function moveRest(sql: Sql, fromId: number, intoId: number): Promise<void> {
  await sql.run("UPDATE customer_order SET customer_id = ? WHERE customer_id = ?", [intoId, fromId]);
  await sql.run(
    `${sql.dialect.insertIgnore} INTO customer_tag (customer_id, name, source, given_at, given_by)
     SELECT ?, name, source, given_at, given_by FROM customer_tag WHERE customer_id = ?`,
    [intoId, fromId],
  );
  await sql.run("UPDATE customer_tag_past SET customer_id = ? WHERE customer_id = ?", [intoId, fromId]);
  for (const table of ["customer_tag", "data_fault", "transfer", "model_value", "follow", "contact_tag"])
    await sql.run(`DELETE FROM ${table} WHERE customer_id = ?`, [fromId]);
}

/** An anchor that lasts keeps its first date, whoever of the two had it: what came of it never comes again. */
async function moveCycles(
  sql: Sql,
  fromId: number,
  intoId: number,
  numbers: ReadonlyMap<number, number>,
): Promise<void> {
  const rows = await sql.rows<{
    kind: string;
    childNo: number;
    onDate: ShopDay | null;
    cycleOn: number;
    quietThrough: ShopDay | null;
  }>(
    `SELECT kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn, quiet_through AS quietThrough
     FROM anchor WHERE customer_id = ?`,
    [fromId],
  );
  const lasting = rows.filter(({ kind }) => !CYCLIC_KINDS.includes(kind));
  // what a guide and a customer agreed on follows from no data
  const dateOf = ({ kind, onDate }: (typeof rows)[number]) => (kind === NEXT_TOUCH ? onDate : null);
  await insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO anchor (customer_id, kind, child_no, on_date, cycle_on, quiet_through)`,
    lasting.map((anchor) => {
      const { kind, childNo, cycleOn, quietThrough } = anchor;
      return [intoId, kind, numbers.get(childNo) ?? childNo, dateOf(anchor), cycleOn, quietThrough];
    }),
  );
  await sql.run("DELETE FROM anchor WHERE customer_id = ?", [fromId]);
  await sql.run("DELETE FROM anchor_mark WHERE customer_id = ?", [fromId]);
}

/** Leaves the old id as a name of the one who stays, and takes everything personal off its row. */
async function leaveName(
  sql: Sql,
  { at, by }: Merging,
  from: Stored,
  intoId: number,
  numbers: ReadonlyMap<number, number>,
): Promise<void> {
  await sql.run(`UPDATE customer SET ${NOTHING_PERSONAL}, merged_into = ? WHERE id = ?`, [intoId, from.id]);
  const before = await sql.rows<{ fromId: number; children: string }>(
    "SELECT from_id AS fromId, children FROM customer_merge WHERE into_id = ?",
    [from.id],
  );
  for (const { fromId, children } of before) {
    const old = Object.entries(JSON.parse(children) as Record<string, number>);
    const now = Object.fromEntries(old.map(([key, childNo]) => [key, numbers.get(childNo) ?? childNo]));
    const values = [intoId, JSON.stringify(now), fromId];
    await sql.run("UPDATE customer_merge SET into_id = ?, children = ? WHERE from_id = ?", values);
    await sql.run("UPDATE customer SET merged_into = ? WHERE id = ?", [intoId, fromId]);
  }
  await insertRows(
    sql,
    "INSERT INTO customer_merge (from_id, external_userid, into_id, children, at, actor)",
    [[from.id, from.externalUserid, intoId, JSON.stringify(Object.fromEntries(numbers)), at, by]],
  );
}

/** Has planning look at all open tasks of a customer again: some were made for the other. */
async function markAnchors(sql: Sql, customerId: number): Promise<void> {
  await sql.run(
    `INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)
     SELECT customer_id, kind, child_no, cycle_on FROM anchor WHERE customer_id = ?`,
    [customerId],
  );
}

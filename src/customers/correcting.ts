// Facts of a customer or child that somebody at a desk corrects, empties, or adds a child with.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { childrenOf } from "./card.js";
import { writeChildren } from "./child-writes.js";
import { writeCustomers } from "./customer-writes.js";
import { writeSupply } from "./supplies.js";
import type { Writing } from "./writing.js";

/** What can be corrected, with its Chinese name. */
export const CORRECTABLE_FIELDS = {
  "customer.birthday": "客户生日",
  "child.name": "宝宝小名",
  "child.born_on": "出生日期",
  "child.due_on": "预产期",
} as const;
export type CorrectableField = keyof typeof CORRECTABLE_FIELDS;

/** One fact as it shall be. */
export interface FactCorrection {
  field: CorrectableField;
  /** 0 with a fact of the customer's own */
  childNo: number;
  /** as typed; "" empties it */
  value: string;
}

const COLUMN = { "child.name": "name", "child.born_on": "bornOn", "child.due_on": "dueOn" } as const;

/** Writes a corrected fact with its anchors, in the caller's transaction; gives what stood there before. Raises `invalid`
 *  in Chinese for a value that cannot be, and `conflict` for a child there is not. */
export async function correctFact(
  sql: Sql,
  { id, externalUserid, birthday }: { id: number; externalUserid: string; birthday: ShopDay | null },
  { field, childNo, value }: FactCorrection,
  writing: Writing,
): Promise<string | null> {
  const child = (await childrenOf(sql, id)).find((one) => one.childNo === childNo);
  if (field !== "customer.birthday" && !child)
    throw new Refusal("conflict", "没有这个宝宝的资料，请刷新页面。");
  const before = field === "customer.birthday" ? birthday : (child?.[COLUMN[field]] ?? null);
  const place = { where: field, line: 1 };
  if (value.trim() !== "")
    await supply(sql, { customerId: id, childNo, field, value: value.trim() }, writing);
  else if (field === "customer.birthday")
    await writeCustomers(sql, [{ ...place, row: { externalUserid, birthday: null } }], writing);
  else {
    const row = { externalUserid, childNo, [COLUMN[field]]: null };
    await writeChildren(sql, [{ ...place, row }], writing);
  }
  return before;
}

/** A child to be added: a day it was born or is due, and perhaps a name; all as typed. */
export interface NewChild {
  name: string;
  bornOn: string;
  dueOn: string;
}

/** Most children of one customer. */
const MOST_CHILDREN = 20;

/** Adds a child with its anchors, in the caller's transaction; gives its number. Raises `invalid` in Chinese. */
export async function addChild(
  sql: Sql,
  customerId: number,
  { name, bornOn, dueOn }: NewChild,
  writing: Writing,
): Promise<number> {
  const facts = [
    ["child.born_on", bornOn],
    ["child.due_on", dueOn],
    ["child.name", name],
  ] as const;
  if (bornOn.trim() === "" && dueOn.trim() === "")
    throw new Refusal("invalid", "请填宝宝的出生日期或预产期。", [
      { where: "出生日期", value: "", expected: "一个日期，例如 2026-03-02；还没出生就填预产期" },
    ]);
  const numbers = (await childrenOf(sql, customerId)).map(({ childNo }) => childNo);
  const childNo = Math.max(0, ...numbers) + 1;
  if (childNo > MOST_CHILDREN) throw new Refusal("conflict", `最多记 ${MOST_CHILDREN} 个宝宝。`);
  for (const [field, value] of facts)
    if (value.trim() !== "") await supply(sql, { customerId, childNo, field, value: value.trim() }, writing);
  return childNo;
}

/** As a guide would supply it; what cannot be is said with the name of the field. */
async function supply(
  sql: Sql,
  fact: { customerId: number; childNo: number; field: CorrectableField; value: string },
  writing: Writing,
): Promise<void> {
  try {
    await writeSupply(sql, fact, writing);
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
    throw new Refusal("invalid", `${CORRECTABLE_FIELDS[fact.field]}「${fact.value}」：${error.message}`);
  }
}

// Facts a guide supplies in chat or on their page, each checked as strictly as a person can be asked to type.
import { type Cell, day, mobile, text } from "../infra/cells.js";
import type { Sql } from "../infra/store.js";
import { addMonths, type ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { writeChildren } from "./child-writes.js";
import { writeCustomers } from "./customer-writes.js";
import type { ChildRow, CustomerRow } from "./tables.js";
import type { Writing } from "./writing.js";

/** What can be supplied: a field of the customer or of one child. */
export type SuppliedField =
  | "customer.name"
  | "customer.phone"
  | "customer.birthday"
  | "child.name"
  | "child.born_on"
  | "child.due_on";

interface Rule {
  cell: Cell<string>;
  expected: string;
  /** first and last believable day */
  range?(today: ShopDay): [ShopDay, ShopDay];
  write: { customer: keyof CustomerRow } | { child: keyof ChildRow };
}

const DATE = "请写成 2026-03-02 这样的日期";

const RULES: Record<SuppliedField, Rule> = {
  "customer.name": { cell: text(120), expected: "称呼最多 120 个字", write: { customer: "name" } },
  "customer.phone": { cell: mobile, expected: "请写 11 位手机号", write: { customer: "phone" } },
  "customer.birthday": {
    ...{ cell: day, expected: DATE, write: { customer: "birthday" } },
    range: (today) => ["1900-01-01", today],
  },
  "child.name": { cell: text(60), expected: "小名最多 60 个字", write: { child: "name" } },
  "child.born_on": {
    ...{ cell: day, expected: DATE, write: { child: "bornOn" } },
    range: (today) => ["1990-01-01", today],
  },
  "child.due_on": {
    ...{ cell: day, expected: DATE, write: { child: "dueOn" } },
    range: (today) => ["1990-01-01", addMonths(today, 12)],
  },
};

/** One supplied fact. `childNo` 0 with a field of a child means the customer's only child (the first one to be told of). */
export interface Supply {
  customerId: number;
  childNo: number;
  field: SuppliedField;
  value: string;
}

/** Writes a supplied fact with its anchors, in the caller's transaction. Raises `invalid`, in Chinese, for a value that
 *  cannot be, and `not_found` for a customer we do not know. The caller has checked that the guide may. */
export async function writeSupply(sql: Sql, supply: Supply, writing: Writing): Promise<void> {
  const { customerId, field } = supply;
  const rule = RULES[field];
  const value = readValue(rule, supply, writing.today);
  const customer = await sql.row<{ externalUserid: string }>(
    "SELECT external_userid AS externalUserid FROM customer WHERE id = ?",
    [customerId],
  );
  if (!customer) throw new Refusal("not_found", "没有这位客户。");
  const { externalUserid } = customer;
  const place = { where: field, line: 1 };
  if ("customer" in rule.write) {
    await writeCustomers(sql, [{ ...place, row: { externalUserid, [rule.write.customer]: value } }], writing);
    return;
  }
  const childNo = supply.childNo || (await onlyChild(sql, customerId));
  await writeChildren(
    sql,
    [{ ...place, row: { externalUserid, childNo, [rule.write.child]: value } }],
    writing,
  );
}

function readValue(rule: Rule, { field, value: given }: Supply, today: ShopDay): string {
  const value = rule.cell.read(given.trim());
  const no = (expected: string) =>
    new Refusal("invalid", `${expected}。`, [{ where: field, value: given, expected }]);
  if (!value) throw no(rule.expected);
  const [first, last] = rule.range?.(today) ?? [value, value];
  if (value < first) throw no(`${value} 太早了，请核对`);
  if (value > last) throw no(last === today ? `${value} 还没有到，请核对` : `${value} 太晚了，请核对`);
  return value;
}

async function onlyChild(sql: Sql, customerId: number): Promise<number> {
  const children = await sql.rows<{ childNo: number }>(
    "SELECT child_no AS childNo FROM child WHERE customer_id = ? ORDER BY child_no",
    [customerId],
  );
  if (children.length > 1)
    throw new Refusal("invalid", `这位客户有 ${children.length} 个宝宝，请在客户页面上写明是哪一个。`);
  return children[0]?.childNo ?? 1;
}

// The data-quality list: dates that make no anchor, and babies of whom nobody knows whether they were born.
import type { Sql, Store } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { OVERDUE_DAYS } from "./stages.js";

/** Fields that stand on the list, with their Chinese names. */
export const FAULT_FIELDS = {
  joined_on: "加入日期",
  birthday: "客户生日",
  born_on: "出生日期",
  due_on: "预产期",
  ordered_on: "下单日期",
  birth: "是否出生",
} as const;
export type FaultField = keyof typeof FAULT_FIELDS;

/** What HQ can do about a fault in a field. */
const FAULT_ADVICE: Record<FaultField, string> = {
  joined_on: "在客户表里补上加入日期后重新导入",
  birthday: "向客户核实生日，改好后重新导入，或请导购在聊天里发“补 序号 客户生日 日期”",
  born_on: "向客户核实宝宝出生日期，改好后重新导入，或请导购在聊天里发“补 序号 生日 日期”",
  due_on: "向客户核实预产期，改好后重新导入，或请导购在聊天里发“补 序号 预产期 日期”",
  ordered_on: "在订单系统里核对这张订单的日期后重新导入",
  birth: "请导购确认宝宝是否出生：出生了补生日，没有就更正预产期",
};

/** Faults of one field for one reason. */
export interface FaultCount {
  field: FaultField;
  reason: string;
  count: number;
  advice: string;
}

/** One line of the list. */
export interface FaultLine {
  customer: string;
  name: string;
  guide: string | null;
  /** 0: the customer's own */
  child: number;
  field: FaultField;
  value: string | null;
  reason: string;
  seenOn: ShopDay;
}

const OVERDUE = "预产期已过，不知道是否出生";

/** How many faults there are, most first. */
export async function faultCounts(sql: Sql, today: ShopDay): Promise<FaultCount[]> {
  const [rows, overdue] = await Promise.all([
    sql.rows<{ field: FaultField; reason: string; count: number }>(
      "SELECT field, reason, COUNT(*) AS count FROM data_fault GROUP BY field, reason",
    ),
    sql.row<{ count: number }>(
      "SELECT COUNT(*) AS count FROM anchor WHERE kind = 'child_due' AND on_date < ?",
      [addDays(today, -OVERDUE_DAYS)],
    ),
  ]);
  const births = { field: "birth" as const, reason: OVERDUE, count: Number(overdue?.count ?? 0) };
  return [...rows.map((row) => ({ ...row, count: Number(row.count) })), births]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map((row) => ({ ...row, advice: FAULT_ADVICE[row.field] }));
}

/** Lines read together. */
const PAGE = 1_000;

/** The whole list, line by line: first what cannot be believed, then the births nobody knows of. */
async function* faultLines(sql: Sql, today: ShopDay): AsyncGenerator<FaultLine> {
  for (let after = { customerId: 0, child: -1, field: "" }; ; ) {
    const rows = await sql.rows<FaultLine & { customerId: number }>(
      `SELECT f.customer_id AS customerId, ${PERSON}, f.child_no AS child, f.field, f.value, f.reason, f.seen_on AS seenOn
       FROM data_fault f JOIN customer c ON c.id = f.customer_id LEFT JOIN guide g ON g.id = c.guide_id
       WHERE f.customer_id >= ? AND (f.customer_id > ? OR f.child_no > ? OR (f.child_no = ? AND f.field > ?))
       ORDER BY f.customer_id, f.child_no, f.field LIMIT ${PAGE}`,
      [after.customerId, after.customerId, after.child, after.child, after.field],
    );
    for (const { customerId, ...line } of rows) yield line;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = last;
  }
  yield* overdueLines(sql, today);
}

const PERSON = "c.external_userid AS customer, c.name, g.userid AS guide";

async function* overdueLines(sql: Sql, today: ShopDay): AsyncGenerator<FaultLine> {
  for (let after = { value: "1900-01-01", customerId: 0, child: 0 }; ; ) {
    const from = after.value;
    const rows = await sql.rows<{ value: ShopDay; customerId: number; child: number } & FaultLine>(
      `SELECT a.customer_id AS customerId, ${PERSON}, a.child_no AS child, a.on_date AS value
       FROM anchor a${sql.dialect.force("anchor_due")} JOIN customer c ON c.id = a.customer_id
         LEFT JOIN guide g ON g.id = c.guide_id
       WHERE a.kind = 'child_due' AND a.on_date >= ? AND a.on_date < ? AND (a.on_date > ?
         OR a.customer_id > ? OR (a.customer_id = ? AND a.child_no > ?))
       ORDER BY a.on_date, a.customer_id, a.child_no LIMIT ${PAGE}`,
      [...[from, addDays(today, -OVERDUE_DAYS), from], ...[after.customerId, after.customerId, after.child]],
    );
    for (const { customerId, ...line } of rows)
      yield {
        ...line,
        ...{ field: "birth", reason: OVERDUE, seenOn: addDays(line.value, OVERDUE_DAYS + 1) },
      };
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
}

/** The list as the service gives it. */
export function faultsOf({ read }: Pick<Store, "read">, today: () => ShopDay) {
  return {
    /** The data-quality list in counts, and its first lines. */
    faults: async (limit: number): Promise<{ counts: FaultCount[]; faults: FaultLine[] }> => {
      const faults: FaultLine[] = [];
      for await (const line of faultLines(read, today())) {
        if (faults.length === limit) break;
        faults.push(line);
      }
      return { counts: await faultCounts(read, today()), faults };
    },

    /** The whole data-quality list, line by line. */
    allFaults: (): AsyncGenerator<FaultLine> => faultLines(read, today()),
  };
}

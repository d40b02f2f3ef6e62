// What is wrong with a row, in Chinese, for who must mend it.
import type { Fault } from "../../kernel/refusals.js";
import type { Repeats } from "../import-pieces.js";
import { INCOMING } from "../import-tables.js";

/** What was expected, by how the cells say it. */
const EXPECTED: readonly (readonly [pattern: RegExp, chinese: string])[] = [
  [/^text of at most (\d+) characters$/, "不超过 $1 个字的文字"],
  [/^a date YYYY-MM-DD$/, "日期，如 2026-03-02"],
  [/^a whole number from (\d+) to (\d+)$/, "$1 到 $2 的整数"],
  [/^an amount such as (.+)$/, "金额，如 $1"],
  [/^1 or 0 .*$/, "是或否"],
  [/^words of at most (\d+) characters, split by \|$/, "用 | 分隔的词，每个不超过 $1 个字"],
  [/^a mobile number of 11 digits$/, "11 位手机号"],
  [/^the userid of a guide we know$/, "已有导购的账号"],
  [/^the userid of another guide we know$/, "另一位已有导购的账号"],
  [/^the code of a store we know$/, "已有门店的编码"],
  [/^a customer we know$/, "已有客户的 ID"],
  [/^(\d+) columns as in the heading, found (\d+)$/, "与第一行一样的 $1 列，这一行有 $2 列"],
  [/^(\S+) or a later day$/, "$1 或更晚的日期"],
  [/^a day no later than (\S+)$/, "不晚于今天（$1）的日期"],
  [/^a name for each level .*$/, "从上到下每一级都有名称，中间不能空"],
  [/^boy or girl$/, "男或女"],
  [/^paid or refunded$/, "已付款或已退款"],
  [/^accepted or declined$/, "接受或拒绝"],
];

/** Columns by table and heading: the same heading may be called otherwise in another table. */
const NAMES = new Map(
  INCOMING.flatMap(({ table: { name, columns, rest } }) =>
    [...Object.values(columns), ...(rest ? [rest] : [])].map(
      ({ heading, chinese }) => [`${name} ${heading}`, chinese] as const,
    ),
  ),
);

/** What is expected where nothing stands: `a value (a date YYYY-MM-DD)`. */
const NOT_EMPTY = /^a value \((.+)\)$/;

/** What was expected, in Chinese. */
export function sayExpected(expected: string): string {
  const [, of] = NOT_EMPTY.exec(expected) ?? [];
  if (of !== undefined) return `不能为空，要填${sayExpected(of)}`;
  const [pattern, chinese] = EXPECTED.find(([one]) => one.test(expected)) ?? [];
  return pattern && chinese ? expected.replace(pattern, chinese) : expected;
}

/** What the column of a fault is called; "" where it is the whole row. */
export function columnName({ field }: Fault, table: string): string {
  return field === undefined ? "" : (NAMES.get(`${table} ${field}`) ?? field);
}

/** 3 行和前面的行重复（编号相同）… */
export function sayRepeats({ rows, atLeast }: Repeats): string {
  return `${atLeast ? "至少 " : ""}${rows} 行和前面的行重复（编号相同）：填了的内容以后面的行为准`;
}

/** 第 12 行「加入日期」为“2026-13-01”：应为日期，如 2026-03-02；第 13 行「客户ID」不能为空，要填… */
export function sayInChinese(fault: Fault, table: string): string {
  const line = fault.line === undefined ? "" : `第 ${fault.line} 行`;
  const name = columnName(fault, table);
  const column = name === "" ? "" : `「${name}」`;
  if (NOT_EMPTY.test(fault.expected)) return `${line}${column}${sayExpected(fault.expected)}`;
  const value = fault.value === undefined ? "" : fault.value === "" ? "为空" : `为“${fault.value}”`;
  return `${line}${column}${value}：应为${sayExpected(fault.expected)}`;
}

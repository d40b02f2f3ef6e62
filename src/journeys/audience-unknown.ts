// What an audience asks for and customers are not known by: whoever lacks it fits no condition, and that is worth saying.
import { setImmediate as turn } from "node:timers/promises";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import type { Sql } from "../infra/store.js";
import { type Audience, rulesIn } from "./audience.js";
import { customerPieces } from "./audience-service.js";

/** How many customers a fact is not known of. */
export interface NotKnown {
  /** in Chinese: 等级 */
  fact: string;
  customers: number;
}

const FACTS: readonly { fact: string; asks: readonly (keyof Audience)[]; lacks: string }[] = [
  { fact: "来源", asks: ["source"], lacks: "c.source IS NULL" },
  { fact: "等级", asks: ["level"], lacks: "c.level IS NULL" },
  { fact: "品牌偏好", asks: ["brand_preference"], lacks: "c.brand_preference IS NULL" },
  { fact: "导购和门店", asks: ["region", "store"], lacks: "c.guide_id IS NULL" },
  { fact: "加入日期", asks: ["joined_days"], lacks: "c.joined_on IS NULL" },
  {
    fact: "宝宝生日或预产期",
    asks: ["child_stage"],
    lacks: `NOT EXISTS (SELECT 1 FROM child k WHERE k.customer_id = c.id
      AND (k.born_on IS NOT NULL OR k.due_on IS NOT NULL))`,
  },
  {
    fact: "购买记录",
    asks: ["last_order_days", "habit"],
    lacks: "NOT EXISTS (SELECT 1 FROM customer_figure f WHERE f.customer_id = c.id AND f.orders > 0)",
  },
];

/** For each fact an audience asks for, how many customers it is not known of; none of those where all are known. */
export async function notKnownOf(sql: Sql, audience: Audience): Promise<NotKnown[]> {
  const rules = rulesIn(audience);
  const asked = FACTS.filter(({ asks }) =>
    rules.some((rule) => asks.some((field) => rule[field] !== undefined)),
  );
  if (asked.length === 0) return [];
  const sums = asked.map(() => 0);
  const columns = asked.map(({ lacks }, at) => `SUM(CASE WHEN ${lacks} THEN 1 ELSE 0 END) AS n${at}`);
  for (const piece of await customerPieces(sql)) {
    const row = await sql.row<Record<string, number | null>>(
      `SELECT ${columns.join(", ")} FROM customer c WHERE ${piece.sql}${IS_SOMEBODY}`,
      piece.params,
    );
    for (const [at] of asked.entries()) sums[at] = (sums[at] ?? 0) + Number(row?.[`n${at}`] ?? 0);
    await turn();
  }
  return asked.flatMap(({ fact }, at) => (sums[at] ? [{ fact, customers: sums[at] }] : []));
}

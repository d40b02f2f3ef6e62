// Who gives tags by themselves: the rules HQ has set, and the models' word on who is about to leave.
import type { TagSource } from "../customers/tags.js";
import type { ShopDay } from "../kernel/calendar.js";
import { type AudienceBasis, audienceCondition, type Condition } from "./audience-sql.js";
import type { TagRule } from "./tag-rules.js";

/** A tag and who carries it. */
export interface TagGiver {
  name: string;
  source: Extract<TagSource, "rule" | "model">;
  by: string;
  /** over `customer c` */
  inside: Condition;
}

/** Everybody who gives tags, on a day. */
export function tagGivers(rules: readonly TagRule[], basis: AudienceBasis, today: ShopDay): TagGiver[] {
  return [
    ...rules.map(({ name, rule }): TagGiver => {
      return { name, source: "rule", by: "rule", inside: audienceCondition(rule, basis, today) };
    }),
    atRisk("流失风险·易挽回", "(v.low_on IS NULL OR v.low_on > ?)", today),
    atRisk("流失风险·难挽回", "v.low_on <= ?", today),
  ];
}

/** Customers whose day of risk has come, by the model's word on their recovery (over `model_value v`, a day). */
function atRisk(name: string, recovery: string, today: ShopDay): TagGiver {
  const sql = `EXISTS (SELECT 1 FROM anchor a JOIN model_value v ON v.customer_id = a.customer_id
    WHERE a.customer_id = c.id AND a.kind = 'at_risk' AND a.child_no = 0 AND a.on_date <= ? AND ${recovery})`;
  return { name, source: "model", by: "at_risk", inside: { sql, params: [today, today] } };
}

// An audience in Chinese, as HQ reads it on the desk.
import type { BuyingStage, ChildStage, Habit } from "../customers/stages.js";
import {
  type Audience,
  isEveryone,
  LIST_FIELDS,
  type ListField,
  RANGE_FIELDS,
  type Range,
  type RangeField,
} from "./audience.js";
import { ASKABLE, type Askable } from "./words.js";

/** What each list is called. */
export const FIELD_NAMES: Record<ListField, string> = {
  source: "来源",
  level: "等级",
  brand_preference: "品牌偏好",
  tag: "标签",
  region: "区域",
  store: "门店",
  child_stage: "宝宝阶段",
  buying_stage: "购买阶段",
  habit: "购买习惯",
  lacks: "缺少资料",
};

/** What each stage and habit is called. */
export const STAGE_NAMES: Record<ChildStage | BuyingStage | Habit, string> = {
  ...{ pregnant: "孕期", "0-3": "0–3个月", "3-6": "3–6个月", "6-12": "6–12个月" },
  ...{ "12-24": "12–24个月", "24-36": "24–36个月" },
  ...{ new: "新客", active: "活跃", pre_churn_high: "将流失（易挽回）", pre_churn_low: "将流失（难挽回）" },
  ...{ churned: "已流失", trial: "试用", potential: "潜客", hoarder: "囤货", as_needed: "按需购买" },
};

/** What each range is called, and what it counts. */
export const RANGE_NAMES: Record<RangeField, readonly [name: string, unit: string]> = {
  orders: ["订单数", "单"],
  amount: ["消费金额", "元"],
  last_order_days: ["距上次购买", "天"],
  joined_days: ["加入", "天"],
};

/** Whom a touchpoint is for: 全部客户, or 来源：门店、电商；标签：二胎, or 满足任一：（等级：金卡）或（订单数至少3单；不是（标签：投诉））. */
export function sayAudience(audience: Audience): string {
  if (isEveryone(audience)) return "全部客户";
  const { all, any, not } = audience;
  const lists = LIST_FIELDS.flatMap((field) => {
    const values = audience[field];
    return values ? [`${FIELD_NAMES[field]}：${values.map((value) => nameOf(field, value)).join("、")}`] : [];
  });
  const ranges = RANGE_FIELDS.flatMap((field) => {
    const range = audience[field];
    return range ? [sayRange(field, range)] : [];
  });
  const inside = (rules: readonly Audience[], word: string) =>
    rules.map((rule) => `（${sayAudience(rule)}）`).join(word);
  return [
    ...lists,
    ...ranges,
    ...(all ? [`同时满足：${inside(all, "且")}`] : []),
    ...(any ? [`满足任一：${inside(any, "或")}`] : []),
    ...(not ? [`不是${inside([not], "")}`] : []),
  ].join("；");
}

function nameOf(field: ListField, value: string): string {
  if (field === "lacks") return ASKABLE[value as Askable].label;
  const isWord = field === "child_stage" || field === "buying_stage" || field === "habit";
  return isWord ? STAGE_NAMES[value as keyof typeof STAGE_NAMES] : value;
}

function sayRange(field: RangeField, { at_least, at_most }: Range): string {
  const [name, unit] = RANGE_NAMES[field];
  if (at_least === undefined) return `${name}至多${at_most}${unit}`;
  if (at_most === undefined) return `${name}至少${at_least}${unit}`;
  return at_least === at_most ? `${name}${at_least}${unit}` : `${name}${at_least}至${at_most}${unit}`;
}

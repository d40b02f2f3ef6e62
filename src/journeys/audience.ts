// Whom a touchpoint is for: rules over what is known of a customer, as data.
import type { BuyingStage, ChildStage, Habit } from "../customers/stages.js";
import type { Askable } from "./words.js";

/** Numbers from one to another, both included; one of the two may be left out. */
export interface Range {
  at_least?: number;
  at_most?: number;
}

/** A customer belongs to the audience when every condition given holds. `{}` is everyone; what is not known of a
 *  customer fits no condition. */
export interface Audience {
  /** where the customer came from */
  source?: readonly string[];
  level?: readonly string[];
  brand_preference?: readonly string[];
  /** has at least one of these tags */
  tag?: readonly string[];
  /** the owner's store lies in one of these regions, at any level: 华东, or by its path 华东/上海市 */
  region?: readonly string[];
  /** the code of the owner's store */
  store?: readonly string[];
  /** some child is of one of these ages; never of a customer whose baby touchpoints were stopped */
  child_stage?: readonly ChildStage[];
  buying_stage?: readonly BuyingStage[];
  habit?: readonly Habit[];
  /** at least one of these facts is not known; of a child's: of no child */
  lacks?: readonly Askable[];
  /** how many orders; 0 without any */
  orders?: Range;
  /** yuan of all orders; 0 without any */
  amount?: Range;
  /** days since the last order; no range holds without one */
  last_order_days?: Range;
  /** days since the customer joined */
  joined_days?: Range;
  /** each of these */
  all?: readonly Audience[];
  /** at least one of these */
  any?: readonly Audience[];
  not?: Audience;
}

/** Conditions that are a list of values, one of which must hold. */
export const LIST_FIELDS = [
  ...(["source", "level", "brand_preference", "tag", "region", "store"] as const),
  ...(["child_stage", "buying_stage", "habit", "lacks"] as const),
] as const;
export type ListField = (typeof LIST_FIELDS)[number];

/** Conditions that are a range of numbers. */
export const RANGE_FIELDS = ["orders", "amount", "last_order_days", "joined_days"] as const;
export type RangeField = (typeof RANGE_FIELDS)[number];

export function isEveryone(audience: Audience): boolean {
  return Object.values(audience).every((condition) => condition === undefined);
}

const DAILY: readonly (keyof Audience)[] = [
  ...(["child_stage", "buying_stage", "last_order_days", "joined_days"] as const),
];

/** Whether customers come and go by the calendar alone, be it by the rule of a tag. */
export function changesDaily(audience: Audience, tagRules: ReadonlyMap<string, Audience>): boolean {
  const ruled = tagsIn(audience).flatMap((name) => tagRules.get(name) ?? []);
  const isDaily = (rule: Audience) => DAILY.some((field) => rule[field] !== undefined);
  return rulesIn(audience).some(isDaily) || ruled.some((rule) => changesDaily(rule, tagRules));
}

/** The tags an audience asks for, anywhere in it. */
export function tagsIn(audience: Audience): string[] {
  return namesIn(audience, "tag");
}

/** The names an audience asks for in one of its conditions, anywhere in it. */
export function namesIn(audience: Audience, field: "tag" | "region" | "store"): string[] {
  return [...new Set(rulesIn(audience).flatMap((rule) => rule[field] ?? []))];
}

/** A rule and all rules inside it. */
export function rulesIn(audience: Audience): Audience[] {
  const { all = [], any = [], not } = audience;
  return [audience, ...[...all, ...any, ...(not ? [not] : [])].flatMap(rulesIn)];
}

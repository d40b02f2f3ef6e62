// Whether one customer belongs to an audience, said without a database: the same meaning as the condition in SQL. Pure.
import {
  buyingStage,
  type ChildDates,
  childStage,
  type Figures,
  habitOf,
  type Recovery,
  type StageLimits,
} from "../customers/stages.js";
import { daysBetween, type ShopDay } from "../kernel/calendar.js";
import {
  type Audience,
  LIST_FIELDS,
  type ListField,
  RANGE_FIELDS,
  type Range,
  type RangeField,
} from "./audience.js";
import type { Askable } from "./words.js";

/** What of a customer audiences look at. */
export interface Member {
  source: string | null;
  level: string | null;
  brandPreference: string | null;
  /** given otherwise than by rule */
  tags: readonly string[];
  /** of the owner's store; null without an owner */
  regionId: number | null;
  storeCode: string | null;
  joinedOn: ShopDay | null;
  /** the baby touchpoints were stopped */
  stopped: boolean;
  children: readonly ChildDates[];
  figures: Figures;
  /** facts not known of the customer; absent: none are asked for */
  lacks?: readonly Askable[];
  /** null when no model says */
  recovery: Recovery | null;
}

/** What the names and stages in an audience mean, and the day it is judged on. */
export interface Judging {
  regionIds(names: readonly string[]): readonly number[];
  limits: StageLimits;
  /** the rules that give tags, by the tag */
  tagRules: ReadonlyMap<string, Audience>;
  today: ShopDay;
}

/** Whether a customer belongs to an audience on a day. */
export function inAudience(audience: Audience, member: Member, judging: Judging): boolean {
  const { all = [], any, not } = audience;
  const holds = (rule: Audience) => inAudience(rule, member, judging);
  return (
    LIST_FIELDS.every((field) => {
      const values: readonly string[] | undefined = audience[field];
      if (!values) return true;
      if (field === "region") return isIn(judging.regionIds(values), member.regionId);
      if (field === "tag") return values.some((name) => carries(name, member, judging));
      return wordsOf(field, member, judging).some((word) => isIn(values, word));
    }) &&
    RANGE_FIELDS.every((field) => {
      const range = audience[field];
      return !range || isWithin(range, numberOf(field, member, judging));
    }) &&
    all.every(holds) &&
    (any?.some(holds) ?? true) &&
    !(not && holds(not))
  );
}

function carries(name: string, member: Member, judging: Judging): boolean {
  const rule = judging.tagRules.get(name);
  return member.tags.includes(name) || (rule !== undefined && inAudience(rule, member, judging));
}

function wordsOf(
  field: Exclude<ListField, "region" | "tag">,
  member: Member,
  { today, limits }: Judging,
): readonly (string | null)[] {
  const { children, stopped, figures, recovery } = member;
  if (field === "lacks") return member.lacks ?? [];
  if (field === "child_stage") return stopped ? [] : children.map((child) => childStage(child, today));
  if (field === "buying_stage") return [buyingStage(figures, recovery, today, limits)];
  if (field === "habit") return [habitOf(figures, limits)];
  if (field === "store") return [member.storeCode];
  return [field === "brand_preference" ? member.brandPreference : member[field]];
}

function numberOf(field: RangeField, { figures, joinedOn }: Member, { today }: Judging): number | null {
  if (field === "orders") return figures.orders;
  if (field === "amount") return figures.amountCents / 100;
  const since = field === "joined_days" ? joinedOn : figures.lastOn;
  return since === null ? null : daysBetween(since, today);
}

function isIn<T>(values: readonly T[], value: T | null): boolean {
  return value !== null && values.includes(value);
}

function isWithin({ at_least, at_most }: Range, value: number | null): boolean {
  if (value === null) return false;
  return (at_least === undefined || value >= at_least) && (at_most === undefined || value <= at_most);
}

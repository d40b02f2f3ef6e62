// Where a customer stands in life and in buying: the stages by child age and by orders, and the habit of buying. Pure.
import { addDays, addMonths, type ShopDay } from "../kernel/calendar.js";

/** The stages by a child's age; "3-6" is from the day of three months up to the day before six. */
export const CHILD_STAGES = ["pregnant", "0-3", "3-6", "6-12", "12-24", "24-36"] as const;
export type ChildStage = (typeof CHILD_STAGES)[number];

/** The stages by orders. Each customer is in exactly one, the first of these rules that holds on the day:
 *  - `potential`: no order (refunded ones never count).
 *  - `churned`: the last order is more than `churnedDays` days ago.
 *  - `pre_churn_high`, `pre_churn_low`: the last order is more than `activeDays` days ago; high when the customer is
 *    expected back (`comesBack`), else low.
 *  - `trial`: one order of at most `trialQuantity`, and no more than that.
 *  - `new`: the first order is at most `newDays` days ago.
 *  - `active`: all others. */
export const BUYING_STAGES = [
  ...["new", "active", "pre_churn_high", "pre_churn_low", "churned", "trial", "potential"],
] as const;
export type BuyingStage =
  | "new"
  | "active"
  | `pre_churn_${"high" | "low"}`
  | "churned"
  | "trial"
  | "potential";

/** How a customer buys, known from the second purchase on: `hoarder` buys much at long intervals (`isHoarder`),
 *  `as_needed` all others. */
export const HABITS = ["hoarder", "as_needed"] as const;
export type Habit = (typeof HABITS)[number];

/** The limits between the stages, which HQ may move. */
export interface StageLimits {
  /** days after the first order in which a customer is new */
  newDays: number;
  /** days after the last order in which a customer is active, new or on trial */
  activeDays: number;
  /** days after the last order from which on (exclusive) a customer is churned */
  churnedDays: number;
  /** most pieces of a first order that was only a try */
  trialQuantity: number;
  /** pieces a purchase, on average, and days between purchases, on average, from which on a customer hoards */
  hoardQuantity: number;
  hoardDays: number;
}

/** As formula is bought: four tins a month, so six at a time every 45 days are more than the month needs. */
export const USUAL_LIMITS: StageLimits = {
  ...{ newDays: 30, activeDays: 60, churnedDays: 120, trialQuantity: 1 },
  ...{ hoardQuantity: 6, hoardDays: 45 },
};

/** What a customer's orders come to: those not refunded whose date can be believed. */
export interface Figures {
  orders: number;
  /** days with an order: several orders of one day are one purchase */
  purchases: number;
  /** pieces of all orders */
  quantity: number;
  amountCents: number;
  /** null: no orders */
  firstOn: ShopDay | null;
  lastOn: ShopDay | null;
  /** from the first order to the last */
  spanDays: number;
}

/** A child as far as its stage asks. */
export interface ChildDates {
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
}

/** How long after the due date a child not known to be born still counts as expected, and nobody need ask: pregnancies
 *  end two weeks after it at the latest. */
export const OVERDUE_DAYS = 14;

/** The months between which each stage of a born child lies. */
export const STAGE_MONTHS: Record<
  Exclude<ChildStage, "pregnant">,
  readonly [from: number, before: number]
> = { "0-3": [0, 3], "3-6": [3, 6], "6-12": [6, 12], "12-24": [12, 24], "24-36": [24, 36] };

/** The stage of one child on a day; null before birth without a due date, long past it, or after three years. Months
 *  clamp to the month's end: a child of 31 January is one month old on 28 or 29 February. */
export function childStage({ bornOn, dueOn }: ChildDates, today: ShopDay): ChildStage | null {
  if (bornOn === null) return dueOn !== null && dueOn >= addDays(today, -OVERDUE_DAYS) ? "pregnant" : null;
  for (const [stage, [from, before]] of Object.entries(STAGE_MONTHS))
    if (addMonths(bornOn, from) <= today && today < addMonths(bornOn, before)) return stage as ChildStage;
  return null;
}

/** What a model says of a customer's coming back: likely until `lowOn` (null: always), reckoned from one last order. */
export interface Recovery {
  lastOn: ShopDay;
  lowOn: ShopDay | null;
}

/** The stage by orders on a day. `recovery`: null when no model says. */
export function buyingStage(
  figures: Figures,
  recovery: Recovery | null,
  today: ShopDay,
  limits: StageLimits,
): BuyingStage {
  const { firstOn, lastOn } = figures;
  if (firstOn === null || lastOn === null) return "potential";
  if (lastOn < addDays(today, -limits.churnedDays)) return "churned";
  if (lastOn < addDays(today, -limits.activeDays))
    return comesBack(figures, recovery, today) ? "pre_churn_high" : "pre_churn_low";
  if (figures.orders === 1 && figures.quantity <= limits.trialQuantity) return "trial";
  return firstOn >= addDays(today, -limits.newDays) ? "new" : "active";
}

/** Whether a silent customer is expected back: by a model's word on their last order; without one, whoever has bought
 *  on two days or more. */
function comesBack({ purchases, lastOn }: Figures, recovery: Recovery | null, today: ShopDay): boolean {
  if (recovery === null || recovery.lastOn !== lastOn) return purchases >= 2;
  return recovery.lowOn === null || recovery.lowOn > today;
}

/** The habit of buying; null before the second purchase. */
export function habitOf(figures: Figures, limits: StageLimits): Habit | null {
  if (figures.purchases < 2) return null;
  return isHoarder(figures, limits) ? "hoarder" : "as_needed";
}

/** Pieces a purchase and days a gap, on average, both at their limits or above. */
function isHoarder({ purchases, quantity, spanDays }: Figures, limits: StageLimits): boolean {
  return quantity >= limits.hoardQuantity * purchases && spanDays >= limits.hoardDays * (purchases - 1);
}

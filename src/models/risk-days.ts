// From a customer's purchases to the day they are at risk, and the day their recovery turns low. Pure.
import { type Fitted, ownGap, scorerOf } from "./candidates.js";

/** The models in use, as learned from a brand's orders; plain JSON. Times of models are weeks. */
export interface Serving {
  served: Fitted;
  /** a score below it is at risk; null: nobody can be said to be */
  riskBelow: number | null;
  /** the counting model that values customers, and what parts high from low recovery; null when none could be fitted */
  value: { model: Fitted; lowBelow: number } | null;
  /** what "in the next time" means */
  horizonDays: number;
  /** the usual time between two purchases of the brand's customers */
  gapDays: number;
}

/** What decides a customer's days: purchase days there were, and days from the first to the last. */
export interface Rhythm {
  purchases: number;
  spanDays: number;
}

/** Days after the last purchase, if nothing is bought until then. */
export interface RiskDays {
  /** the first day of being at risk; null: never */
  riskAfter: number | null;
  /** the first day on which recovery is low, not before `riskAfter`; null: it stays high */
  lowAfter: number | null;
}

/** What the counting model says of a customer on a day. */
export interface Valued {
  /** purchases in the next `horizonDays` */
  expected: number;
  /** the chance that they have not left */
  alive: number;
}

const WEEK = 7;
/** Who has not bought for so long is no case for a follow-up before leaving. */
const MOST_DAYS = 730;
/** Answers kept; few customers have a rhythm of their own. */
const MOST_KEPT = 200_000;

/** The risk days by rhythm, each worked out once: they do not depend on the calendar. Nobody is at risk before their own
 *  usual gap is over, whatever the score says. */
export function riskDaysOf(serving: Serving): (rhythm: Rhythm) => RiskDays {
  const { served, riskBelow, value, horizonDays, gapDays } = serving;
  const score = scoreAfter(served, horizonDays);
  const worth = value && scoreAfter(value.model, horizonDays);
  const known = new Map<string, RiskDays>();
  const workOut = (rhythm: Rhythm): RiskDays => {
    if (riskBelow === null || gapDays <= 0) return { riskAfter: null, lowAfter: null };
    const gap = ownGap({ frequency: rhythm.purchases - 1, recency: rhythm.spanDays }, gapDays);
    const from = Math.max(1, Math.ceil(gap));
    const riskAfter = firstBelow((days) => score(rhythm, days), riskBelow, from);
    if (riskAfter === null || !value || !worth) return { riskAfter, lowAfter: riskAfter };
    return { riskAfter, lowAfter: firstBelow((days) => worth(rhythm, days), value.lowBelow, riskAfter) };
  };
  return (rhythm) => {
    const key = `${rhythm.purchases} ${rhythm.spanDays}`;
    const found = known.get(key) ?? workOut(rhythm);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(key, found);
    return found;
  };
}

/** What the counting model says, `days` after the last purchase; null without such a model. */
export function valuesOf({ value, horizonDays }: Serving): (rhythm: Rhythm, days: number) => Valued | null {
  if (!value) return () => null;
  const scorer = scorerOf(value.model);
  return (rhythm, days) => {
    const history = historyAfter(rhythm, days);
    const expected = scorer.expected(history, horizonDays / WEEK) ?? 0;
    return { expected, alive: scorer.alive(history) ?? 1 };
  };
}

function scoreAfter(model: Fitted, horizonDays: number): (rhythm: Rhythm, days: number) => number {
  const scorer = scorerOf(model);
  return (rhythm, days) => scorer.score(historyAfter(rhythm, days), horizonDays / WEEK);
}

function historyAfter({ purchases, spanDays }: Rhythm, days: number) {
  return { frequency: purchases - 1, recency: spanDays / WEEK, age: (spanDays + days) / WEEK };
}

/** The first day from `from` on with a score below `limit`, of scores that fall from day to day. */
function firstBelow(scoreOf: (days: number) => number, limit: number, from: number): number | null {
  if (from > MOST_DAYS || scoreOf(MOST_DAYS) >= limit) return null;
  let [above, below] = [from - 1, MOST_DAYS];
  while (below - above > 1) {
    const middle = Math.floor((above + below) / 2);
    if (scoreOf(middle) < limit) below = middle;
    else above = middle;
  }
  return below;
}

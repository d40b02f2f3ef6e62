// When a customer runs out: what they bought, at the pace of their segment, corrected by their own gaps. Pure.

/** What was bought of one category on one day. */
export interface Bought {
  /** any numbering of days */
  day: number;
  quantity: number;
}

/** A month of formula is four tins: what is assumed before any data speak. */
const FORMULA_DAYS_PER_UNIT = 365.25 / 12 / 4;
const FORMULA = /奶粉|formula/i;

/** Pairs of purchases that weigh as much as the assumption. */
const ASSUMED_PAIRS = 20;
/** Pairs from which on a segment that nothing is assumed of has a pace. */
const LEAST_PAIRS = 30;
/** More at once is a resale, or a slip of the hand. */
const MOST_UNITS = 60;
/** A pause of so many times the usual was bought for elsewhere. */
const MOST_PAUSE = 3;
/** Purchases looked at: children eat more every month. */
const LATEST = 8;
const MOST_DAYS = 365;
/** So many at a time, on average, is hoarding. */
const HOARD = 3;

/** How many purchases like their own, at the segment's pace, weigh as much as the customer's. The gaps of who buys as needed
 *  tell how fast things are used up; those of who hoards tell of sales and festivals, so the segment counts for more. */
const SHRINKAGE = { hoarder: 4, asNeeded: 2 };

/** Product and stage: the segment whose pace a purchase follows. */
export function segmentOf(category: string | null, subcategory: string | null): string {
  return [category, subcategory].filter(Boolean).join("/");
}

/** Days a unit lasts between two purchases one after the other; undefined when the pair says nothing. */
export function daysPerUnit(from: Bought, to: Bought): number | undefined {
  const days = to.day - from.day;
  return from.quantity >= 1 && from.quantity <= MOST_UNITS && days > 0 ? days / from.quantity : undefined;
}

/** The pace of a segment from its pairs of purchases, days a unit: their median (pauses have a long tail), drawn towards four
 *  tins a month where it is formula (or nobody says what it is); null when too few pairs say it. */
export function segmentPace(segment: string, pairs: readonly number[]): number | null {
  const sorted = [...pairs].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (segment !== "" && !FORMULA.test(segment)) return sorted.length >= LEAST_PAIRS ? middle : null;
  return (middle * sorted.length + FORMULA_DAYS_PER_UNIT * ASSUMED_PAIRS) / (sorted.length + ASSUMED_PAIRS);
}

/** Days from the last purchase until everything is used up, for purchases in order of their days and the pace of the last
 *  one's segment. The customer's own pace is drawn towards the segment's as a gamma prior on their rate would (`SHRINKAGE`
 *  purchases of it). Who hoards still has some left when buying again; who buys as needed has not. null when the last quantity is
 *  beyond belief. */
export function daysUntilOut(purchases: readonly Bought[], pace: number): number | null {
  const latest = purchases.slice(-LATEST);
  const last = latest.at(-1);
  if (!last || last.quantity < 1 || last.quantity > MOST_UNITS) return null;
  const units = latest.reduce((sum, { quantity }) => sum + Math.min(quantity, MOST_UNITS), 0);
  const isHoarder = units / latest.length >= HOARD;
  const prior = (isHoarder ? SHRINKAGE.hoarder : SHRINKAGE.asNeeded) * (units / latest.length);
  let used = prior;
  let days = prior * pace;
  for (const [i, to] of latest.entries()) {
    const from = latest[i - 1];
    if (!from || from.quantity > MOST_UNITS) continue;
    used += from.quantity;
    days += Math.min(to.day - from.day, MOST_PAUSE * from.quantity * pace);
  }
  const own = days / used;
  const left = isHoarder ? stockOf(latest, own) : last.quantity;
  return Math.min(MOST_DAYS, Math.max(1, Math.round(left * own)));
}

/** What stands in the cupboard after the last purchase, at most twice what was ever bought at once. */
function stockOf(purchases: readonly Bought[], pace: number): number {
  let stock = 0;
  let most = 0;
  let before = purchases[0]?.day ?? 0;
  for (const { day, quantity } of purchases) {
    const bought = Math.min(quantity, MOST_UNITS);
    most = Math.max(most, bought);
    stock = Math.min(2 * most, Math.max(0, stock - (day - before) / pace) + bought);
    before = day;
  }
  return stock;
}

// What customers have in the cupboard, from their orders: the purchases of what they bought last, the paces of segments, and
// how well the rules foretold on purchases that came. Pure.
import { dayNumber, type ShopDay } from "../kernel/calendar.js";
import { type Bought, daysPerUnit, daysUntilOut, segmentOf, segmentPace } from "./supply-rules.js";

/** An order as the models read it. */
export interface OrderRow {
  customerId: number;
  orderedOn: ShopDay;
  quantity: number;
  category: string | null;
  subcategory: string | null;
}

/** Purchases of one category, day by day, and the segment of the last one. */
export interface Supply {
  segment: string;
  purchases: Bought[];
}

/** What was learned of using up; plain JSON. */
export interface SupplyLearned {
  /** days a unit lasts, by segment */
  paces: Record<string, number>;
  /** pairs of purchases they rest on */
  pairs: number;
  /** last purchases foretold from those before; half of them came within so many days of the foretold one. null: none to try */
  tried: number;
  daysOff: number | null;
  /** the same by four tins a month alone, or the segment's pace: the baseline */
  daysOffBySegment: number | null;
}

/** The supply of a customer: what they bought last, and the purchases of its category. `orders` by day. */
export function supplyOf(orders: readonly OrderRow[]): Supply | undefined {
  const last = orders.at(-1);
  if (!last) return undefined;
  const byDay = new Map<ShopDay, Bought>();
  for (const { orderedOn, quantity, category } of orders) {
    if (category !== last.category) continue;
    const known = byDay.get(orderedOn);
    if (known) known.quantity += quantity;
    else byDay.set(orderedOn, { day: dayNumber(orderedOn), quantity });
  }
  return { segment: segmentOf(last.category, last.subcategory), purchases: [...byDay.values()] };
}

/** The pace of a segment: learned, or assumed; null when nobody knows. */
export function paceOf({ paces }: Pick<SupplyLearned, "paces">, segment: string): number | null {
  return paces[segment] ?? segmentPace(segment, []);
}

/** Learns the paces of segments from customers' supplies. */
export function learnSupplies(supplies: readonly Supply[]): SupplyLearned {
  const before = supplies.map((supply) => ({ ...supply, purchases: supply.purchases.slice(0, -1) }));
  const trial = { paces: pacesOf(before) };
  const off: number[] = [];
  const offBySegment: number[] = [];
  for (const [i, { segment, purchases }] of supplies.entries()) {
    const known = before[i]?.purchases ?? [];
    const pace = paceOf(trial, segment);
    const [last, next] = [known.at(-1), purchases.at(-1)];
    if (pace === null || !last || !next || known.length < 2) continue;
    const days = daysUntilOut(known, pace);
    if (days === null) continue;
    off.push(Math.abs(next.day - last.day - days));
    offBySegment.push(Math.abs(next.day - last.day - last.quantity * pace));
  }
  return {
    paces: pacesOf(supplies),
    pairs: supplies.reduce((sum, { purchases }) => sum + Math.max(0, purchases.length - 1), 0),
    ...{ tried: off.length, daysOff: middle(off), daysOffBySegment: middle(offBySegment) },
  };
}

function pacesOf(supplies: readonly Supply[]): Record<string, number> {
  const pairs = new Map<string, number[]>();
  for (const { segment, purchases } of supplies)
    for (const [i, to] of purchases.entries()) {
      const from = purchases[i - 1];
      const days = from && daysPerUnit(from, to);
      if (days === undefined) continue;
      const known = pairs.get(segment);
      if (known) known.push(days);
      else pairs.set(segment, [days]);
    }
  const paces = [...pairs].flatMap(([segment, days]) => {
    const pace = segmentPace(segment, days);
    return pace === null ? [] : [[segment, pace] as const];
  });
  return Object.fromEntries(paces);
}

function middle(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

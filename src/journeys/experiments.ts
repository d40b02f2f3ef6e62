// Experiments of a touchpoint: variants of its words, a hold-out, and who falls into which arm.
import { hash } from "node:crypto";
import { BUCKETS } from "../customers/buckets.js";

/** Words beside other words. Of a touchpoint's variants the first is what everybody outside the experiment gets. */
export interface Variant {
  key: string;
  /** percent of the pilot; all together 100 */
  share: number;
  /** Handlebars source */
  words: string;
}

/** How variants are compared. */
export interface ExperimentPlan {
  /** percent of customers who take part; the others get the first variant until there is a winner, then the winner */
  pilot: number;
  /** the decision window: what falls due in so many days from the beginning counts */
  days: number;
  /** how often the figures are judged, at even parts of the window: 1 is a fixed horizon, more are group-sequential */
  looks: number;
  /** the smallest difference worth knowing, in points of percent; absent: the one that is seen */
  detect?: number;
}

export const USUAL_PLAN: ExperimentPlan = { pilot: 100, days: 28, looks: 1 };

/** What a plan may say. */
export const PLAN_LIMITS = { pilot: [1, 100], days: [1, 180], looks: [1, 6], detect: [1, 50] } as const;

/** Percent that may be held out: a half is the most anybody can learn from. */
export const HOLD_OUT_LIMITS = [1, 50] as const;

/** A part of a shuffle: so many percent of all buckets. */
export interface ArmShare {
  arm: number;
  share: number;
}

/** The arm of a hold-out's buckets. */
export const HELD_ARM = 1;

/** Which bucket is in which arm, by a shuffle of the seed's own: the same for the same seed, and told nothing by any
 *  other seed's. The arms follow one another along the shuffle, so that a larger share keeps whom a smaller one had. */
export function shuffled(seed: string, arms: readonly ArmShare[]): { bucket: number; arm: number }[] {
  const places = permuted(seed);
  let share = 0;
  let from = 0;
  return arms.flatMap((arm) => {
    share += arm.share;
    const to = Math.round((share * BUCKETS) / 100);
    const part = places.slice(from, to).map((bucket) => ({ bucket, arm: arm.arm }));
    from = to;
    return part;
  });
}

/** The seed of a hold-out: one shuffle for life, so that a smaller share holds none whom a larger one did not. `place` is
 *  "journey" or "journey/touchpoint". */
export function holdOutSeed(place: string): string {
  return `${place} hold-out`;
}

/** The buckets that a touchpoint's own hold-out and its journey's hold back, in percent. */
export function heldBuckets(
  journeyKey: string,
  { key, holdOut = 0, journeyHoldOut = 0 }: { key: string; holdOut?: number; journeyHoldOut?: number },
): Set<number> {
  const held = (place: string, share: number) =>
    share === 0 ? [] : shuffled(holdOutSeed(place), [{ arm: HELD_ARM, share }]);
  const both = [...held(`${journeyKey}/${key}`, holdOut), ...held(journeyKey, journeyHoldOut)];
  return new Set(both.map(({ bucket }) => bucket));
}

/** All buckets in the order of a seed: Fisher and Yates with numbers drawn from SHA-256 of the seed, eight a hash. */
function permuted(seed: string): number[] {
  const order = Array.from({ length: BUCKETS }, (_value, bucket) => bucket);
  let drawn = Buffer.alloc(0);
  for (let last = BUCKETS - 1; last > 0; last--) {
    const at = (BUCKETS - 1 - last) % 8;
    if (at === 0) drawn = hash("sha256", `${seed} ${last}`, "buffer");
    const other = Math.floor((drawn.readUInt32BE(at * 4) / 2 ** 32) * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

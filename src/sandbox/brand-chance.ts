// Chance for the demo brand: one seeded stream with the few draws its makers need.
import { seeded } from "../kernel/world.js";

/** Draws from one seeded stream. */
export interface Rng {
  /** a number in [0, 1) */
  next(): number;
  /** a whole number from a to b, both included */
  between(a: number, b: number): number;
  pick<T>(list: readonly T[]): T;
  /** true with this probability */
  chance(probability: number): boolean;
  /** one of the keys, by weight */
  weighted<T extends string>(weights: Record<T, number>): T;
}

/** A stream of draws from a seed. */
export function makeRng(seed: number): Rng {
  const next = seeded(seed);
  return {
    next,
    between: (a, b) => a + Math.floor(next() * (b - a + 1)),
    pick: (list) => {
      const one = list[Math.floor(next() * list.length)];
      if (one === undefined) throw new RangeError("pick from an empty list");
      return one;
    },
    chance: (probability) => next() < probability,
    weighted: <T extends string>(weights: Record<T, number>) => {
      const entries = Object.entries(weights) as [T, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return (entries.at(-1) as [T, number])[0];
    },
  };
}

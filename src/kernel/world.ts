// The three things a rule may not fetch for itself: the time, chance and fresh ids.
import { randomBytes } from "node:crypto";

/** What the outside gives: the time in epoch ms, a number in [0, 1), and ids nobody has used. */
export interface World {
  now(): number;
  random(): number;
  id(): string;
}

/** The real world: the machine's clock, and ids of 128 random bits in hex. */
export const realWorld: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  id: () => randomBytes(16).toString("hex"),
};

/** A world whose clock is moved by hand, for tests and for playing a brand's past. */
export interface MovableWorld extends World {
  /** Sets the clock to epoch ms. */
  set(ms: number): void;
}

/** A world that starts at `ms`, whose chance comes from `seed` (mulberry32) and whose ids count up. */
export function movableWorld(ms: number, seed = 1): MovableWorld {
  let now = ms;
  let count = 0;
  const random = seeded(seed);
  return {
    now: () => now,
    set: (next) => {
      now = next;
    },
    random,
    id: () => `${seed.toString(16)}-${(++count).toString(16).padStart(12, "0")}`,
  };
}

/** A repeatable stream of numbers in [0, 1) from a 32-bit seed (mulberry32, Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

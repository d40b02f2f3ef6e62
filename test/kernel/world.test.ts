// Time, chance and ids: the real ones, and those moved by hand.
import { movableWorld, realWorld, seeded } from "../../src/kernel/world.js";

describe("realWorld", () => {
  it("reads the clock between two readings of it", () => {
    const before = Date.now();
    const now = realWorld.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it("gives 128-bit hex ids, each once", () => {
    const ids = Array.from({ length: 1_000 }, () => realWorld.id());
    expect(new Set(ids).size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("movableWorld", () => {
  it("stands still until it is set", () => {
    const world = movableWorld(1_000);
    expect([world.now(), world.now()]).toEqual([1_000, 1_000]);
    world.set(2_500);
    expect(world.now()).toBe(2_500);
  });

  it("gives the same chance and ids for the same seed", () => {
    const draw = (seed: number) => {
      const world = movableWorld(0, seed);
      return [world.random(), world.random(), world.id(), world.id()];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("never gives an id twice", () => {
    const world = movableWorld(0);
    expect(new Set(Array.from({ length: 100 }, () => world.id())).size).toBe(100);
  });
});

/** The first numbers of mulberry32 as its author's C code computes them in 32-bit words. */
function mulberry32(seed: number, count: number): number[] {
  const wrap = 2n ** 32n;
  let state = BigInt(seed >>> 0);
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5n) % wrap;
    let mixed = ((state ^ (state >> 15n)) * (state | 1n)) % wrap;
    mixed ^= (mixed + (((mixed ^ (mixed >> 7n)) * (mixed | 61n)) % wrap)) % wrap;
    return Number(mixed ^ (mixed >> 14n)) / 2 ** 32;
  });
}

describe("seeded", () => {
  it.each([0, 1, 42, 0x7fffffff, 0xffffffff, -1])(
    "agrees with the formula in exact integers for seed %d",
    (seed) => {
      const random = seeded(seed);
      expect(Array.from({ length: 50 }, () => random())).toEqual(mulberry32(seed, 50));
    },
  );

  it("is spread evenly over ten bins", () => {
    const random = seeded(2026);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

// Limits over a shared count: never more in any window, permits for nobody else's slot, and one count for all who share it.
import fc from "fast-check";
import { blockedUntil, type RateLimit, sharedRates, takePermits } from "../../src/infra/rates.js";
import { redisState } from "../../src/infra/redis-state.js";
import { databaseState, memoryState, type SharedState, withFallback } from "../../src/infra/shared-state.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const minute = 60_000;
const start = Date.UTC(2026, 2, 2, 1);
const perMinute: RateLimit[] = [{ count: 6, ms: minute }];

describe("permits", () => {
  it.each<[string, number[], number, number]>([
    ["all of them at first", [], 6, 6],
    ["what is left", [0, 0, 0, 0], 6, 2],
    ["no more than wanted", [0], 2, 2],
    ["none when all are taken", [0, 0, 0, 0, 0, 0], 1, 0],
  ])("%s", (_name, before, wanted, granted) => {
    let text: string | null = null;
    for (const at of before) text = takePermits(text, perMinute, 1, start + at).text;
    expect(takePermits(text, perMinute, wanted, start).granted).toBe(granted);
  });

  it("come back when the window is over, and not a moment before they may", () => {
    const { text } = takePermits(null, perMinute, 6, start);
    const { granted, retryAfter } = takePermits(text, perMinute, 1, start + 1000);
    expect(granted).toBe(0);
    expect(takePermits(text, perMinute, 1, start + 1000 + retryAfter - 1).granted).toBe(0);
    expect(takePermits(text, perMinute, 1, start + 1000 + retryAfter).granted).toBe(1);
    expect(1000 + retryAfter).toBeGreaterThanOrEqual(minute);
  });

  it("are none while the other side blocks", () => {
    const text = blockedUntil(null, start + 5000);
    expect(takePermits(text, perMinute, 1, start)).toMatchObject({ granted: 0, retryAfter: 5000 });
    expect(takePermits(text, perMinute, 1, start + 5000).granted).toBe(1);
  });

  it("never are more than the limit in any window of any length of tries", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 9 }), (gaps, wanted) => {
        const limits: RateLimit[] = [
          { count: 6, ms: minute },
          { count: 40, ms: 10 * minute },
        ];
        let [text, now]: [string | null, number] = [null, start];
        const times: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const taken = takePermits(text, limits, wanted, now);
          text = taken.text;
          for (let n = 0; n < taken.granted; n++) times.push(now);
          expect(taken.granted > 0 || taken.retryAfter > 0).toBe(true);
        }
        for (const { count, ms } of limits)
          for (const from of times)
            expect(times.filter((at) => at >= from && at < from + ms).length).toBeLessThanOrEqual(count);
      }),
    );
  });
});

/** Two processes ask as often as they can; gives how often they were let through. */
async function race(one: SharedState, other: SharedState, key: string): Promise<number> {
  const world = movableWorld(start);
  const limits: RateLimit[] = [{ count: 250, ms: minute }];
  const processes = [sharedRates(one, world), sharedRates(other, world)];
  const tries = Array.from({ length: 600 }, (_, at) => processes[at % 2]?.admit(key, limits));
  const waits = await Promise.all(tries);
  const said = waits.filter((wait): wait is number => typeof wait === "number");
  expect(Math.min(...said)).toBeGreaterThan(0);
  // what one was told by the other side holds for both, at once for the one, at its next question for the other
  await processes[0]?.block(`${key} other`, start + 30_000);
  expect(await processes[1]?.admit(`${key} other`, limits)).toBe(30_000);
  world.set(start + 2 * minute);
  expect(await processes[1]?.admit(key, limits)).toBeNull();
  return waits.filter((wait) => wait === null).length;
}

describeOnEachDatabase("one count in the database", (store) => {
  it("lets two processes through as often as one", async () => {
    expect(await race(databaseState(store()), databaseState(store()), "api")).toBe(250);
  });
});

const redis = process.env.GUIDEPOST_TEST_REDIS;
(redis ? describe : describe.skip)("one count in Redis [set GUIDEPOST_TEST_REDIS to run]", () => {
  it("lets two processes through as often as one", async () => {
    const prefix = `test-${process.pid}-${process.hrtime.bigint()}`;
    // keys live by Redis' own clock
    const world = { now: () => start };
    const open = () => redisState(redis ?? "", world, { prefix, onFault: () => undefined });
    const [one, other] = [open(), open()];
    expect(await race(one, other, "api")).toBe(250);
    await one.close();
    await other.close();
  });
});

it("without its Redis a process counts in the database, and looks for Redis again later", async () => {
  const world = movableWorld(start);
  let faults = 0;
  const broken = async () => Promise.reject(new Error("gone"));
  const gone: SharedState = { change: broken, read: broken, close: async () => {} };
  const state = withFallback(gone, memoryState(), world, () => faults++);
  const rates = sharedRates(state, world);
  for (let n = 0; n < 6; n++) expect(await rates.admit("api", perMinute)).toBeNull();
  expect(await rates.admit("api", perMinute)).toBeGreaterThan(0);
  expect(faults).toBe(1);
  world.set(start + 2 * minute);
  expect(await rates.admit("api", perMinute)).toBeNull();
  expect(faults).toBe(2);
});

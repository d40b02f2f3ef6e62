// When to try, look and ask again; and each guide's own hour.
import fc from "fast-check";
import { lookDelay, pollDelay, retryDelay } from "../../src/tasks/backoff.js";
import { guideHour } from "../../src/tasks/guide-hour.js";

const minute = 60_000;

it.each([
  [1, 0.5, 0, 2_000],
  [2, 0.5, 0, 4_000],
  [3, 0, 0, 4_000],
  [3, 0.99, 0, 11_920],
  [30, 0.5, 0, 15 * minute],
  [1, 0, 60_000, 60_000],
  [1, 0.8, 60_000, 72_000],
])("failure %i, chance %d, at least %i ms: %i ms", (failures, chance, atLeast, ms) => {
  expect(retryDelay(failures, chance, atLeast)).toBe(ms);
});

it("never waits less than told, never much more than a quarter of an hour for itself", () => {
  const unit = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), unit, fc.nat(3_600_000), (failures, chance, atLeast) => {
      const delay = retryDelay(failures, chance, atLeast);
      expect(delay).toBeGreaterThanOrEqual(atLeast);
      expect(delay).toBeLessThanOrEqual(Math.max(22.5 * minute, atLeast * 1.25));
    }),
  );
});

it.each([
  [0, 1],
  [9, 1],
  [10, 5],
  [119, 5],
  [120, 20],
  [1440, 60],
])("a hand-over of %i minutes is read again in %i", (age, delay) => {
  expect(pollDelay(age * minute)).toBe(delay * minute);
});

it.each([
  [0, 2],
  [1, 4],
  [3, 16],
  [9, 30],
])("after %i looks a lost call is looked for again in %i minutes", (looks, delay) => {
  expect(lookDelay(looks)).toBe(delay * minute);
});

describe("a guide's hour", () => {
  const options = { hour: "09:07", jitterMinutes: 9, zone: "Asia/Shanghai" };
  const base = Date.UTC(2026, 2, 2, 1, 7);

  it("is the guide's own, the same every day", () => {
    expect(guideHour(12, "2026-03-02", options)).toBe(guideHour(12, "2026-03-02", options));
    expect(guideHour(12, "2026-03-03", options) - guideHour(12, "2026-03-02", options)).toBe(86_400_000);
  });

  it("spreads guides evenly over the minutes", () => {
    const minutes = Array.from({ length: 9_000 }, (_, id) =>
      Math.floor((guideHour(id + 1, "2026-03-02", options) - base) / minute),
    );
    const counts = Array.from({ length: 9 }, (_, at) => minutes.filter((one) => one === at).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(9_000);
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });

  it("is the hour itself without jitter", () => {
    expect(guideHour(5, "2026-03-02", { ...options, jitterMinutes: 0 })).toBe(base);
  });
});

// From what was learned to a customer's days: of risk, and of low recovery.
import { seeded } from "../../src/kernel/world.js";
import { learn } from "../../src/models/learned.js";
import { type Rhythm, riskDaysOf, type Serving, valuesOf } from "../../src/models/risk-days.js";
import { logOf } from "./support.js";

const plain = { parameters: {}, logLikelihood: null, degenerate: null };
const recency: Serving = {
  ...{ served: { name: "recency", ...plain }, riskBelow: -8, value: null, horizonDays: 56, gapDays: 28 },
};
const nbd: Serving = {
  ...recency,
  served: { name: "nbd", parameters: { r: 1, alpha: 4 }, logLikelihood: -1, degenerate: null },
  riskBelow: 1,
  value: {
    model: { name: "nbd", parameters: { r: 1, alpha: 4 }, logLikelihood: -1, degenerate: null },
    lowBelow: 0.5,
  },
};

describe("the day of risk", () => {
  test.each<[string, Serving, Rhythm, number | null]>([
    ["recency: the day after eight weeks", recency, { purchases: 1, spanDays: 0 }, 57],
    ["… whatever the rhythm", recency, { purchases: 9, spanDays: 240 }, 57],
    ["not before the own gap is over", recency, { purchases: 2, spanDays: 150 }, 89],
    ["nobody, when it cannot be said", { ...recency, riskBelow: null }, { purchases: 2, spanDays: 30 }, null],
    ["nobody, when nobody ever came back", { ...recency, gapDays: 0 }, { purchases: 2, spanDays: 30 }, null],
    ["expected purchases fall below the limit", nbd, { purchases: 2, spanDays: 28 }, 57],
    ["never in two years", { ...nbd, riskBelow: 0.01 }, { purchases: 2, spanDays: 28 }, null],
  ])("%s", (_what, serving, rhythm, right) => {
    expect(riskDaysOf(serving)(rhythm).riskAfter).toBe(right);
  });

  test("is the first day whose score is below the limit", () => {
    // (r + x) / (alpha + age) * 8 weeks < 1 from age > 12 weeks = 84 days on, 28 of them before the last purchase
    const { riskAfter, lowAfter } = riskDaysOf(nbd)({ purchases: 2, spanDays: 28 });
    const expected = (days: number) => valuesOf(nbd)({ purchases: 2, spanDays: 28 }, days)?.expected ?? 0;
    expect(expected((riskAfter ?? 0) - 1)).toBeGreaterThanOrEqual(1);
    expect(expected(riskAfter ?? 0)).toBeLessThan(1);
    expect(expected((lowAfter ?? 0) - 1)).toBeGreaterThanOrEqual(0.5);
    expect(expected(lowAfter ?? 0)).toBeLessThan(0.5);
  });

  test("recovery is low from the day of risk on where no model values customers", () => {
    const { riskAfter, lowAfter } = riskDaysOf(recency)({ purchases: 3, spanDays: 60 });
    expect(lowAfter).toBe(riskAfter);
    expect(valuesOf(recency)({ purchases: 3, spanDays: 60 }, 10)).toBeNull();
  });
});

describe("what is learned", () => {
  /** Buyers every three to five weeks, of whom four in ten leave for good. */
  const brand = (customers: number, seed = 5) => {
    const random = seeded(seed);
    return Array.from({ length: customers }, () => {
      const days = [Math.floor(random() * 200)];
      const leaves = random() < 0.4 ? 1 + Math.floor(random() * 5) : 99;
      const gap = 21 + random() * 14;
      for (;;) {
        const next = (days.at(-1) ?? 0) + Math.max(1, Math.round(gap * (0.6 + random() * 0.8)));
        if (next > 400 || days.length > leaves) return days;
        days.push(next);
      }
    });
  };

  test("parts those who left from those who stayed, and finds the hold-out itself", () => {
    const learned = learn({ log: logOf(brand(400)), until: 400, supplies: [] });
    expect(learned.serving.gapDays).toBeGreaterThan(20);
    expect(learned.serving.gapDays).toBeLessThan(35);
    expect(learned.heldUntil).toBe(400);
    expect((learned.calibratedUntil ?? 0) + learned.serving.horizonDays).toBe(400);
    expect(learned.backtest?.models.find(({ name }) => name === "recency")?.auc).toBeGreaterThan(0.9);
    const { riskAfter } = riskDaysOf(learned.serving)({ purchases: 4, spanDays: 84 });
    expect(riskAfter).toBeGreaterThan(28);
    expect(riskAfter).toBeLessThan(120);
  });

  test("with a handful of customers nothing is judged: twice the usual gap is a risk", () => {
    const learned = learn({ log: logOf(brand(30)), until: 400, supplies: [] });
    expect(learned.serving.served.name).toBe("recency");
    expect(learned.backtest?.why).toContain("不到 50 位");
    expect(learned.serving.riskBelow).toBeCloseTo((-2 * learned.serving.gapDays) / 7, 10);
  });

  test.each([
    ["nobody at all", []],
    ["one purchase of one customer, on the last day", [[400]]],
    ["nobody ever came back", Array.from({ length: 80 }, (_, i) => [i])],
  ])("of %s", (_what, customers) => {
    const { serving } = learn({ log: logOf(customers), until: 400, supplies: [] });
    expect(serving.served.name).toBe("recency");
    expect(riskDaysOf(serving)({ purchases: 1, spanDays: 0 }).riskAfter).toBeNull();
  });

  test("of customers all alike, a model without a top is not used", () => {
    // everybody buys every 20 days and nobody leaves: rates do not vary, and no one is seen to go
    const alike = Array.from({ length: 200 }, (_, i) =>
      Array.from({ length: 18 }, (_day, n) => (i % 20) + n * 20),
    );
    const learned = learn({ log: logOf(alike), until: 380, supplies: [] });
    for (const name of ["bg_nbd", "pareto_nbd"])
      expect(learned.backtest?.models.find((model) => model.name === name)?.degenerate).not.toBeNull();
    expect(learned.serving.served.name).toBe("recency");
  });
});

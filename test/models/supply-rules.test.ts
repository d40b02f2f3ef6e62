// When somebody runs out: by the month's four tins, by their own gaps, with what still stands in the cupboard.
import { learnSupplies, paceOf, supplyOf } from "../../src/models/supplies.js";
import {
  type Bought,
  daysPerUnit,
  daysUntilOut,
  segmentOf,
  segmentPace,
} from "../../src/models/supply-rules.js";

/** Four tins a month. */
const FOUR = 365.25 / 48;

/** Purchases of `quantity` every `gap` days. */
const every = (gap: number, quantity: number, times: number): Bought[] =>
  Array.from({ length: times }, (_, i) => ({ day: i * gap, quantity }));

const order = (
  orderedOn: string,
  quantity: number,
  category: string | null = "奶粉",
  subcategory = "1段",
) => ({
  ...{ customerId: 1, orderedOn, quantity, category, subcategory },
});

describe("days until everything is used up", () => {
  test.each([
    ["one tin, nothing else known", [{ day: 0, quantity: 1 }], FOUR, 8],
    ["four tins, nothing else known: a month", [{ day: 0, quantity: 4 }], FOUR, 30],
    ["nobody believes a thousand tins", [{ day: 0, quantity: 1000 }], FOUR, null],
    ["nothing was bought", [{ day: 0, quantity: 0 }], FOUR, null],
    ["no purchase at all", [], FOUR, null],
    ["at most a year", every(1, 60, 1), 30, 365],
  ] as const)("%s", (_what, purchases, pace, right) => {
    expect(daysUntilOut(purchases, pace)).toBe(right);
  });

  test("own gaps draw the pace away from the segment's, the more the more of them there are", () => {
    const days = [1, 2, 4, 8].map((times) => daysUntilOut(every(28, 2, times), FOUR) ?? 0);
    expect(days[0]).toBe(15);
    expect([...days].sort((a, b) => a - b)).toEqual(days);
    expect(days[3]).toBeGreaterThan(22);
    expect(days[3]).toBeLessThan(28);
  });

  test("a pause is no slow child: it counts as three times the usual at most", () => {
    const paused = [
      { day: 0, quantity: 2 },
      { day: 300, quantity: 2 },
    ];
    const slow = [
      { day: 0, quantity: 2 },
      { day: Math.ceil(6 * FOUR), quantity: 2 },
    ];
    expect(daysUntilOut(paused, FOUR)).toBe(daysUntilOut(slow, FOUR));
  });

  test("who hoards still has some left when a festival makes them buy again; who buys as needed has not", () => {
    const hoarder: Bought[] = [
      { day: 0, quantity: 8 },
      { day: 20, quantity: 8 },
    ];
    const alone = daysUntilOut([{ day: 0, quantity: 8 }], FOUR) ?? 0;
    expect(daysUntilOut(hoarder, FOUR)).toBeGreaterThan(alone + 20);
    const asNeeded: Bought[] = [
      { day: 0, quantity: 2 },
      { day: 5, quantity: 2 },
    ];
    expect(daysUntilOut(asNeeded, FOUR)).toBeLessThanOrEqual(Math.round(2 * FOUR));
  });

  test("a hoarder's gaps say less of the pace than those of who buys as needed", () => {
    const share = (quantity: number) =>
      (daysUntilOut(every(quantity * FOUR * 2, quantity, 2), FOUR) ?? 0) / (quantity * FOUR);
    expect(share(2)).toBeGreaterThan(share(6) * 1.05);
  });

  test("only the latest purchases count: children eat more every month", () => {
    const fast = every(8, 2, 8);
    const slowOnce = every(40, 2, 5).map(({ day, quantity }) => ({ day: day - 400, quantity }));
    expect(daysUntilOut([...slowOnce, ...fast], FOUR)).toBe(daysUntilOut(fast, FOUR));
  });
});

describe("the pace of a segment", () => {
  test.each([
    ["formula before any data: four tins a month", "奶粉/1段", [], FOUR],
    ["no category at all is taken for formula", "", [], FOUR],
    [
      "twenty pairs weigh as much as the assumption",
      "婴幼儿奶粉/2段",
      Array.from({ length: 20 }, () => 12),
      (FOUR + 12) / 2,
    ],
    ["of toys nobody knows", "玩具", [5, 6, 7], null],
    ["of diapers the data say it", "纸尿裤", Array.from({ length: 31 }, (_, i) => i), 15],
  ] as const)("%s", (_what, segment, pairs, right) => {
    const pace = segmentPace(segment, pairs);
    if (right === null) expect(pace).toBeNull();
    else expect(pace).toBeCloseTo(right, 10);
  });

  test("a pair of one day, of nothing or beyond belief says nothing", () => {
    expect(daysPerUnit({ day: 3, quantity: 2 }, { day: 3, quantity: 2 })).toBeUndefined();
    expect(daysPerUnit({ day: 3, quantity: 0 }, { day: 9, quantity: 2 })).toBeUndefined();
    expect(daysPerUnit({ day: 3, quantity: 10_000 }, { day: 9, quantity: 2 })).toBeUndefined();
    expect(daysPerUnit({ day: 3, quantity: 2 }, { day: 9, quantity: 9 })).toBe(3);
  });

  test("a segment is product and stage, as far as they are known", () => {
    expect([segmentOf("奶粉", "2段"), segmentOf("奶粉", null), segmentOf(null, null)]).toEqual([
      "奶粉/2段",
      "奶粉",
      "",
    ]);
  });
});

describe("a customer's supply", () => {
  test("is what they bought last: its category's purchases, day by day, at its stage's pace", () => {
    const orders = [
      order("2026-01-01", 2),
      order("2026-01-05", 30, "纸尿裤", ""),
      order("2026-02-01", 1, "奶粉", "2段"),
      order("2026-02-01", 3, "奶粉", "2段"),
    ];
    const supply = supplyOf(orders);
    expect(supply?.segment).toBe("奶粉/2段");
    expect(supply?.purchases.map(({ quantity }) => quantity)).toEqual([2, 4]);
    expect(supplyOf([])).toBeUndefined();
  });

  test("paces are learned from others and foretell better than four tins a month", () => {
    const supplies = Array.from({ length: 60 }, (_, i) => ({
      segment: "奶粉/1段",
      purchases: every(26 + (i % 5), 2, 5),
    }));
    const learned = learnSupplies(supplies);
    expect(paceOf(learned, "奶粉/1段")).toBeCloseTo((14 * 240 + FOUR * 20) / 260, 1);
    expect(paceOf(learned, "奶粉/9段")).toBeCloseTo(FOUR, 10);
    expect(paceOf(learned, "玩具")).toBeNull();
    expect(learned).toMatchObject({ pairs: 240, tried: 60 });
    expect(learned.daysOff).toBeLessThanOrEqual(2);
    expect(learnSupplies([])).toMatchObject({ pairs: 0, tried: 0, daysOff: null });
  });
});

// From purchase days to what models know.
import { aggregated, historyOf, purchaseDays, purchasesBetween } from "../../src/models/histories.js";

test.each([
  ["nothing yet", [10], 9, undefined],
  ["the first purchase on the very day", [10], 10, { frequency: 0, recency: 0, age: 0 }],
  ["one purchase", [10], 24, { frequency: 0, recency: 0, age: 2 }],
  ["two, and one after the day", [10, 17, 30], 24, { frequency: 1, recency: 1, age: 2 }],
  ["no customer", [], 24, undefined],
] as const)("%s", (_what, days, until, right) => {
  expect(historyOf(days, until, 7)).toEqual(right);
});

test("several orders of one day are one purchase, in whatever order they come", () => {
  expect(purchaseDays([17, 10, 17, 10, 24])).toEqual([10, 17, 24]);
});

test("purchases of a span count its last day and not the day before it", () => {
  expect(purchasesBetween([10, 17, 24, 31], 17, 31)).toBe(2);
  expect(purchasesBetween([10, 17], 17, 31)).toBe(0);
});

test("equal histories are told once, with their number", () => {
  const one = { frequency: 1, recency: 2, age: 3 };
  const { weight, frequency, customers } = aggregated([one, { ...one }, { ...one, age: 4 }]);
  expect([...weight]).toEqual([2, 1]);
  expect([...frequency]).toEqual([1, 1]);
  expect(customers).toBe(3);
});

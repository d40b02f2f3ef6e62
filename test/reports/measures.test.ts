// Rates with their intervals, sums, and when a cell may still rise.

import { csvCell } from "../../src/reports/csv.js";
import { add, NOTHING, rate, toRow } from "../../src/reports/measures.js";

const head = { key: "total", name: "合计", kind: "total", id: null, children: false } as const;
const hour = 3_600_000;

describe("Wilson interval", () => {
  // the roots of (p - k/n)² = z² p (1 - p) / n, solved apart from the code
  test.each([
    [0, 10, 0.0, 0.277533],
    [1, 10, 0.017876, 0.40415],
    [5, 10, 0.236593, 0.763407],
    [10, 10, 0.722467, 1.0],
    [82, 100, 0.733326, 0.882998],
    [241, 1000, 0.215515, 0.268467],
  ])("%i of %i", (k, n, low, high) => {
    const got = rate(k, n);
    expect(got?.value).toBeCloseTo(k / n, 12);
    expect(got?.low).toBeCloseTo(low, 5);
    expect(got?.high).toBeCloseTo(high, 5);
  });
  test("nothing of nothing is no rate", () => expect(rate(0, 0)).toBeNull());
});

test("sums add counts and take the latest send", () => {
  const a = { ...NOTHING, issued: 2, messages: 1, lastSentAt: 5 };
  const b = { ...NOTHING, issued: 3, openTasks: 1, lastSentAt: 4 };
  expect(add([a, b])).toEqual({ ...NOTHING, issued: 5, messages: 1, openTasks: 1, lastSentAt: 5 });
});

test.each([
  ["an open task", { openTasks: 1, lastSentAt: 0 }, true],
  ["a send inside the window", { openTasks: 0, lastSentAt: 1000 * hour - 71 * hour }, true],
  ["a send whose window has closed", { openTasks: 0, lastSentAt: 1000 * hour - 72 * hour }, false],
  ["nothing at all", { openTasks: 0, lastSentAt: 0 }, false],
])("provisional: %s", (_name, counts, expected) => {
  expect(toRow(head, { ...NOTHING, ...counts }, 1000 * hour, 72 * hour).provisional).toBe(expected);
});

test("a row under 30 issued tasks is small", () => {
  const small = (issued: number) => toRow(head, { ...NOTHING, issued }, 0, 0).small;
  expect([small(29), small(30)]).toEqual([true, false]);
});

test.each([
  ["=1+1", "'=1+1"],
  ["+86 138", "'+86 138"],
  ["-x", "'-x"],
  ["@cmd", "'@cmd"],
  ['say "hi", you', '"say ""hi"", you"'],
  ["上海一店", "上海一店"],
  [-3, "-3"],
])("csv cell %p", (value, expected) => expect(csvCell(value)).toBe(expected));

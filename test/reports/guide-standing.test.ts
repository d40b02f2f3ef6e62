// A guide's week in words: the middle of a store gives nobody away, and what is said never reproaches.

import { cheerFor, type Figures, figuresFrom, median, middleOf } from "../../src/reports/guide-standing.js";
import { NOTHING } from "../../src/reports/measures.js";

const guide = (completed: number, issued: number, replied = 0, observed = 0) => ({
  ...{ ...NOTHING, issued, completed, observed, replied },
});
const week = (completed: number, issued: number, replied = 0, observed = 0): Figures =>
  figuresFrom(guide(completed, issued, replied, observed));

test.each([
  [[], null],
  [[0.4], 0.4],
  [[0.9, 0.1], 0.5],
  [[0.9, 0.1, 0.3], 0.3],
  [[1, 0, 0.5, 0.7], 0.6],
])("the middle of %j is %s", (values, middle) => {
  if (middle === null) expect(median(values)).toBeNull();
  else expect(median(values)).toBeCloseTo(middle);
});

test("fewer than three guides with tasks have no middle", () => {
  expect(middleOf([guide(1, 2), guide(2, 2), guide(0, 0)])).toBeNull();
  expect(middleOf([guide(1, 2), guide(2, 2), guide(0, 4)])).toEqual({
    ...{ guides: 3, completion: 0.5, reply: null },
  });
});

test("replies are compared where three are heard", () => {
  const heard = [guide(1, 2, 1, 2), guide(2, 2, 1, 4), guide(0, 4, 3, 4)];
  expect(middleOf(heard)?.reply).toBe(0.5);
  expect(middleOf([...heard.slice(0, 2), guide(0, 4)])?.reply).toBeNull();
});

const none = week(0, 0);
test.each<[string, Figures, Figures, { completion: number; reply: number } | null, string, unknown]>([
  ["nothing yet", none, none, null, "这周还没有任务", undefined],
  ["all done", week(7, 7), week(1, 7), null, "一个都没落下", 7],
  ["better than last week", week(36, 48), week(20, 40), null, "比上周同期多完成了", "25.0"],
  [
    "better heard than the store",
    week(36, 48, 30, 40),
    none,
    { completion: 0.9, reply: 0.5 },
    "很愿意回你的话",
    "25.0",
  ],
  ["too few to have gained", week(6, 8), week(1, 2), null, "每一句问候", undefined],
  [
    "too few to stand above the store",
    week(6, 8, 3, 4),
    none,
    { completion: 0.5, reply: 0 },
    "每一句问候",
    undefined,
  ],
  ["above the store", week(36, 48), none, { completion: 0.5, reply: 0 }, "完成率比店里中位高", "25.0"],
  ["behind last week", week(4, 8), week(3, 4), null, "再联系 {n} 位就追上了", 2],
  ["behind the store", week(4, 8), none, { completion: 0.8, reply: 0 }, "再联系 {n} 位就追上了", 3],
  ["as usual", week(4, 8), week(2, 4), null, "每一句问候", undefined],
])("%s", (_name, now, before, store, text, n) => {
  const cheer = cheerFor({ week: now, before, store: store && { guides: 4, ...store }, open: 0 });
  expect(cheer.text).toContain(text);
  expect(cheer.values.n).toBe(n);
  expect(cheer.text).not.toMatch(/落后|太低|不足|批评|必须/);
});

test("no cheer for a week without a customer left while others wait from before", () => {
  const cheer = cheerFor({ week: week(1, 1), before: week(1, 2), store: null, open: 1 });
  expect(cheer).toEqual({ text: "这周的都联系过了，之前还有 {n} 位在等你。", values: { n: 1 } });
});

// Numbers and dates as Chinese offices write them.
import {
  count,
  longDay,
  moment,
  percent,
  points,
  shortDay,
  span,
  weekday,
} from "../../src/console/format.js";

it.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1234567, "1,234,567"],
  [12.6, "13"],
])("count %d: %s", (n, text) => expect(count(n)).toBe(text));

it.each([
  [0, "0.0%"],
  [1, "100.0%"],
  [0.8649, "86.5%"],
  [null, "—"],
])("percent %p: %s", (share, text) => expect(percent(share)).toBe(text));

it.each([
  [0.021, "+2.1"],
  [-0.004, "−0.4"],
  [0.0004, "0.0"],
  [-0.0004, "0.0"],
])("points %d: %s", (change, text) => expect(points(change)).toBe(text));

it("days", () => {
  expect(shortDay("2026-03-01")).toBe("3月1日");
  expect(longDay("2026-12-31")).toBe("2026年12月31日");
  expect(weekday("2026-03-01")).toBe("周日");
  expect(moment(Date.UTC(2026, 2, 1, 16, 5), "Asia/Shanghai")).toBe("3月2日 00:05");
});

it.each([
  ["2026-03-01", "2026-03-01", "2026年3月1日"],
  ["2026-02-23", "2026-03-01", "2026年2月23日 – 3月1日"],
  ["2025-12-28", "2026-01-03", "2025年12月28日 – 2026年1月3日"],
])("from %s to %s: %s", (from, to, text) => expect(span(from, to)).toBe(text));

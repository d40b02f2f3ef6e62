// Whole weeks and single days make up a span exactly, wherever it begins and ends.
import { addDays, daysFromTo, weekdayOf } from "../../src/kernel/calendar.js";
import { mondayOf, spanBefore, weeksAndDays } from "../../src/reports/weeks.js";

const spans = daysFromTo("2026-03-01", "2026-03-09").flatMap((from) =>
  daysFromTo(from, addDays(from, 24)).map((to) => ({ from, to })),
);

test.each([
  ["2026-03-01", "2026-02-23"],
  ["2026-03-02", "2026-03-02"],
  ["2026-03-08", "2026-03-02"],
])("the Monday of %s is %s", (day, monday) => {
  expect(mondayOf(day)).toBe(monday);
});

test.each([
  ["2026-03-12", "2026-03-12", "2026-03-11", "2026-03-11"],
  ["2026-03-01", "2026-03-07", "2026-02-22", "2026-02-28"],
])("before %s to %s: %s to %s", (from, to, earlier, later) => {
  expect(spanBefore({ from, to })).toEqual({ from: earlier, to: later });
});

test("every span is cut into all its whole weeks and fewer than 13 days", () => {
  for (const span of spans) {
    const { weeks, days } = weeksAndDays(span);
    const mondays = weeks ? daysFromTo(weeks.from, weeks.to).filter((day) => weekdayOf(day) === 1) : [];
    const covered = [...days, ...mondays.flatMap((monday) => daysFromTo(monday, addDays(monday, 6)))].sort();
    expect(covered).toEqual(daysFromTo(span.from, span.to));
    expect(days.length).toBeLessThan(13);
    if (weeks) expect([weekdayOf(weeks.from), weekdayOf(weeks.to)]).toEqual([1, 1]);
  }
});

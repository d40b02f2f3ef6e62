// The calendar's rules: who works when, what a year lacks, which years matter.
import {
  type Statutory,
  sayMissing,
  statutoryOf,
  sundayOf,
  workOn,
  yearsOfNames,
  yearsThatMatter,
} from "../../src/org/calendar-rules.js";

it.each<[day: string, own: "off" | "work" | undefined, known: Statutory, work: string]>([
  ["2026-11-11", undefined, "whole", "work"],
  ["2026-11-14", undefined, "whole", "off"],
  ["2026-11-15", undefined, "whole", "off"],
  ["2026-10-10", "work", "whole", "work"],
  ["2026-10-01", "off", "whole", "off"],
  // without data nobody knows, not even of a Sunday or a Wednesday
  ["2027-01-03", undefined, "none", "unknown"],
  ["2027-01-06", undefined, "none", "unknown"],
  ["2027-01-06", undefined, "some", "unknown"],
  ["2027-01-01", "off", "some", "off"],
])("%s, itself %s in a year known %s: %s", (day, own, known, work) => {
  expect(workOn(day, own, known)).toBe(work);
});

it.each<[daysOff: number, statutory: Statutory]>([
  [0, "none"],
  [1, "some"],
  [10, "some"],
  [11, "whole"],
  [33, "whole"],
])("%i days off are a year known %s", (daysOff, statutory) => {
  expect(statutoryOf(daysOff)).toBe(statutory);
});

it("says what a year lacks", () => {
  expect(sayMissing(2027, "whole", 33)).toBeUndefined();
  expect(sayMissing(2027, "none", 0)).toContain("2027 年的日历没有法定节假日");
  expect(sayMissing(2027, "some", 3)).toContain("只有 3 天法定节假日");
});

it.each([
  ["2026-01-01", [2026], [2026]],
  ["2026-09-30", [2026], [2026]],
  ["2026-10-01", [2026], [2026, 2027]],
  ["2026-11-30", [2026], [2026, 2027]],
  ["2026-12-01", [2026, 2027], [2026, 2027]],
  ["2026-12-31", [2026, 2027], [2026, 2027]],
])("on %s statutory days of %j matter, and named days of %j", (today, statutory, named) => {
  expect(yearsThatMatter(today)).toEqual(statutory);
  expect(yearsOfNames(today)).toEqual(named);
});

it.each([
  [2026, "05", 2, "2026-05-10"],
  [2026, "06", 3, "2026-06-21"],
  [2026, "02", 1, "2026-02-01"],
  [2027, "05", 2, "2027-05-09"],
])("Sunday %i-%s number %i is %s", (year, month, nth, on) => {
  expect(sundayOf(year, month, nth)).toBe(on);
});

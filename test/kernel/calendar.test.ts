// Shop days: zones, month ends and every birth date of a four-year cycle against an independent computation.
import {
  addDays,
  addMonths,
  daysBetween,
  daysFromTo,
  firstOfMonth,
  instantOf,
  isShopDay,
  shopDayOf,
  wallTimeOf,
  weekdayOf,
} from "../../src/kernel/calendar.js";

const shanghai = "Asia/Shanghai";

describe("addMonths", () => {
  it.each([
    ["2026-01-31", 1, "2026-02-28"],
    ["2024-01-31", 1, "2024-02-29"],
    ["2026-01-31", 2, "2026-03-31"],
    ["2026-01-31", 3, "2026-04-30"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2024-02-29", 48, "2028-02-29"],
    ["1900-01-31", 1, "1900-02-28"],
    ["2000-01-31", 1, "2000-02-29"],
    ["2026-12-31", 2, "2027-02-28"],
    ["2026-08-31", 6, "2027-02-28"],
    ["2026-03-31", -1, "2026-02-28"],
    ["2026-01-15", -1, "2025-12-15"],
    ["2026-05-20", 0, "2026-05-20"],
  ])("%s and %d months is %s", (day, months, expected) => {
    expect(addMonths(day, months)).toBe(expected);
  });

  it("agrees with counting on paper for every birth date of 2024–2027 and months 1…36", () => {
    const wrong: string[] = [];
    for (const born of daysOfYears(2024, 2027)) {
      for (let months = 1; months <= 36; months++) {
        const text = addMonths(written(born), months);
        if (text !== written(monthsLater(born, months))) wrong.push(`${written(born)} + ${months} = ${text}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

it("knows the first day of a month", () => {
  expect(["2024-02-29", "2026-12-01", "2026-03-31"].map(firstOfMonth)).toEqual([
    ...["2024-02-01", "2026-12-01", "2026-03-01"],
  ]);
});

describe("addDays", () => {
  it.each([
    ["2026-02-28", 1, "2026-03-01"],
    ["2024-02-28", 1, "2024-02-29"],
    ["2026-12-31", 1, "2027-01-01"],
    ["2026-01-01", -1, "2025-12-31"],
    ["2026-01-01", 0, "2026-01-01"],
    ["2025-11-11", 100, "2026-02-19"],
  ])("%s and %d days is %s", (day, days, expected) => {
    expect(addDays(day, days)).toBe(expected);
  });

  it("walks a four-year cycle day by day as paper does", () => {
    const paper = daysOfYears(2024, 2027).map(written);
    expect(daysFromTo("2024-01-01", "2027-12-31")).toEqual(paper);
    expect(paper).toHaveLength(1_461);
  });
});

describe("daysBetween", () => {
  it.each([
    ["2026-01-01", "2026-01-01", 0],
    ["2026-01-01", "2026-01-02", 1],
    ["2026-01-02", "2026-01-01", -1],
    ["2024-01-01", "2028-01-01", 1_461],
    ["2024-02-28", "2024-03-01", 2],
    ["2026-02-28", "2026-03-01", 1],
  ])("from %s to %s are %d", (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });
});

describe("daysFromTo", () => {
  it.each([
    ["2026-02-27", "2026-03-01", ["2026-02-27", "2026-02-28", "2026-03-01"]],
    ["2026-02-27", "2026-02-27", ["2026-02-27"]],
    ["2026-02-27", "2026-02-26", []],
  ])("from %s to %s", (from, to, days) => {
    expect(daysFromTo(from, to)).toEqual(days);
  });
});

describe("isShopDay", () => {
  it.each([
    ["2026-02-28", true],
    ["2024-02-29", true],
    ["2026-02-29", false],
    ["2026-13-01", false],
    ["2026-00-10", false],
    ["2026-04-31", false],
    ["2026-4-1", false],
    ["20260401", false],
    ["2026-04-01T00:00", false],
    [" 2026-04-01", false],
    ["2026-04-01\n", false],
    ["0000-01-01", true],
    ["", false],
  ])("%j: %s", (text, answer) => {
    expect(isShopDay(text)).toBe(answer);
  });
});

describe("weekdayOf", () => {
  it.each([
    ["2024-02-29", 4],
    ["2025-11-11", 2],
    ["2026-01-05", 1],
    ["2026-01-11", 7],
  ])("%s is day %d", (day, weekday) => {
    expect(weekdayOf(day)).toBe(weekday);
  });
});

describe("instants", () => {
  it.each([
    ["2026-01-01T15:59:59.999Z", shanghai, "2026-01-01", "23:59"],
    ["2026-01-01T16:00:00.000Z", shanghai, "2026-01-02", "00:00"],
    ["2026-01-01T16:00:00.000Z", "UTC", "2026-01-01", "16:00"],
    ["1970-01-01T00:00:00.000Z", shanghai, "1970-01-01", "08:00"],
    // China kept summer time in 1986–1991
    ["1990-07-01T15:30:00.000Z", shanghai, "1990-07-02", "00:30"],
    ["2026-03-29T01:00:00.000Z", "Europe/Berlin", "2026-03-29", "03:00"],
  ])("%s in %s is %s %s", (iso, zone, day, time) => {
    const ms = Date.parse(iso);
    expect([shopDayOf(ms, zone), wallTimeOf(ms, zone)]).toEqual([day, time]);
  });

  it.each([
    ["2026-01-02", "00:00", shanghai, "2026-01-01T16:00:00Z"],
    ["2026-01-02", "09:07", shanghai, "2026-01-02T01:07:00Z"],
    ["1990-07-02", "00:30", shanghai, "1990-07-01T15:30:00Z"],
    // an hour that does not exist moves on, one that comes twice is the first
    ["2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:30:00Z"],
    ["2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"],
  ])("%s %s in %s is %s", (day, time, zone, iso) => {
    expect(instantOf(day, time, zone)).toBe(Date.parse(iso));
  });
});

type Day = [year: number, month: number, day: number];

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function daysOfYears(first: number, last: number): Day[] {
  const days: Day[] = [];
  for (let year = first; year <= last; year++)
    for (let month = 1; month <= 12; month++)
      for (let day = 1; day <= daysInMonth(year, month); day++) days.push([year, month, day]);
  return days;
}

function monthsLater([year, month, day]: Day, months: number): Day {
  const count = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  return [toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth))];
}

function written([year, month, day]: Day): string {
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

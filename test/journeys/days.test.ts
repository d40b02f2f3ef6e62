// Calendar days as rules: when they are, whose turn comes on a day, and that everybody has one turn a year.
import fc from "fast-check";
import { BUCKETS } from "../../src/customers/buckets.js";
import { calendarDayIn, occasionsOn, turnOf } from "../../src/journeys/days.js";
import type { DayRef, DayTrigger } from "../../src/journeys/spec.js";
import { addDays, daysFromTo, type ShopDay } from "../../src/kernel/calendar.js";
import type { NamedDays } from "../../src/org/calendar-rules.js";

const named: NamedDays = new Map([
  [
    "春节",
    new Map([
      [2025, "2025-01-29"],
      [2026, "2026-02-17"],
      [2027, "2027-02-06"],
    ]),
  ],
  ["跨年夜", new Map([[2027, "2026-12-31"]])],
]);

const trigger = (day: DayRef, n = 0, spreadDays = 1, unit: "days" | "weeks" = "days"): DayTrigger => ({
  ...{ anchor: "day", day, offset: { unit, n }, spreadDays },
  repeat: "dates" in day ? "once" : "yearly",
});

it.each<[day: DayRef, year: number, on: ShopDay | undefined]>([
  [{ monthDay: "06-18" }, 2026, "2026-06-18"],
  [{ monthDay: "02-29" }, 2028, "2028-02-29"],
  [{ monthDay: "02-29" }, 2027, "2027-02-28"],
  [{ name: "春节" }, 2026, "2026-02-17"],
  [{ name: "春节" }, 2028, undefined],
  [{ name: "会员日" }, 2026, undefined],
  [{ name: "跨年夜" }, 2027, "2026-12-31"],
  [{ dates: ["2026-06-18", "2027-06-20"] }, 2027, "2027-06-20"],
  [{ dates: ["2026-06-18"] }, 2027, undefined],
])("%j in %i is %s", (day, year, on) => {
  expect(calendarDayIn(day, year, named)).toBe(on);
});

const everybody = { from: 0, to: BUCKETS - 1 };
it.each<[what: string, trigger: DayTrigger, day: ShopDay, expected: ReturnType<typeof occasionsOn>]>([
  [
    "the day itself",
    trigger({ name: "春节" }),
    "2026-02-17",
    [{ year: 2026, on: "2026-02-17", buckets: everybody }],
  ],
  ["the day after", trigger({ name: "春节" }), "2026-02-18", []],
  [
    "so many days before",
    trigger({ name: "春节" }, -7),
    "2026-02-10",
    [{ year: 2026, on: "2026-02-17", buckets: everybody }],
  ],
  [
    "weeks before",
    trigger({ name: "春节" }, -1, 1, "weeks"),
    "2026-02-10",
    [{ year: 2026, on: "2026-02-17", buckets: everybody }],
  ],
  [
    "days after",
    trigger({ monthDay: "12-31" }, 3),
    "2027-01-03",
    [{ year: 2026, on: "2026-12-31", buckets: everybody }],
  ],
  [
    "a year whose day lies in the one before",
    trigger({ name: "跨年夜" }),
    "2026-12-31",
    [{ year: 2027, on: "2026-12-31", buckets: everybody }],
  ],
  [
    "the first of four days",
    trigger({ monthDay: "11-11" }, 0, 4),
    "2026-11-11",
    [{ year: 2026, on: "2026-11-11", buckets: { from: 0, to: 2499 } }],
  ],
  [
    "the last of four days",
    trigger({ monthDay: "11-11" }, 0, 4),
    "2026-11-14",
    [{ year: 2026, on: "2026-11-11", buckets: { from: 7500, to: 9999 } }],
  ],
  ["after the last", trigger({ monthDay: "11-11" }, 0, 4), "2026-11-15", []],
  [
    "the second of three",
    trigger({ monthDay: "11-11" }, -10, 3),
    "2026-11-02",
    [{ year: 2026, on: "2026-11-11", buckets: { from: 3334, to: 6666 } }],
  ],
])("%s", (_what, one, day, expected) => {
  expect(occasionsOn(one, day, named)).toEqual(expected);
});

it("gives everybody one turn a year, on the day that the turn is said to be", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -180, max: 180 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: BUCKETS - 1 }),
      fc.constantFrom<DayRef>({ monthDay: "12-31" }, { monthDay: "02-29" }, { monthDay: "06-18" }),
      (n, spreadDays, bucket, day) => {
        const one = trigger(day, n, spreadDays);
        const on = calendarDayIn(day, 2026, named) ?? "";
        const turns = daysFromTo(addDays(on, n - 1), addDays(on, n + spreadDays)).filter((due) =>
          occasionsOn(one, due, named).some(
            ({ year, buckets }) => year === 2026 && bucket >= buckets.from && bucket <= buckets.to,
          ),
        );
        expect(turns).toEqual([turnOf(one, on, bucket)]);
      },
    ),
  );
});

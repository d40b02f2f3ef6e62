// When touchpoints fall due: tables for the calendar's corners, and that ranges and due days are each other's inverse.
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import type { AnchorKind, Repeat, Trigger, Unit } from "../../src/journeys/spec.js";
import {
  anchorRanges,
  dueDays,
  LAST_ANNIVERSARY,
  occurrenceOn,
  yyyymmdd,
} from "../../src/journeys/triggers.js";
import { addDays, type ShopDay } from "../../src/kernel/calendar.js";

const trigger = (
  n: number,
  unit: Unit,
  repeat: Repeat = "once",
  anchor: AnchorKind = "child_born",
): Trigger => ({
  anchor,
  offset: { unit, n },
  repeat,
});

/** "a" for one day, "a..b" for a range. */
const ranges = (of: Trigger, day: ShopDay) =>
  anchorRanges(of, day).map(({ from, to }) => (from === to ? from : `${from}..${to}`));

describe("anchorRanges, once", () => {
  it.each<[number, Unit, ShopDay, string[]]>([
    [0, "days", "2026-03-01", ["2026-03-01"]],
    [3, "days", "2026-03-01", ["2026-02-26"]],
    [3, "days", "2024-03-01", ["2024-02-27"]],
    [-7, "days", "2026-12-28", ["2027-01-04"]],
    [-2, "weeks", "2026-12-28", ["2027-01-11"]],
    [6, "weeks", "2026-03-01", ["2026-01-18"]],
    [1, "months", "2026-04-15", ["2026-03-15"]],
    [1, "months", "2026-04-30", ["2026-03-30..2026-03-31"]],
    [1, "months", "2026-04-29", ["2026-03-29"]],
    [1, "months", "2026-03-31", []],
    [1, "months", "2026-03-30", []],
    [1, "months", "2026-03-29", []],
    [1, "months", "2024-03-29", ["2024-02-29"]],
    [1, "months", "2026-03-28", ["2026-02-28"]],
    [1, "months", "2026-02-28", ["2026-01-28..2026-01-31"]],
    [1, "months", "2024-02-28", ["2024-01-28"]],
    [1, "months", "2024-02-29", ["2024-01-29..2024-01-31"]],
    [2, "months", "2026-03-31", ["2026-01-31"]],
    [12, "months", "2025-02-28", ["2024-02-28..2024-02-29"]],
    [36, "months", "2027-02-28", ["2024-02-28..2024-02-29"]],
    [0, "months", "2026-02-28", ["2026-02-28"]],
    [-1, "months", "2026-02-28", ["2026-03-28..2026-03-31"]],
    [-1, "months", "2026-03-31", []],
  ])("%d %s: on %s those of %j", (n, unit, day, expected) => {
    expect(ranges(trigger(n, unit), day)).toEqual(expected);
  });
});

describe("anchorRanges, yearly", () => {
  const yearly = (n: number, unit: Unit = "days") => trigger(n, unit, "yearly");

  it("is one date a year back from the 1st anniversary, never the day itself", () => {
    const found = ranges(yearly(0), "2026-05-20");
    expect(found).toHaveLength(LAST_ANNIVERSARY);
    expect(found.at(-1)).toBe("2025-05-20");
    expect(found[0]).toBe("1906-05-20");
  });

  it.each<[string, Trigger, ShopDay, string[]]>([
    [
      "29 February comes on the 28th in common years",
      yearly(0),
      "2026-02-28",
      ["2024-02-28..2024-02-29", "2025-02-28"],
    ],
    ["and not on the 28th in leap years", yearly(0), "2028-02-28", ["2026-02-28", "2027-02-28"]],
    ["but on the 29th", yearly(0), "2028-02-29", ["2020-02-29", "2024-02-29"]],
    ["a week before", yearly(-7), "2026-12-28", ["2024-01-04", "2025-01-04", "2026-01-04"].slice(0, 3)],
    ["weeks after", yearly(1, "weeks"), "2026-01-03", ["2023-12-27", "2024-12-27"]],
  ])("%s", (_name, of, day, expected) => {
    expect(ranges(of, day).slice(-expected.length)).toEqual(expected);
  });
});

describe("dueDays", () => {
  it.each<[Trigger, ShopDay, ShopDay, ShopDay, ShopDay[]]>([
    [trigger(3, "days"), "2026-02-26", "2026-03-01", "2026-03-01", ["2026-03-01"]],
    [trigger(3, "days"), "2026-02-26", "2026-03-02", "2026-03-09", []],
    [trigger(1, "months"), "2026-01-31", "2026-01-01", "2026-12-31", ["2026-02-28"]],
    [trigger(-2, "weeks"), "2026-03-10", "2026-01-01", "2026-12-31", ["2026-02-24"]],
    [trigger(0, "days", "yearly"), "2024-02-29", "2024-01-01", "2026-12-31", ["2025-02-28", "2026-02-28"]],
    [trigger(0, "days", "yearly"), "2024-02-29", "2028-01-01", "2028-12-31", ["2028-02-29"]],
    [trigger(-7, "days", "yearly"), "2025-01-03", "2025-01-01", "2026-12-31", ["2025-12-27", "2026-12-27"]],
    [trigger(0, "days", "yearly"), "1880-05-20", "2000-01-01", "2026-12-31", ["2000-05-20"]],
    [trigger(0, "days", "yearly"), "2026-05-20", "2020-01-01", "2026-12-31", []],
    [trigger(30, "days", "each", "last_order"), "2026-01-01", "2026-01-01", "2026-12-31", ["2026-01-31"]],
  ])("%j from %s between %s and %s", (of, anchorOn, from, to, expected) => {
    expect(dueDays(of, anchorOn, from, to)).toEqual(expected);
  });
});

/** The occurrence of a row whose cycle is `cycleOn`; null: the anchor's own date. */
const occurrenceOf = (of: Trigger, due: ShopDay, anchorOn: ShopDay, cycleOn: ShopDay | null) =>
  occurrenceOn(of, due) ?? yyyymmdd(cycleOn ?? anchorOn);

describe("the occurrence", () => {
  it.each<[string, Trigger, ShopDay, ShopDay, ShopDay | null, number]>([
    ["once", trigger(3, "days"), "2026-01-04", "2026-01-01", null, 0],
    ["yearly", trigger(0, "days", "yearly"), "2026-02-28", "2024-02-29", null, 2026],
    [
      "yearly: the anniversary's year, not the day's",
      trigger(-7, "days", "yearly"),
      "2025-12-27",
      "2024-01-03",
      null,
      2026,
    ],
    ["yearly after", trigger(7, "days", "yearly"), "2026-01-03", "2024-12-27", null, 2025],
    [
      "each: its own date",
      trigger(30, "days", "each", "last_order"),
      "2026-01-31",
      "2026-01-01",
      null,
      20260101,
    ],
    [
      "each: the cycle it was computed from",
      trigger(-3, "days", "each", "supply_ends"),
      "2026-02-01",
      "2026-02-04",
      "2025-12-31",
      20251231,
    ],
  ])("%s", (_name, of, due, anchorOn, cycleOn, expected) => {
    expect(occurrenceOf(of, due, anchorOn, cycleOn)).toBe(expected);
  });

  it("follows from the day alone but for each", () => {
    expect(occurrenceOn(trigger(3, "days"), "2026-01-04")).toBe(0);
    expect(occurrenceOn(trigger(0, "days", "yearly"), "2026-01-04")).toBe(2026);
    expect(occurrenceOn(trigger(30, "days", "each", "last_order"), "2026-01-04")).toBeNull();
  });
});

describe("every birth date of a four-year cycle × 36 months", () => {
  const births = Array.from({ length: 1461 }, (_, day) => addDays("2024-01-01", day));
  const months = Array.from({ length: 36 }, (_, index) => index + 1);

  it("falls due on the day Temporal says, and on that day its birth is in the ranges once", () => {
    const wrong: string[] = [];
    const dates = births.map((born) => ({ born, date: Temporal.PlainDate.from(born) }));
    for (const n of months) {
      const known = new Map<string, { from: ShopDay; to: ShopDay }[]>();
      for (const { born, date } of dates) {
        const due = date.add({ months: n }).toString();
        if (!known.has(due)) known.set(due, anchorRanges(trigger(n, "months"), due));
        const holding = known.get(due)?.filter(({ from, to }) => from <= born && born <= to);
        if (holding?.length !== 1) wrong.push(`${born} + ${n} months on ${due}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([1, 12, 35])("and on no other: the ranges of all days hold each birth once (%d months)", (n) => {
    const place = new Map(births.map((born, index) => [born, index]));
    const last = births.length - 1;
    let count = 0;
    for (const due of Array.from({ length: 2600 }, (_, day) => addDays("2024-01-01", day)))
      for (const { from, to } of anchorRanges(trigger(n, "months"), due)) {
        const first = place.get(from) ?? (from < "2024" ? 0 : births.length);
        count += Math.max(0, (place.get(to) ?? (to < "2024" ? -1 : last)) - first + 1);
      }
    expect(count).toBe(births.length);
  });
});

describe("ranges and due days are each other's inverse", () => {
  const day = fc.integer({ min: 0, max: 40_000 }).map((n) => addDays("1950-01-01", n));
  const offset = fc.oneof(
    fc.record({ unit: fc.constant<Unit>("days"), n: fc.integer({ min: -400, max: 400 }) }),
    fc.record({ unit: fc.constant<Unit>("weeks"), n: fc.integer({ min: -60, max: 60 }) }),
    fc.record({ unit: fc.constant<Unit>("months"), n: fc.integer({ min: -60, max: 60 }) }),
  );
  const repeat = fc.constantFrom<Repeat>("once", "yearly", "each");
  const anyTrigger = fc
    .record({ anchor: fc.constant<AnchorKind>("child_born"), offset, repeat })
    .filter((of) => !(of.offset.unit === "months" && of.repeat === "yearly"));

  it("each due day of an anchor has it in its ranges", () => {
    const property = fc.property(anyTrigger, day, (of, anchorOn) => {
      for (const due of dueDays(of, anchorOn, addDays(anchorOn, -2000), addDays(anchorOn, 3000))) {
        const holding = anchorRanges(of, due).filter(({ from, to }) => from <= anchorOn && anchorOn <= to);
        expect(holding).toHaveLength(1);
      }
    });
    fc.assert(property, { numRuns: 40 });
  });

  it("each anchor date of a day's ranges is due that day, and its neighbours outside are not", () => {
    const property = fc.property(anyTrigger, day, fc.nat(), (of, due, pick) => {
      const found = anchorRanges(of, due);
      const one = found[pick % Math.max(1, found.length)];
      if (!one) return;
      const isDue = (anchorOn: ShopDay) => dueDays(of, anchorOn, due, due).includes(due);
      for (let anchorOn = one.from; anchorOn <= one.to; anchorOn = addDays(anchorOn, 1))
        expect([anchorOn, isDue(anchorOn)]).toEqual([anchorOn, true]);
      for (const outside of [addDays(one.from, -1), addDays(one.to, 1)])
        expect([outside, isDue(outside)]).toEqual([outside, false]);
    });
    fc.assert(property, { numRuns: 120 });
  });

  it("ranges are disjoint, in order, and begin before they end", () => {
    const property = fc.property(anyTrigger, day, (of, due) => {
      const ends = anchorRanges(of, due).flatMap(({ from, to }) => [from, to]);
      expect(ends).toEqual([...ends].sort());
    });
    fc.assert(property, { numRuns: 40 });
  });

  it("two due days of one anchor never share an occurrence", () => {
    const property = fc.property(day, fc.integer({ min: -300, max: 300 }), (anchorOn, n) => {
      const of = trigger(n, "days", "yearly");
      const dues = dueDays(of, anchorOn, addDays(anchorOn, -400), addDays(anchorOn, 4000));
      expect(new Set(dues.map((due) => occurrenceOf(of, due, anchorOn, null))).size).toBe(dues.length);
    });
    fc.assert(property, { numRuns: 100 });
  });
});

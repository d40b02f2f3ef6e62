// Touchpoints as a calendar shows them: lanes of rows of cells, before a birth to month 36, after joining, silence, days.
import { addDays, daysBetween, yearOf } from "../kernel/calendar.js";
import type { NamedDays } from "../org/calendar-rules.js";
import { calendarDayIn, daysOf, isDayTrigger } from "./days.js";
import type { AnchorKind, DayTrigger, Trigger } from "./spec.js";
import { daysFrom, MONTH_DAYS } from "./trigger-data.js";

/** A stretch of a row: from a day after what is counted from (below 0: before it) to another, which it does not hold. */
interface TimelineCell<T> {
  label: string;
  from: number;
  to: number;
  cards: T[];
}

/** One line of cells. */
export interface TimelineRow<T> {
  name: string;
  /** what is counted from; of days of the calendar the cells are days of the year */
  anchor: AnchorKind | "day";
  yearly: boolean;
  /** in which unit a new touchpoint here counts */
  unit: "days" | "weeks" | "months";
  cells: TimelineCell<T>[];
}

export interface TimelineLane<T> {
  name: string;
  hint: string;
  rows: TimelineRow<T>[];
}

interface RowPlan extends Omit<TimelineRow<never>, "cells" | "yearly"> {
  yearly?: boolean;
  /** shown also without a card */
  always?: boolean;
  /** what of the anchor's offsets stands here, when several rows share it */
  holds?: readonly [from: number, to: number];
  cells: readonly (readonly [label: string, from: number])[];
}

const EVER = Number.POSITIVE_INFINITY;
const months = (from: number, to: number): [string, number][] =>
  Array.from({ length: to - from }, (_, at) => [
    from + at === 0 ? "出生" : `${from + at}个月`,
    (from + at) * MONTH_DAYS,
  ]);
const WEEKS = Array.from({ length: 10 }, (_, at): [string, number] => [
  `前${40 - 4 * at}–${37 - 4 * at}周`,
  -280 + 28 * at,
]);
const SINCE: [string, number][] = [
  ...([
    ["当天", 0],
    ["1–3天", 1],
    ["4–7天", 4],
    ["8–15天", 8],
    ["16–30天", 16],
  ] as [string, number][]),
  ...([
    ["31–60天", 31],
    ["61–90天", 61],
    ["91–150天", 91],
    ["151–365天", 151],
    ["1年以后", 366],
  ] as [string, number][]),
];
const SILENT: [string, number][] = [
  ...([
    ["0–14天", 0],
    ["15–29天", 15],
    ["30–44天", 30],
    ["45–59天", 45],
    ["60–74天", 60],
  ] as [string, number][]),
  ...([
    ["75–89天", 75],
    ["90–119天", 90],
    ["120–179天", 120],
    ["180–364天", 180],
    ["1年以后", 365],
  ] as [string, number][]),
];
const AROUND: [string, number][] = [
  ...([
    ["更早", -3660],
    ["前14–8天", -14],
    ["前7–4天", -7],
    ["前3–1天", -3],
  ] as [string, number][]),
  ...([
    ["当天", 0],
    ["后1–7天", 1],
    ["后8天起", 8],
  ] as [string, number][]),
];
const AFTER: [string, number][] = [
  ["当天", 0],
  ["1–3天", 1],
  ["4–7天", 4],
  ["8–14天", 8],
  ["15天起", 15],
];
const YEAR = Array.from({ length: 12 }, (_, at): [string, number] => [
  `${at + 1}月`,
  daysBetween("2025-01-01", `2025-${String(at + 1).padStart(2, "0")}-01`),
]);
const year = (n: number) => [12 * n * MONTH_DAYS, 12 * (n + 1) * MONTH_DAYS] as const;
const BABY = { anchor: "child_born", unit: "months", always: true } as const;

const LANES: readonly { name: string; hint: string; rows: readonly RowPlan[] }[] = [
  {
    ...{ name: "孕期到 36 个月", hint: "从预产期前 40 周到宝宝 3 岁" },
    rows: [
      {
        name: "孕期",
        anchor: "child_due",
        unit: "weeks",
        always: true,
        cells: [...WEEKS, ["预产期起", 0], ["过期4周起", 28]],
      },
      { ...BABY, name: "0岁", holds: year(0), cells: months(0, 12) },
      { ...BABY, name: "1岁", holds: year(1), cells: months(12, 24) },
      { ...BABY, name: "2岁", holds: year(2), cells: months(24, 36) },
      {
        ...BABY,
        name: "3岁起",
        holds: [36 * MONTH_DAYS, EVER],
        cells: [
          ...months(36, 37),
          ["37–47个月", 37 * MONTH_DAYS],
          ["4岁", 48 * MONTH_DAYS],
          ["5岁起", 60 * MONTH_DAYS],
        ],
      },
    ],
  },
  {
    ...{ name: "入会与加好友后", hint: "从第一天起" },
    rows: [
      { name: "加好友后", anchor: "joined", unit: "days", always: true, cells: SINCE },
      { name: "分配导购后", anchor: "guide_assigned", unit: "days", cells: SINCE },
      { name: "首次购买后", anchor: "first_order", unit: "days", cells: SINCE },
    ],
  },
  {
    ...{ name: "沉默与复购", hint: "每次购买重新计算" },
    rows: [
      { name: "最近一次购买后", anchor: "last_order", unit: "days", always: true, cells: SILENT },
      { name: "预计用完前后", anchor: "supply_ends", unit: "days", cells: AROUND },
      { name: "出现流失风险后", anchor: "at_risk", unit: "days", cells: AFTER },
      { name: "约好的下次联系", anchor: "next_touch", unit: "days", cells: AROUND },
      { name: "收到紧急回复", anchor: "urgent_reply", unit: "days", cells: [["随时", 0]] },
    ],
  },
  {
    ...{ name: "生日与节日", hint: "每年到了这一天" },
    rows: [
      { name: "宝宝生日", anchor: "child_born", yearly: true, unit: "days", cells: AROUND },
      { name: "客户生日", anchor: "customer_birthday", yearly: true, unit: "days", cells: AROUND },
      { name: "日历", anchor: "day", unit: "days", always: true, cells: YEAR },
    ],
  },
];

/** What stands where: each lane with its rows, those nobody uses left out unless they are the lane's own. */
export function timelineOf<T extends { trigger: Trigger }>(
  touchpoints: readonly T[],
  dayOfYear: (trigger: DayTrigger) => number | undefined,
): TimelineLane<T>[] {
  const placed = touchpoints.map((card) => ({ card, at: placeOf(card.trigger, dayOfYear) }));
  return LANES.map(({ name, hint, rows }) => ({
    ...{ name, hint },
    rows: rows.flatMap((plan) => {
      const own = placed.filter(({ card, at }) => isOf(plan, card.trigger, at));
      if (own.length === 0 && !plan.always) return [];
      return [rowOf(plan, own)];
    }),
  }));
}

function isOf({ anchor, yearly = false, holds }: RowPlan, trigger: Trigger, at: number): boolean {
  if (trigger.anchor !== anchor) return false;
  if (anchor === "child_born" && (trigger.repeat === "yearly") !== yearly) return false;
  return !holds || (at >= holds[0] - 1e-6 && at < holds[1] - 1e-6);
}

function rowOf<T>(plan: RowPlan, own: readonly { card: T; at: number }[]): TimelineRow<T> {
  const { name, anchor, unit, yearly = false } = plan;
  const sorted = own.toSorted((a, b) => a.at - b.at);
  const ends = [...plan.cells.slice(1).map(([, from]) => from), plan.holds?.[1] ?? EVER];
  const cells = plan.cells.map(([label, from], index) => {
    const to = ends[index] ?? EVER;
    const isHere = (at: number) => (index === 0 || at >= from - 1e-6) && at < to - 1e-6;
    return { label, from, to, cards: sorted.filter(({ at }) => isHere(at)).map(({ card }) => card) };
  });
  return { name, anchor, unit, yearly, cells };
}

function placeOf(trigger: Trigger, dayOfYear: (trigger: DayTrigger) => number | undefined): number {
  return isDayTrigger(trigger) ? (dayOfYear(trigger) ?? 0) : daysFrom(trigger.offset);
}

/** On which day of its year (0 for 1 January) a touchpoint of the calendar falls due, in a year or, where that has none, in
 *  one beside it; undefined when the calendar knows none. */
export function dayOfYearIn(year: number, named: NamedDays): (trigger: DayTrigger) => number | undefined {
  return (trigger) => {
    const on =
      [year, year + 1, year - 1].flatMap((one) => calendarDayIn(trigger.day, one, named) ?? [])[0] ??
      ("dates" in trigger.day ? trigger.day.dates[0] : undefined);
    if (on === undefined) return undefined;
    const due = addDays(on, daysOf(trigger));
    return Math.min(364, daysBetween(`${yearOf(due)}-01-01`, due));
  };
}

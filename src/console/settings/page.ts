// The settings as pages show them: those of the house, the limits between stages, a year of the calendar.
import type { StageLimits } from "../../customers/stages.js";
import type { SettingLine } from "../../infra/config.js";
import type { Fault } from "../../kernel/refusals.js";
import { DAY_KIND_NAMES, DAY_KINDS, type DayKind, type Statutory } from "../../org/calendar-rules.js";
import type { CalendarYearView } from "../../org/calendar-service.js";
import { count, shortDay, weekday } from "../format.js";
import { SETTING_GROUPS, shownValue } from "./keys.js";

/** What is configured, with where each value comes from. */
export function settingsPage(lines: readonly SettingLine[]): object {
  const byPath = new Map(lines.map((line) => [line.path, line]));
  return {
    groups: SETTING_GROUPS.map(({ name, note, keys }) => ({
      ...{ name, note },
      settings: Object.entries(keys).flatMap(([path, { says, unit = "", secret = false }]) => {
        const line = byPath.get(path);
        if (!line) return [];
        const value = shownValue(line.value, secret);
        return [
          { path, says, unit: value ? unit : "", value, variable: line.variable, isGiven: line.isGiven },
        ];
      }),
    })),
  };
}

/** The limits between the stages, and what each decides. */
const LIMITS: readonly { key: keyof StageLimits; says: string; unit: string }[] = [
  { key: "newDays", says: "首次下单后多少天内算新客", unit: "天" },
  { key: "activeDays", says: "最近一次下单后多少天内算活跃", unit: "天" },
  { key: "churnedDays", says: "最近一次下单后多少天起算流失（要大于活跃天数）", unit: "天" },
  { key: "trialQuantity", says: "首单不超过多少件算试用", unit: "件" },
  { key: "hoardQuantity", says: "平均每次购买不少于多少件算囤货", unit: "件" },
  { key: "hoardDays", says: "囤货的平均购买间隔不短于多少天", unit: "天" },
];

/** What each limit decides, by its key. */
export const LIMIT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  LIMITS.map(({ key, says }) => [key, says]),
);

/** The form of the limits; `typed` and `faults` after one that was refused. */
export function limitsPage(
  limits: StageLimits,
  more: { typed?: Readonly<Record<string, string>>; faults?: readonly Fault[]; isDone?: boolean } = {},
): object {
  const nameOf = (where: string) => LIMITS.find(({ key }) => where.endsWith(key))?.says ?? where;
  return {
    limits: LIMITS.map(({ key, says, unit }) => ({
      key,
      says,
      unit,
      value: more.typed?.[key] ?? String(limits[key]),
    })),
    faults: (more.faults ?? []).map(({ where, expected }) => ({ where: nameOf(where), expected })),
    isDone: more.isDone ?? false,
  };
}

/** What was typed for a day of the calendar. */
export interface TypedDay {
  on: string;
  /** the last of several days; "": there is one */
  to: string;
  kind: DayKind;
  name: string;
}

const STATUTORY: Readonly<Record<Statutory, string>> = {
  whole: "法定节假日已齐全",
  some: "法定节假日只有一部分",
  none: "还没有法定节假日",
};

/** A year of the calendar, kind by kind. */
export function calendarPage(
  view: CalendarYearView,
  more: { thisYear: number; typed?: TypedDay; faults?: readonly Fault[]; told?: string },
): object {
  const { year, days } = view;
  const typed = more.typed ?? { on: "", to: "", kind: "quiet" as const, name: "" };
  return {
    ...{ year, before: year - 1, next: year + 1, typed, told: more.told ?? "" },
    statutory: STATUTORY[view.statutory],
    isShort: view.statutory !== "whole",
    isAhead: year > more.thisYear,
    faults: (more.faults ?? []).map(({ where, field, expected }) => ({ where: field ?? where, expected })),
    choices: DAY_KINDS.map((kind) => ({ kind, name: DAY_KIND_NAMES[kind], chosen: kind === typed.kind })),
    kinds: DAY_KINDS.map((kind) => ({
      ...{ kind, name: DAY_KIND_NAMES[kind], isAnnounced: kind === "off" || kind === "work" },
      count: count(days.filter((day) => day.kind === kind).length),
      days: days
        .filter((day) => day.kind === kind)
        .map(({ on, name }) => ({ on, name, kind, date: shortDay(on), weekday: weekday(on) })),
    })),
  };
}

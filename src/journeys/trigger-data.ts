// A touchpoint's trigger as its data says it: read again without its checks, and put at another distance.
import { addDays } from "../kernel/calendar.js";
import { isDayTrigger } from "./days.js";
import type { JourneyData } from "./draft-data.js";
import { readTrigger, TRIGGER_KEYS } from "./read-trigger.js";
import { type Offset, type Trigger, UNITS } from "./spec.js";
import { YamlFile } from "./yaml-reader.js";

/** One touchpoint in the form of its file. */
export type TouchpointData = JourneyData;

/** The touchpoints of a journey's data. */
export function touchpointsIn(data: JourneyData): TouchpointData[] {
  return Array.isArray(data.touchpoints) ? (data.touchpoints as TouchpointData[]) : [];
}

/** The trigger of data that was checked before; a calendar day stands under the name it was written by. */
export function triggerOf(data: TouchpointData): Trigger {
  const said = Object.fromEntries(TRIGGER_KEYS.flatMap((key) => (key in data ? [[key, data[key]]] : [])));
  const name = String(countsFrom(data));
  const { top } = new YamlFile("touchpoint", JSON.stringify(said), "data");
  if (!top) throw new Error("a trigger that is no data");
  return readTrigger(top, new Map([[name, name]]));
}

/** What a move says: so far from where it stands, at this distance, or at so many days from what it counts from (of a
 *  calendar day: on this day of the year). */
export type Move = { by: number } | { to: number } | { days: number };

/** The same touchpoint at another distance, in its own unit; a day of the calendar that needs no name moves itself. */
export function moved(
  data: TouchpointData,
  move: Move,
  dayOfYear: (trigger: Trigger) => number,
): TouchpointData {
  const trigger = triggerOf(data);
  const { unit } = trigger.offset;
  if ("by" in move) return shifted(data, trigger, move.by);
  if ("to" in move) return withOffset(data, { unit, n: move.to });
  if (isDayTrigger(trigger)) {
    const days = move.days - dayOfYear(trigger);
    return shifted(data, trigger, Math.round(unit === "weeks" ? days / 7 : days));
  }
  return withOffset(data, { unit, n: inUnit(move.days, unit) });
}

/** The mean length of a month, by which months and days stand on one line. */
export const MONTH_DAYS = 30.4375;

/** Days as a whole number of a unit: months that have passed, weeks that are near. */
function inUnit(days: number, unit: Offset["unit"]): number {
  if (unit === "months") return Math.floor(days / MONTH_DAYS + 1e-9);
  return Math.round(unit === "weeks" ? days / 7 : days);
}

/** An offset in days, for a place on a line. */
export function daysFrom({ unit, n }: Offset): number {
  if (unit === "months") return n * MONTH_DAYS;
  return unit === "weeks" ? n * 7 : n;
}

function shifted(data: TouchpointData, trigger: Trigger, by: number): TouchpointData {
  const { unit, n } = trigger.offset;
  if (!isDayTrigger(trigger) || "name" in trigger.day) return withOffset(data, { unit, n: n + by });
  const days = unit === "weeks" ? by * 7 : by;
  const key = (["after", "before", "on"] as const).find((one) => one in data) ?? "on";
  // of a common year: the 29th of February is nobody's aim
  const on =
    "monthDay" in trigger.day
      ? addDays(`2025-${trigger.day.monthDay}`, days).slice(5)
      : trigger.day.dates.map((date) => addDays(date, days));
  return { ...data, [key]: on };
}

/** The touchpoint at a distance: before what it counts from when negative. */
function withOffset(data: TouchpointData, { unit, n }: Offset): TouchpointData {
  const anchor = countsFrom(data);
  const rest = Object.fromEntries(
    Object.entries(data).filter(([key]) => !["after", "before", "on", ...UNITS].includes(key)),
  );
  const { key, name, ...others } = rest;
  return { key, name, [n < 0 ? "before" : "after"]: anchor, [unit]: Math.abs(n), ...others };
}

function countsFrom({ after, before, on }: TouchpointData): unknown {
  return after ?? before ?? on;
}

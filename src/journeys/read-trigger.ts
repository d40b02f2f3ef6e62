// When a touchpoint falls due, as a file or the API says it: after, before or on a fact or a calendar day.
import { isShopDay } from "../kernel/calendar.js";
import type { DayNames } from "../org/calendar-rules.js";
import {
  ANCHOR_KINDS,
  type AnchorKind,
  DAY_LIMITS,
  type DayRef,
  MOST,
  type Offset,
  REPEATS,
  type Trigger,
  triggerFaults,
  UNITS,
} from "./spec.js";
import type { YamlMap } from "./yaml-reader.js";

/** The keys a trigger is said with. */
export const TRIGGER_KEYS = ["after", "before", "on", ...UNITS, "repeat", "spread_days"];

const DAY = "a day of the calendar: 06-18, 2026-06-18 (one a year), or a name such as 双11, 春节, 立春";
const ANCHOR = `one of ${ANCHOR_KINDS.join(", ")}, or ${DAY}`;

/** Reads a touchpoint's trigger; a day by name must be one of `names`, and is kept by the name it is stored under. */
export function readTrigger(map: YamlMap, names: DayNames): Trigger {
  const said = (["after", "before", "on"] as const).filter((key) => map.has(key));
  const [direction = "after", ...others] = said;
  if (said.length === 0) map.fault(null, `after: or before: with ${ANCHOR}; on: with ${DAY}`);
  for (const other of others) map.fault(other, `one of after, before and on, not ${direction} and ${other}`);
  const values = map.written(direction);
  const anchor = direction === "on" ? undefined : ANCHOR_KINDS.find((kind) => kind === values?.join());
  const day = values && !anchor ? readDay(values, names) : undefined;
  if (values && !anchor && !day) map.fault(direction, direction === "on" ? DAY : ANCHOR);
  const offset = readOffset(map, direction);
  const trigger = day ? dayTrigger(map, day, offset) : anchorTrigger(map, anchor ?? "joined", offset);
  if ((anchor || day) && trigger && UNITS.filter((unit) => map.has(unit)).length < 2)
    for (const { field, expected } of triggerFaults(trigger))
      map.fault(map.has(field) ? field : null, expected);
  return trigger ?? { anchor: "joined", offset, repeat: "once" };
}

function readOffset(map: YamlMap, direction: "after" | "before" | "on"): Offset {
  const [unit = "days", ...others] = UNITS.filter((name) => map.has(name));
  if (direction === "on") {
    if (map.has(unit)) map.fault(unit, "after: or before: such a distance, or on: the day itself");
    return { unit: "days", n: 0 };
  }
  if (!map.has(unit)) map.fault(null, "days:, weeks: or months: (0 for the day itself)");
  for (const other of others) map.fault(other, `one of days, weeks and months, not ${unit} and ${other}`);
  const n = map.whole(unit, 0, MOST[unit]);
  return { unit, n: direction === "before" && n ? -n : (n ?? 0) };
}

/** undefined: what it says of `repeat` is none at all. */
function anchorTrigger(map: YamlMap, anchor: AnchorKind, offset: Offset): Trigger | undefined {
  if (map.has("spread_days")) map.fault("spread_days", "a day of the calendar to spread customers around");
  const repeat = map.has("repeat") ? map.choice("repeat", REPEATS) : "once";
  return repeat && { anchor, offset, repeat };
}

function dayTrigger(map: YamlMap, day: DayRef, offset: Offset): Trigger | undefined {
  const own = "dates" in day ? "once" : "yearly";
  const repeat = map.has("repeat") ? map.choice("repeat", ["yearly", "once"]) : own;
  const spreadDays = map.whole("spread_days", 1, DAY_LIMITS.spread) ?? 1;
  return repeat && { anchor: "day", day, offset, repeat, spreadDays };
}

/** The day that texts mean; undefined when they mean none, or two dates of one year. */
function readDay(values: readonly string[], names: DayNames): DayRef | undefined {
  if (values.length > 0 && values.every(isShopDay)) {
    const dates = [...new Set(values)].sort();
    return new Set(dates.map((date) => date.slice(0, 4))).size === dates.length ? { dates } : undefined;
  }
  const [value = "", ...more] = values;
  if (more.length > 0) return undefined;
  // of a leap year: 02-29 is a day
  if (/^\d{2}-\d{2}$/.test(value)) return isShopDay(`2024-${value}`) ? { monthDay: value } : undefined;
  const name = names.get(value);
  return name === undefined ? undefined : { name };
}

// A one-off task as a file: what a touchpoint says, a first day and a deadline. Kept as a journey of one calendar day.
import { addDays, daysBetween, isShopDay, type ShopDay } from "../kernel/calendar.js";
import type { ClaimsCheck } from "./claims.js";
import { CONTENT_KEYS, type JourneySource, parseWhole, readTouchpoint } from "./file.js";
import { GRACE_DAYS, type JourneySpec, type TouchpointSpec } from "./spec.js";
import type { YamlMap } from "./yaml-reader.js";

/** Stands before the keys of journeys that are one-off tasks: no journey's file can say it. */
export const ONEOFF = "oneoff:";

/** What a stored key may be long. */
const MOST_KEY = 64;

/** Reads a one-off's file. Raises one Refusal that lists every fault. `today` is the first day where it says none. */
export function parseOneoff(
  source: JourneySource,
  { claims, files, today }: { claims: ClaimsCheck; files: Map<string, Buffer>; today: ShopDay },
): JourneySpec {
  return parseWhole({ source, claims, files }, (top, reading) => {
    top.only([...CONTENT_KEYS, "on", "until"]);
    const touchpoint = readTouchpoint(top, readDays(top, today), reading);
    const key = ONEOFF + touchpoint.key;
    if (key.length > MOST_KEY) top.fault("key", `at most ${MOST_KEY - ONEOFF.length} characters`);
    return { key, name: touchpoint.name, touchpoints: [touchpoint] };
  });
}

/** The first day and the deadline of a one-off. */
export function oneoffDays({ trigger, graceDays }: Pick<TouchpointSpec, "trigger" | "graceDays">): {
  on: ShopDay;
  until: ShopDay;
} {
  const on = trigger.anchor === "day" && "dates" in trigger.day ? (trigger.day.dates[0] ?? "") : "";
  return { on, until: addDays(on, graceDays) };
}

function readDays(top: YamlMap, today: ShopDay): Pick<TouchpointSpec, "trigger" | "graceDays"> {
  const day = (key: "on" | "until", least: ShopDay, most: ShopDay) => {
    const expected = `a day from ${least} to ${most}, YYYY-MM-DD`;
    const text = top.text(key, { expected, required: key === "until" });
    if (text === undefined) return undefined;
    if (isShopDay(text) && text >= least && text <= most) return text;
    top.fault(key, expected);
    return undefined;
  };
  const on = day("on", today, addDays(today, 366)) ?? today;
  const until = day("until", on, addDays(on, GRACE_DAYS.most)) ?? on;
  const offset = { unit: "days", n: 0 } as const;
  return {
    trigger: { anchor: "day", day: { dates: [on] }, offset, repeat: "once", spreadDays: 1 },
    graceDays: daysBetween(on, until),
  };
}

// What fills a year of the calendar: statutory days and lunar dates from libraries, named and quiet days from our own file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import chineseDays from "chinese-days";
import { LunarDay, LunarMonth, type SolarDay, SolarTerm } from "tyme4ts";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../infra/config.js";
import { addDays, daysFromTo, type ShopDay } from "../kernel/calendar.js";
import { type CalendarEntry, type DayNames, sundayOf } from "./calendar-rules.js";

const monthDay = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
const also = z.array(z.string().min(1)).default([]);
const namedDay = z.union([
  z.strictObject({ on: monthDay, also }),
  z.strictObject({ lunar: monthDay, also }),
  z.strictObject({ lunar_before: monthDay, also }),
  z.strictObject({ sunday: z.string().regex(/^(0[1-9]|1[0-2])-[1-4]$/), also }),
]);
type NamedDay = z.infer<typeof namedDay>;
const proposals = z.strictObject({
  days: z.record(z.string().min(1).max(40), namedDay),
  quiet: z.record(z.string(), z.string().min(1).max(40)),
});

/** What a year can be filled with. */
export interface Seeds {
  /** every name there is, with those it is also known by */
  names: DayNames;
  /** named and quiet days of any year */
  proposed(year: number): CalendarEntry[];
  /** statutory days off and make-up working days; empty for a year the library does not know (yet) */
  statutory(year: number): CalendarEntry[];
}

/** The seeds by `config/calendar.yaml`. Raises a ZodError when that file is not right. */
export function loadSeeds(path = join(projectRoot, "config/calendar.yaml")): Seeds {
  const { days, quiet } = proposals.parse(parse(readFileSync(path, "utf8")));
  const names = new Map<string, string>(SolarTerm.NAMES.map((name) => [name, name]));
  for (const [name, day] of Object.entries(days)) for (const one of [name, ...day.also]) names.set(one, name);
  for (const term of SolarTerm.NAMES) if (!names.has(`${term}节`)) names.set(`${term}节`, term);
  const proposed = (year: number) => {
    const named = [
      ...Object.entries(days).map(([name, day]) => ({ name, on: dateOf(day, year) })),
      ...solarTerms(year),
    ].map((one): CalendarEntry => ({ ...one, kind: "named", year }));
    const quietDays = Object.entries(quiet).map(([when, name]): CalendarEntry => {
      const on = named.find((one) => one.name === names.get(when))?.on ?? `${year}-${when}`;
      return { on, kind: "quiet", name, year };
    });
    return [...named, ...quietDays];
  };
  return { names, proposed, statutory };
}

function dateOf(day: NamedDay, year: number): ShopDay {
  if ("on" in day) return `${year}-${day.on}`;
  if ("sunday" in day) return sundayOf(year, day.sunday.slice(0, 2), Number(day.sunday.slice(3)));
  const lunarYear = "lunar" in day ? year : year - 1;
  const [month = 1, date = 1] = ("lunar" in day ? day.lunar : day.lunar_before).split("-").map(Number);
  const last = LunarMonth.fromYm(lunarYear, month).getDayCount();
  return shopDay(LunarDay.fromYmd(lunarYear, month, Math.min(date, last)).getSolarDay());
}

/** The 24 terms of a calendar year, 小寒 in January to 冬至 in December. */
function solarTerms(year: number): { name: string; on: ShopDay }[] {
  return Array.from({ length: 24 }, (_, index) => {
    const term = SolarTerm.fromIndex(year, index + 1);
    return { name: term.getName(), on: shopDay(term.getSolarDay()) };
  });
}

function shopDay(day: SolarDay): ShopDay {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${day.getYear()}-${two(day.getMonth())}-${two(day.getDay())}`;
}

/** Of a year it does not know the library says what any weekday would be: a day it knows has a festival's names. */
function statutory(year: number): CalendarEntry[] {
  const days = daysFromTo(`${year}-01-01`, addDays(`${year + 1}-01-01`, -1));
  return days.flatMap((on): CalendarEntry[] => {
    const { work, name } = chineseDays.getDayDetail(on);
    const [, festival] = name.split(",");
    return festival ? [{ on, kind: work ? "work" : "off", name: festival, year }] : [];
  });
}

// What a forecast tells, and how counts of days are put together and set beside one another. Pure.
import type { ShopDay } from "../../kernel/calendar.js";

/** Counts of one day, touchpoint and region; all in tasks. */
export interface Counts {
  /** due that day, in whatever state they begin */
  planned: number;
  released: number;
  /** of those planned, kept back to measure what the message changes */
  held_out: number;
  /** ended without going out */
  skipped: number;
  /** of those skipped, because the customer or the guide had enough until the grace ended */
  skipped_by_cap: number;
  /** found no room and ask again tomorrow */
  put_off: number;
  /** went with another: one message about several children */
  merged: number;
  /** released, but their words lack a value */
  needs_data: number;
  /** due and waiting for a guide */
  held: number;
}

const NONE: Counts = {
  ...{ planned: 0, released: 0, held_out: 0, skipped: 0, skipped_by_cap: 0, put_off: 0, merged: 0 },
  ...{ needs_data: 0, held: 0 },
};
export const COUNTS = Object.keys(NONE) as (keyof Counts)[];

/** Counts with the day, the touchpoint's key, its journey's, and the top region (null: of customers nobody follows): the
 *  owner's for what is due, that of who does it (a deputy's, while the owner is on leave) for what becomes of it. */
export interface ForecastLine extends Counts {
  on: ShopDay;
  touchpoint: string;
  journey: string;
  region: string | null;
}

/** A guide with more to do on a day than one may have: `tasks` asked to go, `cap` may. */
export interface Overload {
  /** the guide's account */
  guide: string;
  name: string;
  on: ShopDay;
  tasks: number;
  cap: number;
}

/** Follow-ups due of a touchpoint whose words lack a variable, `of` so many due and not held out. */
export interface Missing {
  touchpoint: string;
  journey: string;
  variable: string;
  /** the variable's Chinese name */
  label: string;
  customers: number;
  of: number;
}

/** The days ahead. */
export interface Forecast {
  from: ShopDay;
  to: ShopDay;
  days: ForecastLine[];
  overloaded: Overload[];
  missing: Missing[];
  /** of all days: put off, and skipped, because customers or guides had enough */
  caps: { put_off: number; skipped: number };
  /** what is taken for granted, in Chinese */
  assumptions: string[];
}

/** Signed counts, draft − live. */
export interface Difference {
  /** lines that differ */
  days: ForecastLine[];
  total: Counts;
}

/** A draft's days, beside those of what is published now. */
export interface DraftForecast extends Forecast {
  live: Forecast;
  difference: Difference;
}

/** Adds counts up by day, touchpoint and region. */
export class Lines {
  private readonly lines = new Map<string, ForecastLine>();

  add(place: Omit<ForecastLine, keyof Counts>, counts: Partial<Counts>): void {
    const key = keyOf(place);
    const line = this.lines.get(key) ?? { ...place, ...NONE };
    for (const name of COUNTS) line[name] += counts[name] ?? 0;
    this.lines.set(key, line);
  }

  /** In the order of days, and within one as they came; without empty ones. */
  all(): ForecastLine[] {
    return [...this.lines.values()]
      .filter((line) => COUNTS.some((name) => line[name] !== 0))
      .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  }
}

/** What changes from one forecast to another. */
export function differenceOf(live: Forecast, draft: Forecast): Difference {
  const lines = new Lines();
  for (const line of draft.days) lines.add(placeOf(line), line);
  for (const line of live.days) lines.add(placeOf(line), negative(line));
  const days = lines.all();
  return { days, total: sumOf(days) };
}

/** All counts of some lines together. */
export function sumOf(lines: readonly Counts[]): Counts {
  const sum = { ...NONE };
  for (const line of lines) for (const name of COUNTS) sum[name] += line[name];
  return sum;
}

function placeOf({ on, touchpoint, journey, region }: ForecastLine): Omit<ForecastLine, keyof Counts> {
  return { on, touchpoint, journey, region };
}

function negative(counts: Counts): Partial<Counts> {
  return Object.fromEntries(COUNTS.map((name) => [name, -counts[name]]));
}

function keyOf(place: Omit<ForecastLine, keyof Counts>): string {
  return JSON.stringify([place.on, place.journey, place.touchpoint, place.region]);
}

// The days ahead with a draft and without it, as the page on which it is published shows them.

import { grouped } from "../../infra/batches.js";
import type { Config } from "../../infra/config.js";
import type { TouchpointNames } from "../../journeys/touchpoint-names.js";
import { forecastChart } from "../../reports/forecast-chart.js";
import {
  type DraftForecast,
  type Forecast,
  type ForecastLine,
  type Overload,
  sumOf,
} from "../../tasks/forecast/shape.js";
import { count, shortDay } from "../format.js";

const LOOKS = { desk: { width: 1100, height: 260 }, phone: { width: 360, height: 240 } };
/** Of long lists the first. */
const MOST = 12;
/** Days, and touchpoints of each, that are named as the fullest. */
const FULLEST = 3;

/** Everything templates/pages/journeys/publish-forecast.hbs names once the forecast is there. */
export async function forecastView(
  forecast: DraftForecast,
  lines: { live: string; draft: string },
  { names, caps }: { names: TouchpointNames; caps: Config["caps"] },
): Promise<object> {
  const [live, draft] = [sumOf(forecast.live.days), sumOf(forecast.days)];
  const drawing = Object.entries(LOOKS).map(async ([size, look]) => [
    size,
    inline(await forecastChart(forecast, lines, look)),
  ]);
  const pictures = Object.fromEntries(await Promise.all(drawing));
  const before = new Set(forecast.live.overloaded.map(placeOf));
  return {
    ...pictures,
    figures: [
      figure("到期", live.planned, draft.planned),
      figure("下发", live.released, draft.released),
      figure("顺延", forecast.live.caps.put_off, forecast.caps.put_off),
      figure("因上限跳过", forecast.live.caps.skipped, forecast.caps.skipped),
      figure("缺资料", live.needs_data, draft.needs_data),
    ],
    fullest: fullestDays(forecast.days, names),
    overloaded: overloads(forecast)
      .slice(0, MOST)
      .map((one) => ({ ...one, isNew: !one.places.some((place) => before.has(place)) })),
    overloadedCount: overloads(forecast).length,
    putOff: whyPutOff(forecast, caps),
    guideCap: count(caps.guide_per_day),
    overloadedBefore: overloads(forecast.live).length,
    missing: forecast.missing
      .toSorted((a, b) => b.customers - a.customers)
      .slice(0, MOST)
      .map(({ journey, touchpoint, label, customers, of }) => ({
        touchpoint: names.get(`${journey}/${touchpoint}`) ?? touchpoint,
        label,
        customers: count(customers),
        of: count(of),
      })),
    missingCount: forecast.missing.length,
    most: MOST,
    assumptions: forecast.assumptions,
    from: shortDay(forecast.from),
    to: shortDay(forecast.to),
  };
}

/** Which limits may put follow-ups off: the customers', and the guides' where one of them has a full day, by the draft or as
 *  it is. null: nothing is put off. */
export function whyPutOff(
  {
    caps: ofDraft,
    live,
    overloaded,
  }: Pick<DraftForecast, "caps" | "overloaded"> & { live: Pick<Forecast, "caps" | "overloaded"> },
  caps: Config["caps"],
): { day: string; month: string; byGuides: boolean } | null {
  const all = [ofDraft, live.caps].reduce((sum, one) => sum + one.put_off + one.skipped, 0);
  if (all === 0) return null;
  const [day, month] = [count(caps.customer_per_day), count(caps.customer_per_month)];
  return { day, month, byGuides: overloaded.length + live.overloaded.length > 0 };
}

/** The fullest days, and the touchpoints most of what goes out then is of. */
function fullestDays(lines: readonly ForecastLine[], names: TouchpointNames): object[] {
  const most = (groups: Iterable<[string, ForecastLine[]]>) =>
    [...groups]
      .map(([key, some]) => ({ key, some, released: sumOf(some).released }))
      .filter(({ released }) => released > 0)
      .sort((a, b) => b.released - a.released);
  return most(grouped(lines, ({ on }) => on))
    .slice(0, FULLEST)
    .map((day) => {
      const touchpoints = most(grouped(day.some, ({ journey, touchpoint }) => `${journey}/${touchpoint}`));
      return {
        ...{ on: shortDay(day.key), tasks: count(day.released) },
        touchpoints: touchpoints.slice(0, FULLEST).map(({ key, released }) => ({
          ...{ name: names.get(key) ?? key, released: count(released) },
        })),
        others: Math.max(0, touchpoints.length - FULLEST),
      };
    });
}

function figure(name: string, live: number, draft: number): object {
  const change = draft - live;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "";
  return {
    name,
    live: count(live),
    draft: count(draft),
    change: change === 0 ? "0" : `${sign}${count(Math.abs(change))}`,
  };
}

const placeOf = ({ guide, on }: Overload) => `${guide} ${on}`;

/** A guide once, with their worst day first. */
function overloads({ overloaded }: Pick<Forecast, "overloaded">) {
  const guides = new Map<string, Overload[]>();
  for (const one of overloaded) guides.set(one.guide, [...(guides.get(one.guide) ?? []), one]);
  return [...guides.values()]
    .map((days) => days.toSorted((a, b) => b.tasks - a.tasks))
    .map((days) => {
      const [worst] = days as [Overload];
      return {
        ...{ name: worst.name, guide: worst.guide, tasks: count(worst.tasks), cap: count(worst.cap) },
        ...{ on: shortDay(worst.on), days: days.length, places: days.map(placeOf), most: worst.tasks },
      };
    })
    .sort((a, b) => b.most - a.most);
}

function inline(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

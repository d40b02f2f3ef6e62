// The uplift of touchpoints over a span of due days, from tasks and orders.
import type { Sql } from "../../infra/store.js";
import { addDays, daysBetween, daysFromTo, type ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { countBuyers, holdOutBegan, holdOutVersions } from "./queries.js";
import { adjusted, REPURCHASE_DAYS, type UpliftFigures, upliftFigures } from "./uplift-figures.js";

/** A touchpoint by its place. */
export interface UpliftPlace {
  touchpointId: number;
  key: string;
  name: string;
}

/** What one touchpoint changed. */
export interface Uplift extends UpliftFigures {
  touchpoint_id: number;
  key: string;
  name: string;
  /** due days, both included; none before the hold-out began */
  from: ShopDay;
  to: ShopDay;
  /** the day from which it held customers out; null: it never did */
  began_on: ShopDay | null;
  /** percent that should be held out, its own and the journey's taken together */
  hold_out: number;
  /** the time to order is not over for the last of these days */
  provisional: boolean;
}

/** A touchpoint among others. */
export interface LeagueLine extends Uplift {
  /** p as if all touchpoints of the list were one question (Benjamini and Hochberg): at most .05 holds */
  p_adjusted: number | null;
}

/** Due days asked for; left out: the 90 latest whose time to order is over. */
export interface UpliftSpan {
  from?: ShopDay | undefined;
  to?: ShopDay | undefined;
}

const USUAL_DAYS = 90;
const MOST_DAYS = 400;

/** The days meant. Raises `invalid` for a span that cannot be. */
export function spanOf({ from, to }: UpliftSpan, today: ShopDay): { from: ShopDay; to: ShopDay } {
  const last = to ?? addDays(today, -REPURCHASE_DAYS - 1);
  const first = from ?? addDays(last, 1 - USUAL_DAYS);
  const days = daysBetween(first, last) + 1;
  if (days >= 1 && days <= MOST_DAYS) return { from: first, to: last };
  throw new Refusal("invalid", "日期范围不对。", [
    { where: "from/to", value: `${first} – ${last}`, expected: `1 to ${MOST_DAYS} days, from not after to` },
  ]);
}

/** One touchpoint's uplift: all that its latest hold-out drew, by the versions that had it. */
export async function upliftOf(
  sql: Sql,
  { touchpointId, key, name }: UpliftPlace,
  span: { from: ShopDay; to: ShopDay },
  today: ShopDay,
): Promise<Uplift> {
  const { ids, percent, own, journey } = await drawnVersions(sql, touchpointId);
  const began = await holdOutBegan(sql, touchpointId, { own, journey });
  const from = began !== null && began > span.from ? began : span.from;
  const days = ids.length === 0 ? [] : daysFromTo(from, span.to).filter((day) => day <= today);
  const counts = [];
  for (const dueOn of days)
    counts.push(
      await countBuyers(sql, touchpointId, ids, { dueOn, through: addDays(dueOn, REPURCHASE_DAYS) }),
    );
  return {
    // of a hold-out that began after these days nothing was counted
    ...{ touchpoint_id: touchpointId, key, name, from: from > span.to ? span.from : from, to: span.to },
    ...{ began_on: began, hold_out: percent },
    provisional: addDays(span.to, REPURCHASE_DAYS) >= today,
    ...upliftFigures(counts, percent),
  };
}

/** The versions that had a touchpoint's latest hold-out, and of what percent it is: its own and its journey's together. */
export async function drawnVersions(
  sql: Sql,
  touchpointId: number,
): Promise<{ ids: number[]; percent: number; own: number; journey: number }> {
  const versions = await holdOutVersions(sql, touchpointId);
  const drawn = versions.find(({ own, journey }) => own + journey > 0) ?? { own: 0, journey: 0 };
  const ids = versions
    .filter(({ own, journey }) => own === drawn.own && journey === drawn.journey && own + journey > 0)
    .map(({ versionId }) => versionId);
  const { own, journey } = drawn;
  return { ids, percent: own + journey - (own * journey) / 100, own, journey };
}

/** Many touchpoints beside one another, the largest uplift first. */
export function league(lines: readonly Uplift[]): LeagueLine[] {
  const ps = adjusted(lines.map(({ uplift }) => uplift.p));
  const value = ({ uplift }: Uplift) => uplift.difference?.value ?? Number.NEGATIVE_INFINITY;
  return lines
    .map((line, at) => ({ ...line, p_adjusted: ps[at] ?? null }))
    .sort((one, other) => value(other) - value(one) || (one.key < other.key ? -1 : 1));
}

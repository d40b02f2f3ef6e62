// The first fourteen days by week or month of joining: who wrote at all, and how much, of a place and the units below it.
import type { Viewer } from "../../identity/viewer.js";
import { marks } from "../../infra/dialect.js";
import type { Sql, Store } from "../../infra/store.js";
import { addDays, addMonths, firstOfMonth, type ShopDay } from "../../kernel/calendar.js";
import { heardSince, pathTo, type Question, questionOf } from "../asking.js";
import { rate, SMALL } from "../measures.js";
import { namesOf, storesIn, wholeRegions } from "../queries.js";
import type { Rate, Report, ReportAsk, ReportNode } from "../report.js";
import { below, levelName } from "../service.js";
import { mondayOf } from "../weeks.js";
import { FIRST_DAYS } from "./newcomer-counting.js";

export type CohortUnit = "week" | "month";

/** Those who joined in one week or month, as far as the span reaches. */
export interface Cohort {
  /** its first day in the span, and its last */
  from: ShopDay;
  to: ShopDay;
  newcomers: number;
  spoke: number;
  messages: number;
  /** spoke ÷ newcomers */
  share: Rate | null;
  /** messages ÷ newcomers; null for none */
  each: number | null;
  small: boolean;
  /** not all of them have had their fourteen days */
  provisional: boolean;
  /** it ended before any message is known: what they wrote is not, `share` and `each` are null */
  unheard: boolean;
}

/** A unit below the place with its cohorts, in the order of `Golden.cohorts`. */
export interface GoldenUnit {
  kind: ReportNode["kind"];
  id: number;
  name: string;
  cohorts: Cohort[];
}

export interface Golden {
  level: string;
  cohorts: Cohort[];
  /** of the cohorts that are heard; of all of them where none is */
  total: Cohort;
  units: GoldenUnit[];
  path: Report["path"];
  /** the first day of which any message is known; whoever joined before it may have written unheard. Null: none is */
  heardFrom: ShopDay | null;
}

/** Those of one unit who joined on one day. */
export interface Day {
  unit: number;
  day: ShopDay;
  newcomers: number;
  spoke: number;
  messages: number;
}

/** The cohorts of a place by day of joining. Raises as `report` does. */
export async function golden(
  store: Store,
  viewer: Viewer,
  ask: Pick<ReportAsk, "from" | "to" | "within"> & { unit: CohortUnit; today: ShopDay },
): Promise<Golden> {
  const question = await questionOf(store.read, viewer, ask);
  const { sql, tree, place } = question;
  const days = await ownDays(question);
  const units = await unitsBelow(question);
  const spans = cohortSpans(ask.from, ask.to, ask.unit);
  const heardFrom = await heardSince(sql);
  const isHeard = ({ to }: { to: ShopDay }) => heardFrom !== null && to >= heardFrom;
  const cohortOf = (some: readonly Day[], span: { from: ShopDay; to: ShopDay }) => {
    const sum = summed(
      some.filter(({ day }) => day >= span.from && day <= span.to),
      span,
      ask.today,
    );
    return isHeard(span) ? sum : { ...sum, share: null, each: null, provisional: false, unheard: true };
  };
  return {
    level: levelName(tree, place, below(tree, place)),
    cohorts: spans.map((span) => cohortOf(days, span)),
    total: cohortOf(days, { from: spans.find(isHeard)?.from ?? ask.from, to: ask.to }),
    units: units.map(({ days: own, ...unit }) => ({
      ...unit,
      cohorts: spans.map((span) => cohortOf(own, span)),
    })),
    path: await pathTo(sql, tree, viewer, place),
    heardFrom,
  };
}

/** Weeks from Monday, or months, cut at the ends of the span. */
export function cohortSpans(from: ShopDay, to: ShopDay, unit: CohortUnit): { from: ShopDay; to: ShopDay }[] {
  const spans: { from: ShopDay; to: ShopDay }[] = [];
  for (let first = from; first <= to; ) {
    const next = unit === "week" ? addDays(mondayOf(first), 7) : addMonths(firstOfMonth(first), 1);
    const last = addDays(next, -1);
    spans.push({ from: first, to: last < to ? last : to });
    first = next;
  }
  return spans;
}

function summed(days: readonly Day[], { from, to }: { from: ShopDay; to: ShopDay }, today: ShopDay): Cohort {
  const sum = (key: "newcomers" | "spoke" | "messages") =>
    days.reduce((all, day) => all + Number(day[key]), 0);
  const [newcomers, spoke, messages] = [sum("newcomers"), sum("spoke"), sum("messages")];
  const latest = days.reduce((last, { day }) => (day > last ? day : last), "");
  return {
    ...{ from, to, newcomers, spoke, messages, share: rate(spoke, newcomers) },
    each: newcomers > 0 ? messages / newcomers : null,
    small: newcomers < SMALL,
    provisional: latest !== "" && addDays(latest, FIRST_DAYS) > today,
    unheard: false,
  };
}

function regionDays(sql: Sql, regions: readonly number[], from: ShopDay, to: ShopDay): Promise<Day[]> {
  return sql.rows<Day>(
    `SELECT region_id AS unit, joined_on AS day, newcomers, spoke, messages FROM rollup_newcomer
     WHERE region_id IN (${marks(regions.length) || "-1"}) AND joined_on BETWEEN ? AND ?`,
    [...regions, from, to],
  );
}

function storeDays(sql: Sql, stores: readonly number[], from: ShopDay, to: ShopDay): Promise<Day[]> {
  return sql.rows<Day>(
    `SELECT store_id AS unit, joined_on AS day, COUNT(*) AS newcomers,
       SUM(CASE WHEN messages > 0 THEN 1 ELSE 0 END) AS spoke, SUM(messages) AS messages FROM newcomer
     WHERE store_id IN (${marks(stores.length) || "-1"}) AND joined_on BETWEEN ? AND ? GROUP BY store_id, joined_on`,
    [...stores, from, to],
  );
}

/** Where a customer came to nobody of ours, the brand alone counts them. */
const NOWHERE = 0;

/** Who joined at a place, day by day. */
export function ownDays({ sql, tree, place, span: { from, to } }: Question): Promise<Day[]> {
  if (place.kind === "store") return storeDays(sql, [place.id], from, to);
  if (place.kind === "guide") return guideDays(sql, place.storeId, from, to, place.id);
  const regions = [...wholeRegions(tree, place), ...(place.kind === "brand" ? [NOWHERE] : [])];
  return regionDays(sql, regions, from, to);
}

/** A store's by guide; `only` one of them. */
function guideDays(sql: Sql, store: number, from: ShopDay, to: ShopDay, only?: number): Promise<Day[]> {
  return sql.rows<Day>(
    `SELECT guide_id AS unit, joined_on AS day, COUNT(*) AS newcomers,
       SUM(CASE WHEN messages > 0 THEN 1 ELSE 0 END) AS spoke, SUM(messages) AS messages FROM newcomer
     WHERE store_id = ? AND joined_on BETWEEN ? AND ?${only === undefined ? "" : " AND guide_id = ?"}
     GROUP BY guide_id, joined_on`,
    [store, from, to, ...(only === undefined ? [] : [only])],
  );
}

async function unitsBelow(question: Question): Promise<(Omit<GoldenUnit, "cohorts"> & { days: Day[] })[]> {
  const { sql, tree, place, span } = question;
  const level = below(tree, place);
  if (level === "children") {
    const regions = tree.children(place.kind === "region" ? place.id : 0);
    const ids = regions.map(({ id }) => id);
    const days = await regionDays(sql, ids, span.from, span.to);
    return withDays("region", regions, days);
  }
  if (level === "store" && place.kind === "region") {
    const stores = await storesIn(sql, tree.subtree(place.id));
    const ids = stores.map(({ id }) => id);
    return withDays("store", stores, await storeDays(sql, ids, span.from, span.to));
  }
  if (place.kind !== "store") return [];
  const days = await guideDays(sql, place.id, span.from, span.to);
  const ids = [...new Set(days.map(({ unit }) => unit))];
  const names = await namesOf(sql, "guide", ids);
  return withDays(
    "guide",
    ids.map((id) => ({ id, name: names.get(id) ?? "没有导购" })),
    days,
  );
}

function withDays(
  kind: ReportNode["kind"],
  units: readonly { id: number; name: string }[],
  days: readonly Day[],
): (Omit<GoldenUnit, "cohorts"> & { days: Day[] })[] {
  return units.map(({ id, name }) => ({ kind, id, name, days: days.filter(({ unit }) => unit === id) }));
}

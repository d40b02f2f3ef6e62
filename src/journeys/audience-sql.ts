// An audience as a condition over the customer table, the same on both databases. Dates are reckoned here, never in SQL.
import {
  type BuyingStage,
  type ChildStage,
  type Habit,
  OVERDUE_DAYS,
  STAGE_MONTHS,
  type StageLimits,
} from "../customers/stages.js";
import { addDays, addMonths, type ShopDay } from "../kernel/calendar.js";
import { type Audience, LIST_FIELDS, type ListField, RANGE_FIELDS, type RangeField } from "./audience.js";
import type { Askable } from "./words.js";

/** The ids of the regions so written (华东, or by its path 华东/上海市) and of all below them. */
export type RegionIds = (names: readonly string[]) => readonly number[];

/** What audiences mean by names and stages, as it stands now. */
export interface AudienceBasis {
  regionIds: RegionIds;
  limits: StageLimits;
  /** the rules that give tags, by the tag: what a rule gives is judged by it on the day asked for, whenever its tag was
   *  last put on */
  tagRules: ReadonlyMap<string, Audience>;
}

/** A piece of a WHERE, with a `?` for each parameter. */
export interface Condition {
  sql: string;
  params: (string | number)[];
}

/** The audience on a day, over `customer c`. Compares as the columns do: their collation must be a binary one. NULL for
 *  a customer of whom something asked for is not known, which counts as false. */
export function audienceCondition(audience: Audience, basis: AudienceBasis, today: ShopDay): Condition {
  const judged: Judged = { ...basis, today };
  const conditions = conditionsOf(audience, judged);
  return conditions.length === 0 ? { sql: "1 = 1", params: [] } : joined(conditions, " AND ");
}

/** What a condition is made by. */
interface Judged extends AudienceBasis {
  today: ShopDay;
}

function conditionsOf(audience: Audience, judged: Judged): Condition[] {
  const { all, any, not } = audience;
  return [
    ...LIST_FIELDS.flatMap((field) => {
      const values = audience[field];
      return values ? [LISTS[field](values as never, judged)] : [];
    }),
    ...RANGE_FIELDS.flatMap((field) => {
      const { at_least, at_most } = audience[field] ?? {};
      if (at_least === undefined && at_most === undefined) return [];
      return [RANGES[field]({ least: at_least ?? null, most: at_most ?? null }, judged)];
    }),
    ...(all ?? []).map((rule) => inside(rule, judged)),
    ...(any ? [wrapped("(", either(any.map((rule) => inside(rule, judged))))] : []),
    // of what is not known the opposite is not known either, and yet those customers do not fit
    ...(not ? [otherThan(inside(not, judged))] : []),
  ];
}

function otherThan({ sql, params }: Condition): Condition {
  return { sql: `NOT COALESCE(${sql}, 0)`, params };
}

function inside(rule: Audience, judged: Judged): Condition {
  return wrapped("(", audienceCondition(rule, judged, judged.today));
}

type Lists = { [F in ListField]: (values: NonNullable<Audience[F]>, judged: Judged) => Condition };

const TAGGED = "EXISTS (SELECT 1 FROM customer_tag t WHERE t.customer_id = c.id AND ";
const OWNER = "EXISTS (SELECT 1 FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = c.guide_id AND ";

const LISTS: Lists = {
  source: (values) => within("c.source", values),
  level: (values) => within("c.level", values),
  brand_preference: (values) => within("c.brand_preference", values),
  tag: (names, judged) => {
    const ruled = names.flatMap((name) => judged.tagRules.get(name) ?? []);
    if (ruled.length === 0) return wrapped(TAGGED, within("t.name", names));
    const given = wrapped(`${TAGGED}t.source <> 'rule' AND `, within("t.name", names));
    return wrapped("(", either([given, ...ruled.map((rule) => inside(rule, judged))]));
  },
  region: (names, { regionIds }) => wrapped(OWNER, within("s.region_id", regionIds(names))),
  store: (codes) => wrapped(OWNER, within("s.code", codes)),
  child_stage: (stages, { today }) =>
    wrapped(
      "c.stopped = 0 AND EXISTS (SELECT 1 FROM child k WHERE k.customer_id = c.id AND (",
      closed(either(stages.map((stage) => ofAge(stage, today)))),
    ),
  buying_stage: (stages, judged) => {
    const bought = stages.filter((stage) => stage !== "potential");
    const figures = either(bought.map((stage) => bySales(stage, judged)));
    const arms = [
      ...(stages.includes("potential") ? [NEVER_BOUGHT] : []),
      ...(bought.length > 0 ? [wrapped(`${FIGURE}(`, closed(figures))] : []),
    ];
    return wrapped("(", either(arms));
  },
  habit: (habits, { limits }) =>
    wrapped(`${FIGURE}f.purchases >= 2 AND (`, closed(either(habits.map((habit) => byHabit(habit, limits))))),
  lacks: (facts) => wrapped("(", either(facts.map((fact) => ({ sql: LACKS[fact], params: [] })))),
};

const LACKS: Record<Askable, string> = {
  "customer.name": "c.name = ''",
  "customer.phone": "c.phone_cipher IS NULL",
  "customer.birthday": "c.birthday IS NULL",
  "child.name": withoutChild("k.name IS NOT NULL"),
  "child.born_on": withoutChild("k.born_on IS NOT NULL"),
  // who is born is waited for no more
  "child.due_on": withoutChild("(k.due_on IS NOT NULL OR k.born_on IS NOT NULL)"),
};

function withoutChild(known: string): string {
  return `NOT EXISTS (SELECT 1 FROM child k WHERE k.customer_id = c.id AND ${known})`;
}

const FIGURE = "EXISTS (SELECT 1 FROM customer_figure f WHERE f.customer_id = c.id AND ";
const NEVER_BOUGHT: Condition = { sql: `NOT ${FIGURE}f.orders > 0)`, params: [] };

/** Over `child k`. */
function ofAge(stage: ChildStage, today: ShopDay): Condition {
  if (stage === "pregnant")
    return { sql: "k.born_on IS NULL AND k.due_on >= ?", params: [addDays(today, -OVERDUE_DAYS)] };
  const [from, before] = STAGE_MONTHS[stage];
  return {
    sql: "k.born_on > ? AND k.born_on <= ?",
    params: [latestOfAge(before, today), latestOfAge(from, today)],
  };
}

/** The latest day whose nth month ends on `today` or before: of 28 February and one month that is 31 January. */
function latestOfAge(months: number, today: ShopDay): ShopDay {
  let day = addMonths(today, -months);
  for (let next = addDays(day, 1); addMonths(next, months) <= today; next = addDays(next, 1)) day = next;
  return day;
}

/** Whether a model expects the customer back on a day; NULL where none says, or only of an earlier last order. */
const HIGH_RECOVERY = `(SELECT m.low_on IS NULL OR m.low_on > ? FROM model_value m
  WHERE m.customer_id = f.customer_id AND m.last_on = f.last_on)`;

/** Over `customer_figure f`, of a customer who has bought. */
function bySales(stage: Exclude<BuyingStage, "potential">, { today, limits }: Judged): Condition {
  const churned = addDays(today, -limits.churnedDays);
  const active = addDays(today, -limits.activeDays);
  const begun = addDays(today, -limits.newDays);
  const trial = "f.orders = 1 AND f.quantity <= ?";
  const since = [active, churned];
  const small = limits.trialQuantity;
  const silent = "f.last_on < ? AND f.last_on >= ?";
  const back = `COALESCE(${HIGH_RECOVERY}, f.purchases >= 2)`;
  const stages: Record<typeof stage, Condition> = {
    churned: { sql: "f.last_on < ?", params: [churned] },
    pre_churn_high: { sql: `${silent} AND ${back}`, params: [...since, today] },
    pre_churn_low: { sql: `${silent} AND NOT ${back}`, params: [...since, today] },
    trial: { sql: `f.last_on >= ? AND ${trial}`, params: [active, small] },
    new: { sql: `f.last_on >= ? AND NOT (${trial}) AND f.first_on >= ?`, params: [active, small, begun] },
    active: { sql: `f.last_on >= ? AND NOT (${trial}) AND f.first_on < ?`, params: [active, small, begun] },
  };
  return stages[stage];
}

/** Over `customer_figure f`, of a customer who has bought on two days at least. */
function byHabit(habit: Habit, { hoardQuantity, hoardDays }: StageLimits): Condition {
  const hoards = "f.quantity >= ? * f.purchases AND f.span_days >= ? * (f.purchases - 1)";
  return { sql: habit === "hoarder" ? hoards : `NOT (${hoards})`, params: [hoardQuantity, hoardDays] };
}

/** Bounds of a range; null: open. */
interface Bounds {
  least: number | null;
  most: number | null;
}

const RANGES: Record<RangeField, (bounds: Bounds, judged: Judged) => Condition> = {
  orders: (bounds) => figureWithin("f.orders", bounds),
  amount: ({ least, most }) => figureWithin("f.amount_cents", { least: cents(least), most: cents(most) }),
  last_order_days: (bounds, { today }) => wrapped(FIGURE, daysAgo("f.last_on", bounds, today)),
  joined_days: (bounds, { today }) => wrapped("(", daysAgo("c.joined_on", bounds, today)),
};

/** A customer without a row has none of it. */
function figureWithin(column: string, { least, most }: Bounds): Condition {
  if (least !== null && least > 0) return wrapped(FIGURE, between(column, least, most));
  if (most === null) return { sql: "1 = 1", params: [] };
  return { sql: `NOT ${FIGURE}${column} > ?)`, params: [most] };
}

/** So many days before today: the more days, the earlier the date. */
function daysAgo(column: string, { least, most }: Bounds, today: ShopDay): Condition {
  const on = (days: number | null) => (days === null ? null : addDays(today, -days));
  return between(column, on(most), on(least));
}

function between(column: string, least: string | number | null, most: string | number | null): Condition {
  const arms: Condition[] = [];
  if (least !== null) arms.push({ sql: `${column} >= ?`, params: [least] });
  if (most !== null) arms.push({ sql: `${column} <= ?`, params: [most] });
  return joined(arms, " AND ");
}

function cents(yuan: number | null): number | null {
  return yuan === null ? null : Math.round(yuan * 100);
}

/** `column IN (?, …)`; of no values at all nothing is within. */
function within(column: string, values: readonly (string | number)[]): Condition {
  if (values.length === 0) return { sql: "1 = 0", params: [] };
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, params: [...values] };
}

/** One of these; of none nothing. */
function either(arms: readonly Condition[]): Condition {
  return arms.length === 0 ? { sql: "1 = 0", params: [] } : joined(arms, " OR ");
}

function joined(parts: readonly Condition[], word: string): Condition {
  return { sql: parts.map(({ sql }) => sql).join(word), params: parts.flatMap(({ params }) => params) };
}

function wrapped(before: string, { sql, params }: Condition): Condition {
  return { sql: `${before}${sql})`, params };
}

function closed({ sql, params }: Condition): Condition {
  return { sql: `${sql})`, params };
}

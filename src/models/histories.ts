// A customer's purchases as the models see them: how often again, when last, since when. Pure.

/** What a model knows of a customer, in its unit of time counted from the first purchase. */
export interface History {
  /** repeat purchases: days with a purchase after the first */
  frequency: number;
  /** from the first purchase to the last */
  recency: number;
  /** from the first purchase to the day of looking */
  age: number;
}

/** Histories of which many are equal, each told once. Column by column: a fit reads them some hundred times. */
export interface Histories {
  frequency: Float64Array;
  recency: Float64Array;
  age: Float64Array;
  /** customers with this history */
  weight: Float64Array;
  customers: number;
}

/** Units of time, in days. */
export const UNIT_DAYS = { day: 1, week: 7, month: 365.25 / 12 } as const;
export type Unit = keyof typeof UNIT_DAYS;

/** The history on `until` of purchase days (any numbering of days) in order, each day once; undefined when the first one lies
 *  after it. */
export function historyOf(days: ArrayLike<number>, until: number, unitDays: number): History | undefined {
  const first = days[0];
  if (first === undefined || first > until) return undefined;
  let count = 0;
  while (count < days.length && (days[count] as number) <= until) count++;
  const last = days[count - 1] as number;
  return { frequency: count - 1, recency: (last - first) / unitDays, age: (until - first) / unitDays };
}

/** How many purchase days lie after `from`, up to `to`. */
export function purchasesBetween(days: ArrayLike<number>, from: number, to: number): number {
  let count = 0;
  for (let i = days.length - 1; i >= 0 && (days[i] as number) > from; i--)
    if ((days[i] as number) <= to) count++;
  return count;
}

/** Purchase days in order, each once: several orders of one day are one purchase. */
export function purchaseDays(days: Iterable<number>): number[] {
  return [...new Set(days)].sort((a, b) => a - b);
}

/** Equal histories put together. */
export function aggregated(histories: Iterable<History>): Histories {
  const weights = new Map<string, { history: History; weight: number }>();
  let customers = 0;
  for (const history of histories) {
    const key = `${history.frequency} ${history.recency} ${history.age}`;
    const known = weights.get(key);
    if (known) known.weight++;
    else weights.set(key, { history, weight: 1 });
    customers++;
  }
  const rows = [...weights.values()];
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  return {
    frequency: column(({ history }) => history.frequency),
    recency: column(({ history }) => history.recency),
    age: column(({ history }) => history.age),
    weight: column(({ weight }) => weight),
    customers,
  };
}

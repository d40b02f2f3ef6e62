// How often certain words were answered: from the roll-ups of the touchpoints and variants that said them.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { rate, SMALL } from "./measures.js";
import type { Rate } from "./report.js";
import { sharedTree } from "./shared-tree.js";
import type { Span } from "./weeks.js";

/** A touchpoint that said words from a day on. */
export interface Saying {
  touchpointId: number;
  /** the numbers of its variants that said them */
  variants: readonly number[];
  from: ShopDay;
}

/** How words were answered. */
export interface WordsRate {
  delivered: number;
  /** of those, sent where an answer would be seen */
  observed: number;
  replied: number;
  /** replied ÷ observed with its interval; null: nothing was observed */
  rate: Rate | null;
  /** too few to compare */
  small: boolean;
}

interface Cell {
  touchpointId: number;
  variant: number;
  onDay: ShopDay;
  delivered: number;
  observed: number;
  replied: number;
}

/** The rates of several wordings in a span of days, by what each is called here. */
export async function wordsRates<K>(
  sql: Sql,
  span: Span,
  wordings: ReadonlyMap<K, readonly Saying[]>,
): Promise<Map<K, WordsRate>> {
  const cells = await cellsOf(sql, span, [...wordings.values()].flat());
  const rates = new Map<K, WordsRate>();
  for (const [key, sayings] of wordings) {
    const counts = { delivered: 0, observed: 0, replied: 0 };
    for (const { touchpointId, variants, from } of sayings)
      for (const cell of cells.get(touchpointId) ?? []) {
        if (!variants.includes(cell.variant) || cell.onDay < from) continue;
        counts.delivered += cell.delivered;
        counts.observed += cell.observed;
        counts.replied += cell.replied;
      }
    rates.set(key, {
      ...counts,
      rate: rate(counts.replied, counts.observed),
      small: counts.observed < SMALL,
    });
  }
  return rates;
}

async function cellsOf(
  sql: Sql,
  { from, to }: Span,
  sayings: readonly Saying[],
): Promise<Map<number, Cell[]>> {
  const touchpoints = [...new Set(sayings.map(({ touchpointId }) => touchpointId))];
  const variants = [...new Set(sayings.flatMap((saying) => saying.variants))];
  const tops = (await sharedTree(sql)).children(0).map(({ id }) => id);
  const cells = new Map<number, Cell[]>();
  if (touchpoints.length === 0 || variants.length === 0 || tops.length === 0) return cells;
  const rows = await sql.rows<Cell>(
    `SELECT touchpoint_id AS touchpointId, variant, on_day AS onDay, SUM(delivered) AS delivered,
       SUM(observed) AS observed, SUM(replied) AS replied
     FROM rollup_region WHERE touchpoint_id IN (${marks(touchpoints.length)}) AND variant IN (${marks(variants.length)})
       AND region_id IN (${marks(tops.length)}) AND on_day BETWEEN ? AND ?
     GROUP BY touchpoint_id, variant, on_day`,
    [...touchpoints, ...variants, ...tops, from, to],
  );
  for (const row of rows) {
    const cell = {
      ...row,
      delivered: Number(row.delivered),
      observed: Number(row.observed),
      replied: Number(row.replied),
    };
    const known = cells.get(row.touchpointId);
    if (known) known.push(cell);
    else cells.set(row.touchpointId, [cell]);
  }
  return cells;
}

// Sums of many stores or guides at once, unit by unit.
import { setImmediate as turn } from "node:timers/promises";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { NAMED_SUMS } from "./count-sql.js";
import { add } from "./measures.js";
import { ofStores, type Summed } from "./queries.js";
import { type Span, weeksAndDays } from "./weeks.js";

/** Counts of each store whose figures lie in these areas: whole weeks, and the days left over. */
export async function sumStores(sql: Sql, areas: readonly number[], span: Span): Promise<Summed<number>[]> {
  const inAreas = `region_id IN (${marks(areas.length) || "0"})`;
  const { weeks, days } = weeksAndDays(span);
  const cells = await sql.rows<Summed<number>>(
    `SELECT store_id AS unit, ${NAMED_SUMS} FROM rollup_store
     WHERE touchpoint_id = 0 AND variant = 0 AND ${inAreas} AND on_day IN (${marks(days.length) || "''"})
     GROUP BY store_id`,
    [...areas, ...days],
  );
  if (!weeks) return cells;
  const whole = await sql.rows<Summed<number>>(
    `SELECT store_id AS unit, ${NAMED_SUMS} FROM rollup_store_week
     WHERE ${inAreas} AND week_on BETWEEN ? AND ? GROUP BY store_id`,
    [...areas, weeks.from, weeks.to],
  );
  const sums = new Map(whole.map((cell) => [cell.unit, cell]));
  for (const cell of cells) {
    const known = sums.get(cell.unit);
    sums.set(cell.unit, known ? { unit: cell.unit, ...add([known, cell]) } : cell);
  }
  return [...sums.values()];
}

/** Stores whose guides are summed at a time: some 50 ms over a month, and others get their turn in between. */
const STORES_AT_ONCE = 200;

/** Counts of each guide whose figures lie in these stores, neighbours best side by side. */
export async function sumGuides(sql: Sql, stores: readonly number[], span: Span): Promise<Summed<number>[]> {
  if (stores.length <= STORES_AT_ONCE) return sumGuidesAtOnce(sql, stores, span);
  const sums = new Map<number, Summed<number>>();
  for (let at = 0; at < stores.length; at += STORES_AT_ONCE) {
    for (const cell of await sumGuidesAtOnce(sql, stores.slice(at, at + STORES_AT_ONCE), span)) {
      const known = sums.get(cell.unit);
      // who moved from one store to another stands in both
      sums.set(cell.unit, known ? { unit: cell.unit, ...add([known, cell]) } : cell);
    }
    await turn();
  }
  return [...sums.values()];
}

async function sumGuidesAtOnce(sql: Sql, stores: readonly number[], span: Span): Promise<Summed<number>[]> {
  const { text, params } = await ofStores(sql, stores, span);
  return sql.rows<Summed<number>>(
    `SELECT guide_id AS unit, ${NAMED_SUMS} FROM rollup_guide
     WHERE touchpoint_id = 0 AND variant = 0 AND ${text} GROUP BY guide_id`,
    params,
  );
}

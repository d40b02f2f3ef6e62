// Counts of units day by day, each from the roll-up of its own level.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { daysFromTo, type ShopDay } from "../kernel/calendar.js";
import type { Question } from "./asking.js";
import { NAMED_SUMS } from "./count-sql.js";
import type { Counts } from "./measures.js";
import { ofStores, ownCells, touchpointList, variantList } from "./queries.js";
import type { Span } from "./weeks.js";

/** Counts of one unit on one day. */
export type DayCell = Counts & { unit: number; day: ShopDay };

const TOTALS = "touchpoint_id = 0 AND variant = 0";

/** Each of these regions by day. */
export function regionDays(sql: Sql, regions: readonly number[], span: Span): Promise<DayCell[]> {
  return sql.rows<DayCell>(
    `SELECT region_id AS unit, on_day AS day, ${NAMED_SUMS} FROM rollup_region
     WHERE ${TOTALS} AND region_id IN (${marks(regions.length) || "-1"}) AND on_day BETWEEN ? AND ?
     GROUP BY region_id, on_day`,
    [...regions, span.from, span.to],
  );
}

/** Each store whose figures lie in these areas by day. */
export function storeDays(sql: Sql, areas: readonly number[], span: Span): Promise<DayCell[]> {
  const days = daysFromTo(span.from, span.to);
  return sql.rows<DayCell>(
    `SELECT store_id AS unit, on_day AS day, ${NAMED_SUMS} FROM rollup_store
     WHERE ${TOTALS} AND region_id IN (${marks(areas.length) || "-1"}) AND on_day IN (${marks(days.length)})
     GROUP BY store_id, on_day`,
    [...areas, ...days],
  );
}

/** Each guide whose figures lie in these stores by day. */
export async function guideDays(sql: Sql, stores: readonly number[], span: Span): Promise<DayCell[]> {
  const { text, params } = await ofStores(sql, stores, span);
  return sql.rows<DayCell>(
    `SELECT guide_id AS unit, on_day AS day, ${NAMED_SUMS} FROM rollup_guide
     WHERE ${TOTALS} AND ${text} GROUP BY guide_id, on_day`,
    params,
  );
}

/** Each touchpoint of a place by day. */
export async function touchpointDays({ sql, tree, place, span }: Question): Promise<DayCell[]> {
  const touchpoints = await touchpointList(sql, "touchpoint");
  const { table, text, params } = await ownCells(sql, tree, place, span);
  // as with sums: a guide's cells are found by the day
  const touchpoint = place.kind === "guide" ? "touchpoint_id + 0" : "touchpoint_id";
  return sql.rows<DayCell>(
    `SELECT touchpoint_id AS unit, on_day AS day, ${NAMED_SUMS} FROM ${table}
     WHERE ${touchpoint} IN (${touchpoints}) AND variant IN (${await variantList(sql)}) AND ${text}
     GROUP BY touchpoint_id, on_day`,
    params,
  );
}

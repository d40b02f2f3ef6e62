// From a figure to the cells that make it up: which days have any, and on one day whose cells, from the roll-ups alone.
import { marks } from "../../infra/dialect.js";
import type { Param } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { areasOf, type Question } from "../asking.js";
import { funnelCells } from "../funnel/funnel-service.js";
import { bothOf, ownCells } from "../queries.js";
import type { Condition } from "../scope.js";
import type { CountedAsk, CountedOf, DrillCursor, Measure } from "./drill.js";

/** One guide's part of a figure on one day. */
export interface DrillCell {
  region: number;
  store: number;
  guide: number;
  n: number;
}

const COLUMNS: Readonly<Record<Measure, string>> = {
  issued: "issued",
  completed: "completed",
  onTime: "on_time",
  delivered: "delivered",
  observed: "observed",
  replied: "replied",
  tapped: "tapped",
  confirmed: "confirmed",
  proven: "proven",
  unproven: "delivered - proven",
  notFriend: "not_friend",
  late: "late",
  capped: "capped",
  messages: "messages",
  open: "open_tasks",
};

/** The part of a figure's key that is no place and no day, and the column to be summed. */
function partOf({
  of,
  touchpoints,
  variant,
}: Pick<CountedAsk, "of" | "touchpoints" | "variant">): Condition & {
  value: string;
} {
  if (of.kind === "stage") {
    const why = of.why === undefined ? "" : " AND why = ?";
    return {
      text: `stage ${of.why === undefined ? ">=" : "="} ?${why}`,
      params: [of.stage, ...(of.why === undefined ? [] : [of.why])],
      value: "tasks",
    };
  }
  const value = COLUMNS[of.measure];
  if (!touchpoints) return { text: "touchpoint_id = 0 AND variant = 0", params: [], value };
  const one = variant === undefined ? "" : " AND variant = ?";
  return {
    text: `touchpoint_id IN (${marks(touchpoints.length) || "-1"})${one}`,
    params: [...touchpoints, ...(variant === undefined ? [] : [variant])],
    value,
  };
}

/** How many there are on each day that has any, from early to late. */
export async function daysWith(
  question: Question,
  ask: Pick<CountedAsk, "of" | "touchpoints" | "variant">,
): Promise<{ day: ShopDay; n: number }[]> {
  const { sql, tree, place, span } = question;
  const part = partOf(ask);
  const own = ask.of.kind === "stage" ? await funnelCells(question) : await ownCells(sql, tree, place, span);
  const rows = await sql.rows<{ day: ShopDay; n: number }>(
    `SELECT on_day AS day, SUM(${part.value}) AS n FROM ${own.table} WHERE ${part.text} AND ${own.text}
     GROUP BY on_day HAVING SUM(${part.value}) > 0 ORDER BY on_day`,
    [...part.params, ...own.params],
  );
  return rows.map(({ day, n }) => ({ day, n: Number(n) }));
}

/** The cells of one day that have any, in the order of their places, after a cursor's (its own included). */
export async function cellsOn(
  question: Question,
  ask: Pick<CountedAsk, "of" | "touchpoints" | "variant">,
  day: ShopDay,
  { from, limit }: { from?: DrillCursor | undefined; limit: number },
): Promise<DrillCell[]> {
  const { sql } = question;
  const part = partOf(ask);
  const where = placeOf(question, ask.of);
  const on = from?.day === day ? afterCell(from) : { text: "1 = 1", params: [] };
  const table = ask.of.kind === "stage" ? "rollup_funnel_guide" : "rollup_guide";
  const rows = await sql.rows<DrillCell>(
    `SELECT region_id AS region, store_id AS store, guide_id AS guide, SUM(${part.value}) AS n FROM ${table}
     WHERE ${part.text} AND on_day = ? AND ${where.text} AND ${on.text}
     GROUP BY region_id, store_id, guide_id HAVING SUM(${part.value}) > 0
     ORDER BY region_id, store_id, guide_id LIMIT ${Math.trunc(limit)}`,
    [...part.params, day, ...where.params, ...on.params],
  );
  return rows.map(({ region, store, guide, n }) => ({ region, store, guide, n: Number(n) }));
}

function afterCell({ region, store, guide }: DrillCursor): Condition {
  return {
    text: "(region_id > ? OR (region_id = ? AND (store_id > ? OR (store_id = ? AND guide_id >= ?))))",
    params: [region, region, store, store, guide],
  };
}

function placeOf({ tree, place }: Question, of: CountedOf): Condition {
  if (place.kind === "guide" || place.kind === "store")
    return bothOf({ text: `${place.kind}_id = ?`, params: [place.id] }, place.seen);
  // what was nobody's is in no sum but that of the funnel
  if (place.kind === "brand") return { text: of.kind === "stage" ? "1 = 1" : "region_id > 0", params: [] };
  const areas: Param[] = areasOf(tree, place);
  return { text: `region_id IN (${marks(areas.length) || "-1"})`, params: areas };
}

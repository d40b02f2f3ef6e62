// Sums of roll-ups for a place and a span of days, each from the table of its own level.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { daysFromTo } from "../kernel/calendar.js";
import type { OrgTree } from "../org/tree.js";
import { NAMED_SUMS } from "./count-sql.js";
import type { Counts } from "./measures.js";
import type { Condition, Place } from "./scope.js";
import { lengthOf, type Span } from "./weeks.js";

/** Counts of one unit, day or touchpoint. */
export type Summed<T> = Counts & { unit: T };

/** The regions that make up a place, each counted whole: the tops of the brand, or the region itself. */
export function wholeRegions(tree: OrgTree, place: Place): number[] {
  if (place.kind === "brand") return tree.children(0).map((node) => node.id);
  return place.kind === "region" ? [place.id] : [];
}

/** Beyond so many single ranges a stretch of days is quicker to read whole. */
const MOST_RANGES = 10_000;

/** Beyond so many stores SQLite would do better to filter than to look each one up. */
const MOST_STORES = 8;

/** Days one by one, where the key goes on behind the day to each of `units`; else the whole stretch of them. */
export function onDays(span: Span, units: number): Condition {
  if (lengthOf(span) * units > MOST_RANGES)
    return { text: "on_day BETWEEN ? AND ?", params: [span.from, span.to] };
  const days = daysFromTo(span.from, span.to);
  return { text: `on_day IN (${marks(days.length)})`, params: days };
}

/** Cells of these stores on these days, in every region they ever stood in. */
export async function ofStores(sql: Sql, stores: readonly number[], span: Span): Promise<Condition> {
  const these = marks(stores.length) || "0";
  const regions = await sql.rows<{ id: number }>(
    `SELECT DISTINCT region_id AS id FROM rollup_store_week WHERE store_id IN (${these})`,
    stores,
  );
  const day = onDays(span, regions.length);
  // + 0 keeps the database from looking up every store in every region on every day
  const store = stores.length > MOST_STORES ? "store_id + 0" : "store_id";
  return {
    text: `${day.text} AND region_id IN (${marks(regions.length) || "0"}) AND ${store} IN (${these})`,
    params: [...day.params, ...regions.map((region) => region.id), ...stores],
  };
}

/** A condition, and another where there is one. */
export function bothOf(one: Condition, other: Condition | undefined): Condition {
  return other ? { text: `${one.text} AND ${other.text}`, params: [...one.params, ...other.params] } : one;
}

/** A guide's cells on some days. */
export function guideOn({ id, seen }: Extract<Place, { kind: "guide" }>, span: Span): Condition {
  const day = onDays(span, 1);
  return bothOf({ text: `${day.text} AND guide_id = ?`, params: [...day.params, id] }, seen);
}

/** Where a place's own sums stand. */
export async function ownCells(
  sql: Sql,
  tree: OrgTree,
  place: Place,
  span: Span,
): Promise<Condition & { table: string }> {
  if (place.kind === "store")
    return { table: "rollup_store", ...bothOf(await ofStores(sql, [place.id], span), place.seen) };
  if (place.kind === "guide") return { table: "rollup_guide", ...guideOn(place, span) };
  const regions = wholeRegions(tree, place);
  const text = `region_id IN (${marks(regions.length) || "0"}) AND on_day BETWEEN ? AND ?`;
  return { table: "rollup_region", text, params: [...regions, span.from, span.to] };
}

/** A place's counts by day, touchpoint, variant of a touchpoint's words (unit: touchpoint · 1000 + variant), or in all. */
export async function sumOwn<T extends string | number>(
  sql: Sql,
  tree: OrgTree,
  place: Place,
  span: Span,
  by: "on_day" | "touchpoint_id" | "variant" | "all",
): Promise<Summed<T>[]> {
  const isTotal = by === "on_day" || by === "all";
  const touchpoints = isTotal
    ? "0"
    : await touchpointList(sql, by === "variant" ? "touchpoint_variant" : "touchpoint");
  const variants = isTotal ? "0" : await variantList(sql);
  const { table, text, params } = await ownCells(sql, tree, place, span);
  const unit = by === "all" ? "'all'" : by === "variant" ? `touchpoint_id * ${VARIANTS} + variant` : by;
  // a guide's cells are found by the day; + 0 keeps SQLite from reading all guides of these touchpoints and days
  const touchpoint = place.kind === "guide" ? "touchpoint_id + 0" : "touchpoint_id";
  return sql.rows<Summed<T>>(
    `SELECT ${unit} AS unit, ${NAMED_SUMS} FROM ${table}
     WHERE ${touchpoint} IN (${touchpoints}) AND variant IN (${variants}) AND ${text}
     GROUP BY ${unit} HAVING COUNT(*) > 0 ORDER BY ${unit}`,
    params,
  );
}

/** Counts of each of these regions. */
export function sumRegions(sql: Sql, regions: readonly number[], span: Span): Promise<Summed<number>[]> {
  return sql.rows<Summed<number>>(
    `SELECT region_id AS unit, ${NAMED_SUMS} FROM rollup_region
     WHERE touchpoint_id = 0 AND variant = 0 AND region_id IN (${marks(regions.length) || "0"})
     AND on_day BETWEEN ? AND ? GROUP BY region_id`,
    [...regions, span.from, span.to],
  );
}

/** A store or guide where it stands today. */
export interface Standing {
  id: number;
  name: string;
  /** its area, or its store */
  place: string;
}

/** The stores of some areas. */
export function storesIn(sql: Sql, areas: readonly number[]): Promise<Standing[]> {
  return sql.rows(
    `SELECT s.id, s.name, r.name AS place FROM store s JOIN region r ON r.id = s.region_id
     WHERE s.region_id IN (${marks(areas.length) || "0"}) ORDER BY s.id`,
    [...areas],
  );
}

/** The numbers of the stores of some areas, neighbours side by side. */
export async function storeIdsIn(sql: Sql, areas: readonly number[]): Promise<number[]> {
  const rows = await sql.rows<{ id: number }>(
    `SELECT id FROM store WHERE region_id IN (${marks(areas.length) || "0"}) ORDER BY region_id, id`,
    [...areas],
  );
  return rows.map(({ id }) => id);
}

/** The guides of some stores; those who left only matter when they have figures. */
export function guidesIn(sql: Sql, stores: readonly number[]): Promise<Standing[]> {
  return sql.rows(
    `SELECT g.id, g.name, s.name AS place FROM guide g JOIN store s ON s.id = g.store_id
     WHERE g.store_id IN (${marks(stores.length) || "0"}) AND g.left_on IS NULL ORDER BY g.id`,
    [...stores],
  );
}

/** Names of units by id. */
export async function namesOf(
  sql: Sql,
  table: "store" | "guide",
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.rows<{ id: number; name: string }>(
    `SELECT id, name FROM ${table} WHERE id IN (${marks(ids.length)})`,
    ids,
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** The touchpoints' newest names, in the order of their journeys. */
export async function touchpointNames(sql: Sql): Promise<Map<number, string>> {
  const rows = await sql.rows<{ id: number; name: string }>(
    `SELECT v.touchpoint_id AS id, v.name FROM touchpoint_version v
     JOIN (SELECT touchpoint_id, MAX(version_id) AS newest FROM touchpoint_version GROUP BY touchpoint_id) n
       ON n.touchpoint_id = v.touchpoint_id AND n.newest = v.version_id
     JOIN touchpoint t ON t.id = v.touchpoint_id ORDER BY t.journey_id, v.position, v.touchpoint_id`,
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** More variants than any touchpoint ever has. */
export const VARIANTS = 1000;

/** The numbers of all variants there are, and 0 for none. */
export async function variantList(sql: Sql): Promise<string> {
  const rows = await sql.rows<{ id: number }>(
    "SELECT DISTINCT number AS id FROM touchpoint_variant ORDER BY number",
  );
  return [0, ...rows.map(({ id }) => Number(id))].join(", ");
}

/** All touchpoints there are, or those that ever had variants; "0" for none. */
export async function touchpointList(sql: Sql, table: "touchpoint" | "touchpoint_variant"): Promise<string> {
  const column = table === "touchpoint" ? "id" : "touchpoint_id";
  const rows = await sql.rows<{ id: number }>(
    `SELECT DISTINCT ${column} AS id FROM ${table} ORDER BY ${column}`,
  );
  return rows.map(({ id }) => Number(id)).join(", ") || "0";
}

// Figures of a place by unit and day: what a heat map shows.
import type { Viewer } from "../identity/viewer.js";
import { daysFromTo, type ShopDay } from "../kernel/calendar.js";
import { pathTo, type Question, questionOf } from "./asking.js";
import { type DayCell, guideDays, regionDays, storeDays, touchpointDays } from "./day-queries.js";
import { add, toRow } from "./measures.js";
import { guidesIn, namesOf, storesIn, touchpointNames } from "./queries.js";
import type { Report, ReportAsk, ReportRow } from "./report.js";
import { below, levelName, type ReportParts } from "./service.js";

/** Units of a place, each with a row of figures for every day on which it had any, and its sum. */
export interface DayTable {
  level: string;
  days: ShopDay[];
  units: { row: ReportRow; days: ReadonlyMap<ShopDay, ReportRow> }[];
  path: Report["path"];
}

/** The level right below the place, or its touchpoints. */
export type DayTableBy = "below" | "touchpoint";

type Unit = Pick<ReportRow, "key" | "name" | "kind" | "id" | "children">;

/** Figures by unit and day. Raises as `report` does. */
export async function dayTable(
  { store, world, replyWindowHours }: ReportParts,
  viewer: Viewer,
  ask: Pick<ReportAsk, "from" | "to" | "within"> & { by: DayTableBy },
): Promise<DayTable> {
  const question = await questionOf(store.read, viewer, ask);
  const { sql, tree, place } = question;
  const { units, cells } = ask.by === "touchpoint" ? await byTouchpoint(question) : await byUnit(question);
  const byId = new Map<number, DayCell[]>();
  for (const cell of cells) byId.set(cell.unit, [...(byId.get(cell.unit) ?? []), cell]);
  const rowOf = (unit: Unit, counts: Parameters<typeof toRow>[1]) =>
    toRow(unit, counts, world.now(), replyWindowHours * 3_600_000);
  return {
    level: ask.by === "touchpoint" ? "触点" : levelName(tree, place, below(tree, place)),
    days: daysFromTo(ask.from, ask.to),
    units: units.map((unit) => {
      const own = byId.get(unit.id ?? 0) ?? [];
      return { row: rowOf(unit, add(own)), days: new Map(own.map((cell) => [cell.day, rowOf(unit, cell)])) };
    }),
    path: await pathTo(sql, tree, viewer, place),
  };
}

async function byTouchpoint(question: Question): Promise<{ units: Unit[]; cells: DayCell[] }> {
  const cells = await touchpointDays(question);
  const seen = new Set(cells.map(({ unit }) => unit));
  const names = [...(await touchpointNames(question.sql))].filter(([id]) => seen.has(id));
  return { cells, units: names.map(([id, name]) => unitOf("touchpoint", id, name)) };
}

async function byUnit({ sql, tree, place, span }: Question): Promise<{ units: Unit[]; cells: DayCell[] }> {
  const level = below(tree, place);
  if (level === "children") {
    const regions = tree.children(place.kind === "region" ? place.id : 0);
    const ids = regions.map(({ id }) => id);
    const units = regions.map(({ id, name }) => unitOf("region", id, name));
    return { units, cells: await regionDays(sql, ids, span) };
  }
  if (level === "store" && place.kind === "region") {
    const areas = tree.subtree(place.id);
    return withNames(sql, "store", await storesIn(sql, areas), await storeDays(sql, areas, span));
  }
  const stores = place.kind === "store" ? [place.id] : place.kind === "guide" ? [place.storeId] : [];
  const here = await guidesIn(sql, stores);
  const cells = await guideDays(sql, stores, span);
  if (place.kind !== "guide") return withNames(sql, "guide", here, cells);
  return {
    units: [unitOf("guide", place.id, place.name)],
    cells: cells.filter(({ unit }) => unit === place.id),
  };
}

/** Units that stand here, and those that only have figures here. */
async function withNames(
  sql: Question["sql"],
  kind: "store" | "guide",
  here: readonly { id: number; name: string }[],
  cells: readonly DayCell[],
): Promise<{ units: Unit[]; cells: DayCell[] }> {
  const known = new Map(here.map(({ id, name }) => [id, name]));
  const gone = [...new Set(cells.map(({ unit }) => unit))].filter((id) => !known.has(id));
  for (const [id, name] of await namesOf(sql, kind, gone)) known.set(id, name);
  return { units: [...known].map(([id, name]) => unitOf(kind, id, name)), cells: [...cells] };
}

function unitOf(kind: "region" | "store" | "guide" | "touchpoint", id: number, name: string): Unit {
  const children = kind === "region" || kind === "store";
  return { key: `${kind}:${id}`, name, kind, id, children };
}

// What is open and for how long, from the figures: of a viewer's place, and guide by guide. Who asks sees their own reach.
import type { Viewer } from "../identity/viewer.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { daysFromTo, type ShopDay } from "../kernel/calendar.js";
import type { OrgTree } from "../org/tree.js";
import type { Question } from "./asking.js";
import { sumOwn } from "./queries.js";
import { type Place, placeOf } from "./scope.js";
import { sharedTree } from "./shared-tree.js";
import type { Span } from "./weeks.js";

/** A guide's number, with their tasks of some days still open. */
export interface OpenCount {
  guideId: number;
  /** tasks offered and not ended */
  open: number;
  /** the first of the days with one */
  oldestOn: ShopDay;
}

/** A guide with tasks of some days still open. */
export interface OpenGuide extends OpenCount {
  name: string;
  store: string;
  /** when the list of that day came (epoch ms); null: nobody knows */
  listedAt: number | null;
}

/** The first of the guides with open tasks, and how many guides and tasks there are in all. */
export interface OpenGuides {
  guides: OpenCount[];
  all: number;
  open: number;
}

/** How many tasks offered on these days are open, in a viewer's reach. */
export async function openTasks(sql: Sql, viewer: Viewer, span: Span): Promise<number> {
  const tree = await sharedTree(sql);
  const [all] = await sumOwn<string>(sql, tree, await placeOf(sql, tree, viewer), span, "all");
  return all?.openTasks ?? 0;
}

/** The guides with open tasks of some days in a place, those who wait longest first, then those with most: the first of
 *  them, and how many there are in all. */
export async function openGuides({ sql, tree, place, span }: Question, most: number): Promise<OpenGuides> {
  const { text, params } = cellsOf(tree, place);
  const days = daysFromTo(span.from, span.to);
  const rows = await sql.rows<OpenCount>(
    `SELECT guide_id AS guideId, SUM(open_tasks) AS open, MIN(on_day) AS oldestOn FROM rollup_guide
     WHERE touchpoint_id = 0 AND variant = 0 AND on_day IN (${marks(days.length)}) AND ${text} AND open_tasks > 0
     GROUP BY guide_id ORDER BY oldestOn, open DESC, guide_id`,
    [...days, ...params],
  );
  return {
    guides: rows.slice(0, most).map((row) => ({ ...row, open: Number(row.open) })),
    all: rows.length,
    open: rows.reduce((sum, row) => sum + Number(row.open), 0),
  };
}

function cellsOf(tree: OrgTree, place: Place): { text: string; params: Param[] } {
  if (place.kind === "brand") return { text: "1 = 1", params: [] };
  if (place.kind === "region") {
    const areas = tree.subtree(place.id);
    return { text: `region_id IN (${marks(areas.length)})`, params: areas };
  }
  const store = { text: "region_id = ? AND store_id = ?", params: [place.regionId] };
  if (place.kind === "store") return { ...store, params: [...store.params, place.id] };
  return { text: `${store.text} AND guide_id = ?`, params: [...store.params, place.storeId, place.id] };
}

/** The same guides with what they are called. */
export async function namedGuides(sql: Sql, rows: readonly OpenCount[]): Promise<OpenGuide[]> {
  if (rows.length === 0) return [];
  const [people, lists] = await Promise.all([
    sql.rows<{ id: number; name: string; store: string }>(
      `SELECT g.id, g.name, s.name AS store FROM guide g JOIN store s ON s.id = g.store_id
       WHERE g.id IN (${marks(rows.length)})`,
      rows.map(({ guideId }) => guideId),
    ),
    sql.rows<{ guideId: number; onDay: ShopDay; at: number }>(
      `SELECT guide_id AS guideId, on_day AS onDay, list_at AS at FROM guide_day
       WHERE ${rows.map(() => "(guide_id = ? AND on_day = ?)").join(" OR ")}`,
      rows.flatMap(({ guideId, oldestOn }) => [guideId, oldestOn]),
    ),
  ]);
  const listed = new Map(lists.map(({ guideId, at }) => [guideId, Number(at)]));
  const byId = new Map(people.map((one) => [one.id, one]));
  return rows.map((row) => ({
    ...row,
    ...{ name: byId.get(row.guideId)?.name ?? "", store: byId.get(row.guideId)?.store ?? "" },
    listedAt: listed.get(row.guideId) ?? null,
  }));
}

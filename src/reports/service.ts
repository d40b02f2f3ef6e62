// Answers questions about figures: who sees what, from which roll-up, with names and rates.
import type { Viewer } from "../identity/viewer.js";
import type { Sql, Store } from "../infra/store.js";
import { variantsOf } from "../journeys/experiment-queries.js";
import type { World } from "../kernel/world.js";
import type { OrgTree } from "../org/tree.js";
import { areasOf, pathTo, type Question, questionOf } from "./asking.js";
import { lately } from "./lately.js";
import { type Counts, NOTHING, toRow } from "./measures.js";
import * as queries from "./queries.js";
import type { Report, ReportAsk, ReportBy, ReportRow } from "./report.js";
import type { Place } from "./scope.js";
import { type OpenGuides, openGuides } from "./standing.js";
import { sumGuides, sumStores } from "./unit-sums.js";
import { waysOf } from "./ways.js";

export interface ReportParts {
  store: Store;
  world: World;
  replyWindowHours: number;
}

/** The figures. */
export interface ReportService {
  /** Rows of figures and their total. Raises `invalid` for a span that cannot be, `not_found` outside the
   *  viewer's reach. */
  report(viewer: Viewer, ask: ReportAsk): Promise<Report>;
  /** The guides of a place with open tasks of these days, those who wait longest first: at most `most`, and how many guides
   *  and tasks there are in all. Raises what `report` raises. */
  openGuides(viewer: Viewer, ask: Omit<ReportAsk, "by"> & { most: number }): Promise<OpenGuides>;
}

type Head = Pick<ReportRow, "key" | "name" | "place" | "kind" | "id" | "children">;

/** The report service. */
export function reportService(parts: ReportParts): ReportService {
  const row = (head: Head, counts: Counts) =>
    toRow(head, counts, parts.world.now(), parts.replyWindowHours * 3_600_000);
  const rowsOf = async (question: Question, by: ReportBy | "children") =>
    (await cellsBy(question, by)).map(({ head, counts }) => row(head, counts));
  const remembered = lately(parts.world);
  return {
    report: async (viewer, ask) => {
      const question = await questionOf(parts.store.read, viewer, ask);
      const { sql, tree, place } = question;
      const by = ask.by === "below" ? below(tree, place) : ask.by;
      const [rows, [total], path] = await Promise.all([
        isWide(question, by)
          ? remembered(
              sql,
              keyOf(question, by),
              () => rowsOf(question, by),
              (rows) => rows.length,
            )
          : rowsOf(question, by),
        queries.sumOwn<string>(sql, tree, place, question.span, "all"),
        pathTo(sql, tree, viewer, place),
      ]);
      return {
        from: ask.from,
        to: ask.to,
        by: ask.by,
        level: levelName(tree, place, by),
        rows,
        total: row(
          { key: "total", name: "合计", kind: "total", id: null, children: false },
          total ?? NOTHING,
        ),
        path,
      };
    },
    openGuides: async (viewer, { most, ...ask }) => {
      const question = await questionOf(parts.store.read, viewer, ask);
      const read = () => openGuides(question, most);
      if (areasOf(question.tree, question.place).length === 1) return read();
      return remembered(question.sql, keyOf(question, `open ${most}`), read, ({ guides }) => guides.length);
    },
  };
}

/** Whether a question is about more units than can be summed while somebody waits. */
function isWide({ tree, place }: Question, by: ReportBy | "children"): boolean {
  return (by === "guide" || by === "store") && areasOf(tree, place).length > 1;
}

/** The same for all whose question is the same: a place is only ever looked at by those who may. */
function keyOf({ place, span }: Question, what: string): string {
  return [what, place.kind, place.kind === "brand" ? 0 : place.id, span.from, span.to].join(" ");
}

/** The level right below a place. */
export function below(tree: OrgTree, place: Place): ReportBy | "children" {
  if (place.kind === "brand") return "children";
  if (place.kind === "region") return tree.children(place.id).length > 0 ? "children" : "store";
  return "guide";
}

async function cellsBy(
  question: Question,
  by: ReportBy | "children",
): Promise<{ head: Head; counts: Counts }[]> {
  const { sql, tree, place, span } = question;
  if (by === "day") {
    const days = await queries.sumOwn<string>(sql, tree, place, span, "on_day");
    return days.map((cell) => ({
      head: { key: cell.unit, name: cell.unit, kind: "day", id: null, children: false },
      counts: cell,
    }));
  }
  if (by === "touchpoint") return touchpointCells(question);
  if (by === "variant") return variantCells(question);
  if (by === "way") return waysOf(sql, await queries.sumOwn<number>(sql, tree, place, span, "touchpoint_id"));
  if (by === "store") return storeCells(question);
  if (by === "guide") return guideCells(question);
  return regionCells(question, by === "children" ? "children" : by === "region" ? "tops" : "areas");
}

async function touchpointCells({ sql, tree, place, span }: Question) {
  const names = await queries.touchpointNames(sql);
  const cells = await queries.sumOwn<number>(sql, tree, place, span, "touchpoint_id");
  const counts = new Map(cells.map((cell) => [cell.unit, cell]));
  return [...names]
    .filter(([id]) => counts.has(id))
    .map(([id, name]) => ({
      head: { key: `touchpoint:${id}`, name, kind: "touchpoint" as const, id, children: false },
      counts: counts.get(id) ?? NOTHING,
    }));
}

/** Touchpoints with variants of their words, apart by variant; what stood outside an experiment has its own row. */
async function variantCells({ sql, tree, place, span }: Question) {
  const names = await queries.touchpointNames(sql);
  const keys = new Map(
    (await variantsOf(sql, [...names.keys()])).map((one) => [
      `${one.touchpointId}/${one.number}`,
      one.variantKey,
    ]),
  );
  const cells = await queries.sumOwn<number>(sql, tree, place, span, "variant");
  return cells.map((cell) => {
    const [id, number] = [Math.floor(cell.unit / queries.VARIANTS), cell.unit % queries.VARIANTS];
    const name = `${names.get(id) ?? ""} · ${keys.get(`${id}/${number}`) ?? "实验之外"}`;
    const head = {
      key: `variant:${id}/${number}`,
      name,
      kind: "variant" as const,
      id: null,
      children: false,
    };
    return { head, counts: cell };
  });
}

async function regionCells({ sql, tree, place, span }: Question, which: "children" | "tops" | "areas") {
  const root = place.kind === "region" ? place.id : 0;
  const inside = root === 0 ? tree.nodes.map((node) => node.id) : tree.subtree(root);
  const ids =
    place.kind === "store" || place.kind === "guide"
      ? []
      : which === "children"
        ? tree.children(root).map((node) => node.id)
        : which === "tops"
          ? root === 0
            ? tree.children(0).map((node) => node.id)
            : [root]
          : inside.filter((id) => tree.children(id).length === 0);
  const counts = new Map((await queries.sumRegions(sql, ids, span)).map((cell) => [cell.unit, cell]));
  return ids.map((id) => ({
    head: {
      key: `region:${id}`,
      name: which === "areas" ? tree.pathName(id) : (tree.node(id)?.name ?? ""),
      kind: "region" as const,
      id,
      children: true,
    },
    counts: counts.get(id) ?? NOTHING,
  }));
}

/** The stores of a place, or that have figures there. */
async function storeCells({ sql, tree, place, span }: Question) {
  const areas = areasOf(tree, place);
  const here = place.kind === "store" || place.kind === "guide" ? [] : await queries.storesIn(sql, areas);
  const cells = await sumStores(sql, areas, span);
  return merge(sql, "store", here, place.kind === "store" ? cells.filter((c) => c.unit === place.id) : cells);
}

async function guideCells({ sql, tree, place, span }: Question) {
  if (place.kind === "guide") {
    const [own] = await queries.sumOwn<string>(sql, tree, place, span, "all");
    return [{ head: headOf("guide", place.id, place.name), counts: own ?? NOTHING }];
  }
  const stores = place.kind === "store" ? [place.id] : await queries.storeIdsIn(sql, areasOf(tree, place));
  return merge(sql, "guide", await queries.guidesIn(sql, stores), await sumGuides(sql, stores, span));
}

/** Units that stand here today, and those that only have figures here. */
async function merge(
  sql: Sql,
  kind: "store" | "guide",
  here: readonly queries.Standing[],
  cells: readonly queries.Summed<number>[],
) {
  const counts = new Map(cells.map((cell) => [cell.unit, cell]));
  const known = new Map(here.map((unit) => [unit.id, unit.name]));
  const places = new Map(here.map((unit) => [unit.id, unit.place]));
  const gone = [...counts.keys()].filter((id) => !known.has(id));
  for (const [id, name] of await queries.namesOf(sql, kind, gone)) known.set(id, name);
  return [...known].map(([id, name]) => ({
    head: headOf(kind, id, name, places.get(id)),
    counts: counts.get(id) ?? NOTHING,
  }));
}

function headOf(kind: "store" | "guide", id: number, name: string, place?: string): Head {
  return { key: `${kind}:${id}`, name, ...(place && { place }), kind, id, children: kind === "store" };
}

/** What the rows of a level are called here. */
export function levelName(tree: OrgTree, place: Place, by: ReportBy | "children"): string {
  if (by === "children") {
    const depth = place.kind === "region" ? (tree.node(place.id)?.depth ?? 0) + 1 : 0;
    return tree.levels[depth] ?? "区域";
  }
  if (by === "region") return tree.levels[0] ?? "大区";
  const names = {
    area: "区域",
    store: "门店",
    guide: "导购",
    touchpoint: "触点",
    variant: "话术版本",
    way: "发送方式",
    day: "日期",
    below: "",
  };
  return names[by];
}

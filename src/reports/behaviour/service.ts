// WeCom's own figures of guides, by place or day. They stand beside ours and never in one sum with them.
import type { Viewer } from "../../identity/viewer.js";
import type { Param, Sql, Store } from "../../infra/store.js";
import { isShopDay, type ShopDay } from "../../kernel/calendar.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import type { OrgTree } from "../../org/tree.js";
import { namesOf } from "../queries.js";
import type { ReportAsk } from "../report.js";
import { type Place, placeOf } from "../scope.js";
import { sharedTree } from "../shared-tree.js";
import { isFinal } from "./ripeness.js";

export type BehaviourBy = "below" | "store" | "guide" | "day";

/** A question; who asks sees at most their own. */
export interface BehaviourAsk {
  from: ShopDay;
  to: ShopDay;
  by: BehaviourBy;
  within?: ReportAsk["within"];
}

/** Sums over guides' days; shares and minutes are means over the days on which there was one. */
export interface BehaviourRow {
  key: string;
  name: string;
  /** guides' days read */
  guideDays: number;
  applies: number;
  contacts: number;
  chats: number;
  messages: number;
  lost: number;
  /** 0…1; WeCom tells no denominator, so days weigh alike */
  answered: number | null;
  answerMinutes: number | null;
  /** guides' days behind the two means */
  answeredDays: number;
}

export interface BehaviourReport {
  from: ShopDay;
  to: ShopDay;
  by: BehaviourBy;
  level: string;
  rows: BehaviourRow[];
  total: BehaviourRow;
  /** the latest day read; null: none in this span */
  readThrough: ShopDay | null;
  /** a day of it may still change */
  provisional: boolean;
}

export interface BehaviourService {
  /** Raises `invalid` for a span that cannot be, `not_found` outside the viewer's reach. */
  behaviour(viewer: Viewer, ask: BehaviourAsk): Promise<BehaviourReport>;
}

/** The service. */
export function behaviourService({ store }: { store: Store }): BehaviourService {
  return {
    behaviour: async (viewer, ask) => {
      checkSpan(ask);
      const sql = store.read;
      const tree = await sharedTree(sql);
      const place = await placeOf(sql, tree, viewer, ask.within);
      const unit = unitOf(tree, place, ask.by);
      const cells = await sumsBy(sql, place, ask, unit === "region" ? "store" : unit);
      const rows = await rowsOf(sql, tree, { place, unit, cells });
      const read = await lastRead(sql, place, ask);
      return {
        ...{ from: ask.from, to: ask.to, by: ask.by, level: LEVELS[unit], rows },
        total: added({ key: "total", name: "合计" }, cells),
        readThrough: read?.day ?? null,
        provisional: read !== undefined && !isFinal(read.day, read.at),
      };
    },
  };
}

type Unit = "region" | "store" | "guide" | "day";
const LEVELS: Readonly<Record<Unit, string>> = { region: "区域", store: "门店", guide: "导购", day: "日期" };

function unitOf(tree: OrgTree, place: Place, by: BehaviourBy): Unit {
  if (by !== "below") return by;
  if (place.kind === "brand") return "region";
  if (place.kind !== "region") return "guide";
  return tree.children(place.id).length > 0 ? "region" : "store";
}

function checkSpan({ from, to }: BehaviourAsk): void {
  const faults: Fault[] = [];
  for (const [where, value] of Object.entries({ from, to }))
    if (!isShopDay(value)) faults.push({ where, value, expected: "a date YYYY-MM-DD" });
  if (faults.length === 0 && from > to)
    faults.push({ where: "to", value: to, expected: `a day not before ${from}` });
  if (faults.length > 0) throw new Refusal("invalid", "日期范围不对。", faults);
}

/** Sums of one unit, before means are made of them. */
interface Cell extends Omit<BehaviourRow, "key" | "name" | "answered" | "answerMinutes"> {
  unit: number | string;
  regionId: number;
  perMille: number;
  minutes: number;
}

const FROM = `FROM guide_behaviour b JOIN guide g ON g.id = b.guide_id JOIN store s ON s.id = g.store_id
  JOIN region r ON r.id = s.region_id`;

function within(place: Place): { text: string; params: Param[] } {
  if (place.kind === "brand") return { text: "1 = 1", params: [] };
  if (place.kind === "region") return { text: "r.trail LIKE ?", params: [`%/${place.id}/%`] };
  return place.kind === "store"
    ? { text: "s.id = ?", params: [place.id] }
    : { text: "g.id = ?", params: [place.id] };
}

async function sumsBy(
  sql: Sql,
  place: Place,
  { from, to }: BehaviourAsk,
  unit: Exclude<Unit, "region">,
): Promise<Cell[]> {
  const column = { store: "s.id", guide: "g.id", day: "b.on_day" }[unit];
  const { text, params } = within(place);
  const rows = await sql.rows<Cell>(
    `SELECT ${column} AS unit, MIN(s.region_id) AS regionId, COUNT(*) AS guideDays, SUM(b.applies) AS applies,
       SUM(b.contacts) AS contacts, SUM(b.chats) AS chats, SUM(b.messages) AS messages, SUM(b.lost) AS lost,
       COUNT(b.answered_per_mille) AS answeredDays, COALESCE(SUM(b.answered_per_mille), 0) AS perMille,
       COALESCE(SUM(b.answer_minutes), 0) AS minutes
     ${FROM} WHERE b.on_day BETWEEN ? AND ? AND ${text} GROUP BY ${column} ORDER BY ${column}`,
    [from, to, ...params],
  );
  const numbers = (row: Cell): Cell =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, key === "unit" ? value : Number(value)]),
    ) as unknown as Cell;
  return rows.map(numbers);
}

/** Units of today's organisation that have figures. */
async function rowsOf(
  sql: Sql,
  tree: OrgTree,
  { place, unit, cells }: { place: Place; unit: Unit; cells: readonly Cell[] },
): Promise<BehaviourRow[]> {
  if (unit === "region") {
    const root = place.kind === "region" ? place.id : 0;
    return tree.children(root).flatMap(({ id, name }) => {
      const own = cells.filter(({ regionId }) => tree.ancestors(regionId).includes(id));
      return own.length === 0 ? [] : [added({ key: `region:${id}`, name }, own)];
    });
  }
  const names =
    unit === "day"
      ? undefined
      : await namesOf(
          sql,
          unit,
          cells.map((cell) => Number(cell.unit)),
        );
  return cells.map((cell) =>
    added(
      names
        ? { key: `${unit}:${cell.unit}`, name: names.get(Number(cell.unit)) ?? "" }
        : { key: String(cell.unit), name: String(cell.unit) },
      [cell],
    ),
  );
}

function added(head: Pick<BehaviourRow, "key" | "name">, cells: readonly Cell[]): BehaviourRow {
  const sum = (key: Exclude<keyof Cell, "unit">) => cells.reduce((total, cell) => total + cell[key], 0);
  const answeredDays = sum("answeredDays");
  const mean = (total: number) => (answeredDays === 0 ? null : total / answeredDays);
  return {
    ...head,
    ...{ guideDays: sum("guideDays"), applies: sum("applies"), contacts: sum("contacts") },
    ...{ chats: sum("chats"), messages: sum("messages"), lost: sum("lost"), answeredDays },
    ...{ answered: mean(sum("perMille") / 1000), answerMinutes: mean(sum("minutes")) },
  };
}

async function lastRead(
  sql: Sql,
  place: Place,
  { from, to }: BehaviourAsk,
): Promise<{ day: ShopDay; at: number } | undefined> {
  const { text, params } = within(place);
  const row = await sql.row<{ day: ShopDay; at: number }>(
    `SELECT b.on_day AS day, MIN(b.read_at) AS at ${FROM} WHERE b.on_day BETWEEN ? AND ? AND ${text}
     GROUP BY b.on_day ORDER BY b.on_day DESC LIMIT 1`,
    [from, to, ...params],
  );
  return row && { day: row.day, at: Number(row.at) };
}

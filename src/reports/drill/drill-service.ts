// Opens a figure: the page of tasks, messages or customers that it counts, and the count itself, from the same roll-ups.
import type { Viewer } from "../../identity/viewer.js";
import type { Sql, Store } from "../../infra/store.js";
import { Refusal } from "../../kernel/refusals.js";
import { pathTo, type Question, questionOf } from "../asking.js";
import type { Report } from "../report.js";
import { rootOf } from "../scope.js";
import { armCursor, armPage } from "./arms.js";
import { type CountedAsk, cursorOf, cursorText, type DrillAsk, type DrillCursor } from "./drill.js";
import { cellsOn, type DrillCell, daysWith } from "./drill-cells.js";
import { type DrillLine, named } from "./drill-names.js";
import { type DrillRow, rowsBehind } from "./drill-rows.js";

/** A page of what a figure counts. */
export interface Drill {
  /** the figure */
  total: number;
  lines: DrillLine[];
  /** asks for the page after this one; undefined at the end */
  next: string | undefined;
  path: Report["path"];
}

export interface DrillParts {
  store: Store;
  zone: string;
}

/** A page of what a figure counts. Raises `not_found` outside the viewer's reach, `invalid` for an `after` no page gave. */
export async function drill({ store, zone }: DrillParts, viewer: Viewer, ask: DrillAsk): Promise<Drill> {
  const question = await questionOf(store.read, viewer, ask);
  const { sql, tree, place } = question;
  const after = ask.after === undefined ? undefined : cursorOf(ask.after);
  if (ask.after !== undefined && !after) throw new Refusal("invalid", "这一页的链接不完整，请从头翻起。");
  const { of, ...rest } = ask;
  const { total, rows, more } =
    of.kind === "arm"
      ? await armPage(question, rest, of.part, after)
      : await countedPage({ question, ask: { ...rest, of }, zone }, after);
  const last = rows.at(-1);
  const cursor = last && (of.kind === "arm" ? armCursor(last) : last);
  return {
    total,
    lines: await named(sql, tree, await rootOf(sql, tree, viewer), rows),
    next: more && cursor ? cursorText(cursor) : undefined,
    path: await pathTo(sql, tree, viewer, place),
  };
}

/** All lines behind a figure from the first on, page by page, at most `most`. */
export async function* drillAll(
  parts: DrillParts,
  viewer: Viewer,
  ask: Omit<DrillAsk, "after" | "limit">,
  most: number,
): AsyncGenerator<DrillLine> {
  let after: string | undefined;
  for (let left = most; left > 0; ) {
    const page = await drill(parts, viewer, { ...ask, ...(after && { after }), limit: Math.min(PAGE, left) });
    yield* page.lines;
    left -= page.lines.length;
    if (page.next === undefined) return;
    after = page.next;
  }
}

const PAGE = 500;

interface Asking {
  question: Question;
  ask: CountedAsk;
  zone: string;
}

async function countedPage(asking: Asking, after: DrillCursor | undefined) {
  const days = await daysWith(asking.question, asking.ask);
  return { total: days.reduce((sum, { n }) => sum + n, 0), ...(await pageOf(asking, days, after)) };
}

async function pageOf(
  asking: Asking,
  days: readonly { day: string; n: number }[],
  after: DrillCursor | undefined,
): Promise<{ rows: DrillRow[]; more: boolean }> {
  const { limit } = asking.ask;
  const rows: DrillRow[] = [];
  let from = after;
  for (const { day } of days) {
    if (from && day < from.day) continue;
    if (from && day > from.day) from = undefined;
    for (;;) {
      const found = await some(asking, day, from);
      rows.push(...found.rows);
      if (rows.length > limit) return { rows: rows.slice(0, limit), more: true };
      if (!found.goesOn) break;
      from = found.goesOn;
    }
    from = undefined;
  }
  return { rows, more: false };
}

/** Cells taken at once; a guide's day has a handful of lines. */
const CELLS = 40;

/** The lines of the day's next cells after a cursor; `goesOn`: where to ask again. */
async function some(
  { question, ask, zone }: Asking,
  day: string,
  from: DrillCursor | undefined,
): Promise<{ rows: DrillRow[]; goesOn: DrillCursor | undefined }> {
  const cells = await cellsOn(question, ask, day, { from, limit: CELLS });
  if (cells.length === 0) return { rows: [], goesOn: undefined };
  const rows = await linesOf(question.sql, ask, { day, cells, zone });
  const left = from ? rows.filter((row) => isAfter(row, from)) : rows;
  const last = cells.at(-1);
  const goesOn = cells.length === CELLS && last ? { day, ...last, id: Number.MAX_SAFE_INTEGER } : undefined;
  return { rows: left, goesOn };
}

async function linesOf(
  sql: Sql,
  ask: CountedAsk,
  { day, cells, zone }: { day: string; cells: readonly DrillCell[]; zone: string },
): Promise<DrillRow[]> {
  const guides = [...new Set(cells.map(({ guide }) => guide))];
  const wanted = new Set(cells.map(keyOf));
  const rows = await rowsBehind(sql, ask, { day, guides, zone });
  return rows
    .map((row) => ({ ...row, id: Number(row.id) }))
    .filter((row) => wanted.has(keyOf(row)))
    .sort((a, b) => a.region - b.region || a.store - b.store || a.guide - b.guide || a.id - b.id);
}

const keyOf = ({ region, store, guide }: Pick<DrillCell, "region" | "store" | "guide">) =>
  `${region} ${store} ${guide}`;

function isAfter(row: DrillRow, from: DrillCursor): boolean {
  const order =
    row.region - from.region || row.store - from.store || row.guide - from.guide || row.id - from.id;
  return order > 0;
}

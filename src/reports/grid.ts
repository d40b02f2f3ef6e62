// A table as it is seen: columns, rows, values with how they are written. Page, CSV and XLSX are made of the same one. Pure.
import { SMALL } from "./measures.js";
import type { Rate } from "./report.js";

/** How a column's values are written. `share` is in [0, 1]; `points` are the difference of two shares. */
export type CellKind = "text" | "count" | "number" | "share" | "points";

export interface GridColumn {
  name: string;
  kind: CellKind;
  /** what it counts, for who asks */
  meaning?: string;
  /** the values come with an interval, which has two columns of its own in a file */
  interval?: boolean;
  /** left out on a phone's page */
  wide?: boolean;
}

export interface GridCell {
  /** null: there is nothing to say */
  value: string | number | null;
  low?: number;
  high?: number;
  /** counted over so few that it is marked */
  few?: boolean;
  /** a window in it is still open */
  provisional?: boolean;
  /** the address of what it counts */
  href?: string;
}

export interface GridRow {
  cells: GridCell[];
  /** the sum of all, set apart */
  isTotal?: boolean;
}

export interface Grid {
  /** names the sheet, and the file with what the page adds */
  title: string;
  columns: GridColumn[];
  rows: GridRow[];
}

/** A cell with a rate of so many. */
export function rateValue(rate: Rate | null, of: number, more: Partial<GridCell> = {}): GridCell {
  if (rate === null) return { value: null, ...more };
  return { value: rate.value, low: rate.low, high: rate.high, few: of < SMALL, ...more };
}

/** A value of a file. */
export interface SheetCell {
  value: string | number | null;
  kind: CellKind;
}

/** What goes into a file: a heading and rows, which may come one by one. */
export interface Sheet {
  title: string;
  head: string[];
  rows: Iterable<SheetCell[]> | AsyncIterable<SheetCell[]>;
}

/** A sheet's title, or a file's name, said in another language: its parts stand between hyphens. */
export function saidName(name: string, say: (text: string) => string): string {
  return name.split("-").map(sayingOurs(say)).join("-");
}

/** Says what it can read to the end. What it cannot is somebody's name, and stays to the letter. */
function sayingOurs(say: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const said = say(text);
    const ours = /[\u3400-\u9fff]/.test(said) ? text : said;
    if (known.size < MOST_KNOWN) known.set(text, ours);
    return ours;
  };
}

/** Guides and stores come again in every line of a file, customers do not. */
const MOST_KNOWN = 20_000;

/** The same sheet with its title, heading and texts said in another language. */
export function saidSheet({ title, head, rows }: Sheet, say: (text: string) => string): Sheet {
  return { title: saidName(title, say), head: head.map(say), rows: saidRows(rows, sayingOurs(say)) };
}

async function* saidRows(rows: Sheet["rows"], say: (text: string) => string): AsyncGenerator<SheetCell[]> {
  for await (const row of rows)
    yield row.map((cell) => (typeof cell.value === "string" ? { ...cell, value: say(cell.value) } : cell));
}

const REMARK = "备注";

/** A grid as a sheet: every column with the very values that are seen, intervals beside them, and what is marked in a
 *  last column of words. */
export function sheetOf(grid: Grid): Sheet {
  const head = grid.columns.flatMap(({ name, interval }) =>
    interval ? [name, `${name}下限`, `${name}上限`] : [name],
  );
  return { title: grid.title, head: [...head, REMARK], rows: grid.rows.map((row) => sheetRow(grid, row)) };
}

function sheetRow({ columns }: Grid, { cells }: GridRow): SheetCell[] {
  const values = columns.flatMap(({ kind, interval }, at): SheetCell[] => {
    const cell = cells[at] ?? { value: null };
    const value = { value: cell.value, kind };
    if (!interval) return [value];
    return [value, { value: cell.low ?? null, kind }, { value: cell.high ?? null, kind }];
  });
  return [...values, { value: remarkOf(columns, cells), kind: "text" }];
}

/** 样本少：完成率、回复率；未定：…; of all columns alike the word alone. */
function remarkOf(columns: readonly GridColumn[], cells: readonly GridCell[]): string {
  const of = (mark: "few" | "provisional") =>
    columns.filter((_, at) => cells[at]?.[mark]).map(({ name }) => name);
  return [["样本少", of("few")] as const, ["未定", of("provisional")] as const]
    .filter(([, names]) => names.length > 0)
    .map(([word, names]) => `${word}：${names.join("、")}`)
    .join("；");
}

// A grid as a heat map: where each cell stands, its colour and its words, for an SVG whose cells can be opened. Pure.
import type { CellKind, Grid, GridCell } from "../../reports/grid.js";
import { textOf } from "./grid-view.js";

/** A cell as it is drawn. */
export interface HeatCell {
  x: number;
  y: number;
  /** what the cell says inside; "" where it would not fit */
  text: string;
  textX: number;
  textY: number;
  fill: string;
  ink: string;
  /** said aloud, and shown where one points */
  title: string;
  href: string;
  few: boolean;
  provisional: boolean;
}

export interface HeatPicture {
  width: number;
  height: number;
  cellWidth: number;
  cellHeight: number;
  rows: { name: string; full: string; href: string; y: number }[];
  columns: { label: string; below: string; x: number }[];
  cells: HeatCell[];
  legend: { fill: string; x: number }[];
  low: string;
  high: string;
  isEmpty: boolean;
}

const NAME = 132;
const HEAD = 40;
const ROW = 30;
const GAP = 2;
const WIDEST = 1076;
const NARROWEST = 34;
const BROADEST = 72;
const MOST_LETTERS = 9;

/** From pale to full; six steps are told apart on any screen. */
const STEPS = ["#e8f3ed", "#c5e2d2", "#9bccb3", "#6bb290", "#37916a", "#0b6e43"];
const DARK_FROM = 4;
const FEW = "#f0f2f1";

/** The picture of a grid: its first column names the rows, `columns` say what stands above each of the others (a total
 *  column is left out by its absence there). */
export function heatPicture(
  grid: Grid,
  columns: readonly { label: string; below: string; at: number }[],
): HeatPicture {
  const rows = grid.rows.filter(({ isTotal }) => !isTotal);
  const cellWidth = Math.min(
    BROADEST,
    Math.max(NARROWEST, Math.floor((WIDEST - NAME) / Math.max(1, columns.length))),
  );
  const shown = rows.flatMap(({ cells }) => columns.map(({ at }) => cells[at]));
  const scale = scaleOf(shown);
  const kind = grid.columns[columns[0]?.at ?? 1]?.kind ?? "count";
  const cells = rows.flatMap(({ cells: own }, row) =>
    columns.flatMap(({ at, label }, column) => {
      const cell = own[at];
      if (!cell || cell.value === null || typeof cell.value === "string") return [];
      const name = String(own[0]?.value ?? "");
      const place = { x: NAME + column * cellWidth, y: HEAD + row * ROW };
      return [drawnCell(cell, { kind, name, label, scale, ...place, cellWidth })];
    }),
  );
  return {
    ...{ width: NAME + columns.length * cellWidth + GAP, height: HEAD + rows.length * ROW + GAP },
    ...{ cellWidth: cellWidth - GAP, cellHeight: ROW - GAP, cells },
    rows: rows.map(({ cells: own }, row) => {
      const full = String(own[0]?.value ?? "");
      return { full, name: cut(full), href: own[0]?.href ?? "", y: HEAD + row * ROW + ROW / 2 };
    }),
    columns: columns.map(({ label, below }, column) => ({
      ...{ label, below, x: NAME + column * cellWidth + (cellWidth - GAP) / 2 },
    })),
    legend: STEPS.map((fill, step) => ({ fill, x: step * 24 })),
    low: textOf(kind, scale.low),
    high: textOf(kind, scale.high),
    isEmpty: cells.length === 0,
  };
}

interface Scale {
  low: number;
  high: number;
}

/** From the smallest value to the largest, of those that are more than chance. */
function scaleOf(cells: readonly (GridCell | undefined)[]): Scale {
  const known = cells.filter((cell) => typeof cell?.value === "number");
  const sure = known.filter((cell) => !cell?.few);
  const values = (sure.length > 0 ? sure : known).map((cell) => Number(cell?.value));
  if (values.length === 0) return { low: 0, high: 0 };
  return { low: Math.min(...values), high: Math.max(...values) };
}

function stepOf(value: number, { low, high }: Scale): number {
  if (high <= low) return STEPS.length - 1;
  const share = (value - low) / (high - low);
  return Math.max(0, Math.min(STEPS.length - 1, Math.floor(share * STEPS.length)));
}

interface Drawing extends Pick<HeatCell, "x" | "y"> {
  kind: CellKind;
  name: string;
  label: string;
  scale: Scale;
  cellWidth: number;
}

function drawnCell(cell: GridCell, drawing: Drawing): HeatCell {
  const { kind, name, label, scale, x, y, cellWidth } = drawing;
  const value = Number(cell.value);
  const { few = false, provisional = false, href = "" } = cell;
  const step = stepOf(value, scale);
  const marks = [few ? "样本少" : "", provisional ? "未定" : ""].filter(Boolean).join("，");
  return {
    ...{ x, y, few, provisional, href: value === 0 ? "" : href },
    text: shortText(kind, value),
    textX: x + (cellWidth - GAP) / 2,
    textY: y + ROW / 2 + 3,
    fill: few ? FEW : (STEPS[step] ?? FEW),
    ink: !few && step >= DARK_FROM ? "#ffffff" : few ? "#5f6b65" : "#16241d",
    title: `${name} ${label}：${textOf(kind, value)}${marks ? `（${marks}）` : ""}`,
  };
}

/** As much as a cell has room for: 86 for 86.4%, 1.2万 for 12,345. */
function shortText(kind: CellKind, value: number): string {
  if (kind === "share") return String(Math.round(value * 100));
  if (kind === "number") return value.toFixed(1);
  if (value >= 100_000) return `${Math.round(value / 10_000)}万`;
  return value >= 10_000 ? `${(value / 10_000).toFixed(1)}万` : String(Math.round(value));
}

function cut(name: string): string {
  const letters = [...name];
  return letters.length <= MOST_LETTERS ? name : `${letters.slice(0, MOST_LETTERS - 1).join("")}…`;
}

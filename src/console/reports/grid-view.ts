// A grid in words for its page: values as they are read, marks, links, and headings that order it.
import type { CellKind, Grid, GridCell, GridColumn, GridRow } from "../../reports/grid.js";
import { compareNames, count, percent, points } from "../format.js";

/** Which column orders a grid: its place, downwards or not. */
export interface GridSort {
  column: number;
  down: boolean;
}

/** The grid in an order; totals stay at the end, what has no value comes last either way, equal ones stay. */
export function sorted(grid: Grid, sort: GridSort | undefined): Grid {
  if (!sort || !grid.columns[sort.column]) return grid;
  const sign = sort.down ? -1 : 1;
  const rows = grid.rows.filter(({ isTotal }) => !isTotal);
  const totals = grid.rows.filter(({ isTotal }) => isTotal);
  const value = ({ cells }: GridRow) => cells[sort.column]?.value ?? null;
  const inOrder = [...rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "string") return sign * compareNames(left, String(right));
    return sign * (left - Number(right));
  });
  return { ...grid, rows: [...inOrder, ...totals] };
}

/** "-3" → column 3 downwards; undefined for what is none. */
export function sortOf(text: string | undefined): GridSort | undefined {
  const [, sign, column] = /^(-?)(\d{1,2})$/.exec(text ?? "") ?? [];
  return column === undefined ? undefined : { column: Number(column), down: sign === "-" };
}

/** The values of templates/pages/partials/grid.hbs. `orderBy` gives the address that orders by a column. */
export function gridView(
  grid: Grid,
  sort?: GridSort,
  orderBy?: (sort: string) => string,
  empty = "这段时间没有数据。",
): object {
  return {
    title: grid.title,
    empty,
    width: grid.columns.length,
    columns: grid.columns.map((column, at) => headOf(column, at, sort, orderBy)),
    rows: grid.rows.filter(({ isTotal }) => !isTotal).map((row) => rowOf(grid, row)),
    totals: grid.rows.filter(({ isTotal }) => isTotal).map((row) => rowOf(grid, row)),
    meanings: grid.columns.filter(({ meaning }) => meaning).map(({ name, meaning }) => ({ name, meaning })),
  };
}

function headOf(
  { name, kind, meaning = "", wide = false }: GridColumn,
  at: number,
  sort: GridSort | undefined,
  orderBy: ((sort: string) => string) | undefined,
): object {
  const isActive = sort?.column === at;
  // figures from the top first, words from the front
  const down = isActive ? !sort.down : kind !== "text";
  return {
    ...{ name, meaning, wide, isText: kind === "text" },
    href: orderBy ? orderBy(`${down ? "-" : ""}${at}`) : "",
    order: isActive ? (sort.down ? "descending" : "ascending") : "none",
  };
}

function rowOf({ columns }: Grid, { cells }: GridRow): object {
  const [head, ...rest] = columns.map((column, at) => cellOf(column, cells[at] ?? { value: null }));
  return { head, cells: rest };
}

function cellOf({ kind, wide = false }: GridColumn, cell: GridCell): object {
  const { value, low, high, few = false, provisional = false, href = "" } = cell;
  return {
    text: textOf(kind, value),
    interval: low === undefined || high === undefined ? "" : intervalOf(kind, low, high),
    // nothing to open where nothing is counted
    href: value === null || value === 0 ? "" : href,
    ...{ few, provisional, wide, isText: kind === "text" },
  };
}

/** A value as it is read. */
export function textOf(kind: CellKind, value: string | number | null): string {
  if (value === null) return "—";
  if (typeof value === "string") return value;
  if (kind === "share") return percent(value);
  if (kind === "points") return points(value);
  return kind === "number" ? value.toFixed(2) : count(value);
}

function intervalOf(kind: CellKind, low: number, high: number): string {
  if (kind === "points") return `${points(low)} 至 ${points(high)}`;
  return `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}`;
}

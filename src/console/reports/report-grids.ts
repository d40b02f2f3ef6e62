// The tables of the report's first tab as grids for files: what the page shows, all its pages at once.
import type { BehaviourReport } from "../../reports/behaviour/service.js";
import { BEHAVIOUR_COLUMNS, BEHAVIOUR_TITLE } from "../../reports/behaviour/words.js";
import type { Grid, GridCell, GridColumn } from "../../reports/grid.js";
import { rateValue } from "../../reports/grid.js";
import type { Report, ReportRow } from "../../reports/report.js";
import { WAY_MEASURES } from "../../reports/ways.js";
import { COLUMNS, type ReportFigures } from "./page.js";
import { sortRows } from "./rows.js";
import type { ReportView, SortKey } from "./view.js";

const RATES: readonly SortKey[] = ["completionRate", "onTimeRate", "replyRate"];

/** The units as they are ordered on the page, with their place where the table mixes places. */
export function unitsGrid(report: Report, view: ReportView): Grid {
  const mixes = view.by !== "below" && report.rows.some(({ place }) => place);
  const rowOf = (row: ReportRow): GridCell[] => [
    { value: row.name },
    ...COLUMNS.map(({ key }) => cellOf(row, key)),
    ...(mixes ? [{ value: row.place ?? null }] : []),
  ];
  return {
    title: `${report.level}表现`,
    columns: [
      { name: report.level, kind: "text" },
      ...figureColumns(),
      ...(mixes ? [{ name: "所属", kind: "text" as const }] : []),
    ],
    rows: [
      ...sortRows(report.rows, view.sort).map((row) => ({ cells: rowOf(row) })),
      { cells: rowOf({ ...report.total, name: "合计" }), isTotal: true },
    ],
  };
}

/** The touchpoints that had anything. */
function touchpointsGrid({ rows }: Report): Grid {
  return {
    title: "触点表现",
    columns: [
      { name: "触点", kind: "text" },
      // a message belongs to a customer, not to a touchpoint; its answers do
      ...figureColumns().map((column) => (column.name === "客户消息" ? { ...column, name: "回复" } : column)),
    ],
    rows: rows
      .filter(({ issued }) => issued > 0)
      .map((row) => ({
        cells: [
          { value: row.name },
          ...COLUMNS.map(({ key }) => (key === "messages" ? { value: row.replied } : cellOf(row, key))),
        ],
      })),
  };
}

/** What became of the words by their way. */
function waysGrid({ rows, total }: Report): Grid {
  const rowOf = (row: ReportRow): GridCell[] => [
    { value: row.name },
    ...WAY_MEASURES.map(({ key }) => ({ value: Number(row[key as keyof ReportRow]) })),
  ];
  return {
    title: "发送方式与结果",
    columns: [
      { name: "发送方式", kind: "text" },
      ...WAY_MEASURES.map(({ name, meaning }) => ({ name, meaning, kind: "count" as const })),
    ],
    rows: [
      ...rows.map((row) => ({ cells: rowOf(row) })),
      { cells: rowOf({ ...total, name: "合计" }), isTotal: true },
    ],
  };
}

/** Every table of the page in its order. */
export function pageGrids(
  view: ReportView,
  { report, touchpoints, ways, statistics }: ReportFigures,
): Grid[] {
  return [
    unitsGrid(report, view),
    touchpointsGrid(touchpoints),
    waysGrid(ways),
    ...(statistics && statistics.readThrough !== null ? [behaviourGrid(statistics)] : []),
  ];
}

function behaviourGrid({ level, rows, total }: BehaviourReport): Grid {
  const rowOf = (row: BehaviourReport["total"]): GridCell[] => [
    { value: row.name },
    ...BEHAVIOUR_COLUMNS.map(({ value }) => ({ value: value(row) })),
  ];
  return {
    title: BEHAVIOUR_TITLE,
    columns: [
      { name: level, kind: "text" },
      ...BEHAVIOUR_COLUMNS.map(({ name }) => ({ name, kind: "text" as const })),
    ],
    rows: [...rows.map((row) => ({ cells: rowOf(row) })), { cells: rowOf(total), isTotal: true }],
  };
}

function figureColumns(): GridColumn[] {
  return COLUMNS.map(({ key, label }) => {
    const isRate = RATES.includes(key) || key === "observedShare";
    return { name: label, kind: isRate ? "share" : "count", interval: RATES.includes(key) };
  });
}

function cellOf(row: ReportRow, key: SortKey): GridCell {
  const { provisional } = row;
  if (key === "completionRate") return rateValue(row.completionRate, row.issued, { provisional });
  if (key === "onTimeRate") return rateValue(row.onTimeRate, row.issued);
  if (key === "replyRate") return rateValue(row.replyRate, row.observed, { provisional });
  if (key === "observedShare") return { value: row.observedShare?.value ?? null };
  return { value: row[key] as number };
}

// Sheets as an .xlsx workbook: the same values as on the page, as numbers Excel can go on reckoning with.
import type { Readable } from "node:stream";
import { type WorkbookCell, workbookStream } from "../infra/workbook-writer.js";
import type { CellKind, Sheet, SheetCell } from "./grid.js";

const FORMS: Readonly<Record<CellKind, string>> = {
  text: "@",
  count: "#,##0",
  number: "#,##0.00",
  share: "0.0%",
  points: "+0.0;-0.0;0.0",
};

/** The workbook, one sheet each, as it is being written. */
export function sheetsWorkbook(sheets: readonly Sheet[]): Readable {
  return workbookStream(sheets.map(({ title, head, rows }) => ({ name: title, head, rows: cellsOf(rows) })));
}

async function* cellsOf(rows: Sheet["rows"]): AsyncGenerator<WorkbookCell[]> {
  for await (const row of rows) yield row.map(cellOf);
}

function cellOf({ value, kind }: SheetCell): WorkbookCell {
  if (typeof value === "string") return { value, form: FORMS.text };
  // in percentage points, as they are read
  const told = value !== null && kind === "points" ? value * 100 : value;
  return { value: told, form: FORMS[kind] };
}

// A sheet as CSV, line by line, safe to open in a spreadsheet.
import { csvCell } from "./csv.js";
import type { Sheet, SheetCell } from "./grid.js";

/** The lines with their ends, after a byte order mark so that Excel reads them as UTF-8. Shares as percent: 86.5%. */
export async function* sheetCsv(sheet: Sheet): AsyncGenerator<string> {
  yield `\ufeff${sheet.head.map(csvCell).join(",")}\r\n`;
  for await (const row of sheet.rows) yield `${row.map((cell) => csvCell(csvValue(cell))).join(",")}\r\n`;
}

function csvValue({ value, kind }: SheetCell): string | number {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (kind === "share") return `${(value * 100).toFixed(1)}%`;
  // a number of its own, so that a minus before it is not taken for a formula
  if (kind === "points") return Number((value * 100).toFixed(1));
  return kind === "number" ? Number(value.toFixed(2)) : value;
}

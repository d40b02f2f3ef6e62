// Rows of an .xlsx workbook's first sheet, streamed: every cell as the text a CSV would have.
import type { Readable } from "node:stream";
import { Refusal } from "../kernel/refusals.js";

/** A row and its 1-based line in the file. */
export interface SheetRow {
  line: number;
  cells: string[];
}

export type Batch = SheetRow[];

/** Excel's own row limit is five times this; beyond it a CSV is the better file. */
const MOST_ROWS = 200_000;

/** The rows of a workbook's first sheet, heading first, in batches of `size`; blank rows are left out. */
export async function* workbookBatches(stream: Readable, file: string, size: number): AsyncGenerator<Batch> {
  const notOne = new Refusal(
    "invalid",
    `${file} is not a workbook Excel can open; save it as .xlsx again or as CSV.`,
  );
  let batch: Batch = [];
  let width = 0;
  try {
    for await (const { number, values } of firstSheet(stream)) {
      const cells = Array.from({ length: Math.max(values.length - 1, width) }, (_, at) =>
        textOf(values[at + 1]),
      );
      if (cells.every((cell) => cell === "")) continue;
      while (width > 0 && cells.length > width && cells.at(-1) === "") cells.pop();
      width ||= cells.length;
      if (number > MOST_ROWS + 1)
        throw new Refusal("invalid", `${file} has more than 200,000 rows; save it as CSV and import that.`);
      batch.push({ line: number, cells });
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    throw error instanceof Refusal ? error : notOne;
  }
  if (width === 0) throw notOne;
  if (batch.length > 0) yield batch;
}

async function* firstSheet(stream: Readable): AsyncGenerator<{ number: number; values: unknown[] }> {
  const options = {
    worksheets: "emit",
    sharedStrings: "cache",
    styles: "cache",
    hyperlinks: "ignore",
  } as const;
  // twenty megabytes that a CSV does not need
  const { default: exceljs } = await import("exceljs");
  const reader = new exceljs.stream.xlsx.WorkbookReader(stream, { ...options, entries: "ignore" });
  let isFirst = true;
  for await (const sheet of reader) {
    if (!isFirst) continue;
    isFirst = false;
    for await (const row of sheet) yield { number: row.number, values: row.values as unknown[] };
  }
}

/** A cell's text: dates as YYYY-MM-DD, formulas by their result, rich text as plain. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, 10);
  // 15 digits are what Excel keeps; the rest is noise of binary fractions
  if (typeof value === "number") return Number.isFinite(value) ? String(Number(value.toPrecision(15))) : "";
  if (typeof value !== "object") return String(value);
  const cell = value as { richText?: { text: string }[]; result?: unknown; text?: unknown; error?: string };
  if (cell.richText) return cell.richText.map(({ text }) => text).join("");
  return cell.error ?? textOf(cell.result ?? cell.text);
}

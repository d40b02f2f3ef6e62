// Rows of an .xlsx workbook's first sheet, streamed: every cell as the text a CSV would have.
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import type { Cell, Row } from "exceljs";
import { Refusal } from "../kernel/refusals.js";
import { zipParts, zipText } from "./zips.js";

/** A row and its 1-based line in the file. */
export interface SheetRow {
  line: number;
  cells: string[];
}

export type Batch = SheetRow[];

/** Excel's own row limit is five times this; beyond it a CSV is the better file. */
const MOST_ROWS = 200_000;

/** 1970-01-01 as Excel counts days. */
const EPOCH = 25_569;

/** The rows of a workbook's first sheet, heading first, in batches of `size`; blank rows are left out. `read` hears how
 *  many bytes of the sheet were read. */
export async function* workbookBatches(
  path: string,
  file: string,
  size: number,
  read: (bytes: number) => void,
): AsyncGenerator<Batch> {
  const notOne = new Refusal(
    "invalid",
    `${file} is not a workbook Excel can open; save it as .xlsx again or as CSV.`,
  );
  let batch: Batch = [];
  let width = 0;
  try {
    for await (const row of firstSheet(path, read)) {
      const { number } = row;
      const values = row.values as unknown[];
      const cells = Array.from({ length: Math.max(values.length - 1, width) }, (_, at) =>
        textOf(values[at + 1], () => row.getCell(at + 1)),
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

/** What of exceljs reads one part each. Its own way through a workbook takes the parts as they lie in the file, so that
 *  dates and sheets are lost where their forms come later, and cuts characters between two pieces of a part. */
interface PartReader {
  workbookRels: { Id: string; Target: string }[];
  model: { sheets: { rId: string; state?: string }[] };
  _parseRels(part: Readable): Promise<void>;
  _parseWorkbook(part: Readable): Promise<void>;
  _parseStyles(part: Readable): Promise<void>;
  _parseSharedStrings(part: Readable): AsyncIterable<unknown>;
  _parseWorksheet(part: AsyncIterable<string>, id: string): Iterable<{ value: AsyncIterable<Row> }>;
}

async function* firstSheet(path: string, read: (bytes: number) => void): AsyncGenerator<Row> {
  const parts = await zipParts(path);
  const part = (name: string, heard?: (bytes: number) => void) => {
    const found = parts.get(name);
    return Readable.from(found ? zipText(found, heard) : []);
  };
  // twenty megabytes that a CSV does not need
  const { default: exceljs } = await import("exceljs");
  knowChineseDates();
  const options = {
    sharedStrings: "cache",
    styles: "cache",
    hyperlinks: "ignore",
    worksheets: "emit",
  } as const;
  const made = new exceljs.stream.xlsx.WorkbookReader(path, { ...options, entries: "ignore" });
  const reader = made as unknown as PartReader;
  await reader._parseRels(part("xl/_rels/workbook.xml.rels"));
  await reader._parseWorkbook(part("xl/workbook.xml"));
  await reader._parseStyles(part("xl/styles.xml"));
  for await (const _ of reader._parseSharedStrings(part("xl/sharedStrings.xml")));
  const { sheets } = reader.model;
  const first = sheets.find(({ state }) => !state?.toLowerCase().includes("hidden"));
  const target = reader.workbookRels.find(({ Id }) => Id === first?.rId)?.Target ?? "";
  const name = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  for (const { value: rows } of reader._parseWorksheet(part(name, read), "1"))
    for await (const row of rows) yield row;
}

/** A Chinese Excel keeps 2026年3月2日 under a number that has a form in each language; exceljs lists them all and uses
 *  none, so that such dates would come in as numbers of days. */
function knowChineseDates(): void {
  const require = createRequire(import.meta.url);
  const forms = require("exceljs/lib/xlsx/defaultnumformats.js") as Record<string, Record<string, string>>;
  for (const form of Object.values(forms)) if (form["zh-cn"]) form.f ??= form["zh-cn"];
}

/** A cell's text: dates as YYYY-MM-DD, formulas by their result, rich text as plain. */
function textOf(value: unknown, cellOf: () => Cell): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, 10);
  // 15 digits are what Excel keeps; the rest is noise of binary fractions
  if (typeof value === "number") return Number.isFinite(value) ? String(Number(value.toPrecision(15))) : "";
  if (typeof value !== "object") return String(value);
  const cell = value as { richText?: { text: string }[]; result?: unknown; text?: unknown; error?: string };
  if (cell.richText) return cell.richText.map(({ text }) => text).join("");
  // the short form leaves out a result of 0
  if ("formula" in cell || "sharedFormula" in cell) return resultOf(cell.result ?? cellOf().result, cellOf);
  return cell.error ?? textOf(cell.text, cellOf);
}

/** A formula's result: its days are a date where the cell shows one, and one in error is no empty cell. */
function resultOf(result: unknown, cellOf: () => Cell): string {
  if (typeof result !== "number") return textOf(result, cellOf);
  if (Number.isNaN(result)) return "#ERROR";
  const isDate = /[ymd]/i.test((cellOf().numFmt ?? "").replace(/\[[^\]]*\]|"[^"]*"/g, ""));
  return textOf(isDate ? new Date(Math.round((result - EPOCH) * 86_400_000)) : result, cellOf);
}

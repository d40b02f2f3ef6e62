// Rows into an .xlsx workbook, streamed: numbers as numbers with their form, texts as texts whatever they begin with.
import { PassThrough, type Readable } from "node:stream";

/** One sheet to be written. A row's values stand under the heads. */
export interface WorkbookSheet {
  name: string;
  head: readonly string[];
  rows: Iterable<readonly WorkbookCell[]> | AsyncIterable<readonly WorkbookCell[]>;
}

/** A value with Excel's form of it ("0.0%"); "@" keeps a text a text. */
export interface WorkbookCell {
  value: string | number | null;
  form: string;
}

/** The workbook as it is being written; a fault on the way ends the stream with it. */
export function workbookStream(sheets: readonly WorkbookSheet[]): Readable {
  const out = new PassThrough();
  writeAll(out, sheets).catch((error: unknown) => out.destroy(error as Error));
  return out;
}

async function writeAll(out: PassThrough, sheets: readonly WorkbookSheet[]): Promise<void> {
  // twenty megabytes that a page does not need
  const { default: exceljs } = await import("exceljs");
  const book = new exceljs.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true });
  const names = new Set<string>();
  for (const { name, head, rows } of sheets) {
    const sheet = book.addWorksheet(sheetName(name, names), { views: [{ state: "frozen", ySplit: 1 }] });
    sheet.columns = head.map((one) => ({ width: Math.min(40, Math.max(10, [...one].length * 2 + 2)) }));
    const heading = sheet.addRow([...head]);
    heading.font = { bold: true };
    heading.commit();
    for await (const cells of rows) {
      const row = sheet.addRow(cells.map(({ value }) => value));
      for (const [at, { value, form }] of cells.entries())
        if (value !== null) row.getCell(at + 1).numFmt = form;
      row.commit();
    }
    sheet.commit();
  }
  await book.commit();
}

/** A name as Excel takes it: at most 31 letters, none of \ / ? * [ ] :, no two alike. */
function sheetName(name: string, taken: Set<string>): string {
  const plain = [...name.replaceAll(/[\\/?*[\]:']/g, " ")].slice(0, 28).join("").trim() || "Sheet";
  let free = plain;
  for (let n = 2; taken.has(free); n++) free = `${plain} ${n}`;
  taken.add(free);
  return free;
}

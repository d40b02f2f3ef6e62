// Tables as files to take along, in the language of the page they were seen on: CSV and XLSX of the same sheets.
import { Readable } from "node:stream";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { languageOf, type Web } from "../../infra/web.js";
import { type Sheet, saidName, saidSheet } from "../../reports/grid.js";
import { sheetCsv } from "../../reports/sheet-csv.js";
import { sheetsWorkbook } from "../../reports/sheet-workbook.js";

interface FileParts {
  pages: PageRenderer;
}

/** Sheets below one another, an empty line between. */
export function sendCsv(ctx: Web, { pages }: FileParts, name: string, sheets: readonly Sheet[]): void {
  const say = sayerOf(ctx, pages);
  attach(ctx, `${saidName(name, say)}.csv`, "text/csv; charset=utf-8");
  ctx.body = Readable.from(csvOf(sheets.map((sheet) => saidSheet(sheet, say))));
}

async function* csvOf(sheets: readonly Sheet[]): AsyncGenerator<string> {
  for (const [at, sheet] of sheets.entries()) {
    if (at > 0) yield "\r\n";
    let isFirst = true;
    for await (const line of sheetCsv(sheet)) {
      // one byte order mark for the whole file
      yield at > 0 && isFirst ? line.replace("\ufeff", "") : line;
      isFirst = false;
    }
  }
}

/** A sheet each. */
export function sendWorkbook(ctx: Web, { pages }: FileParts, name: string, sheets: readonly Sheet[]): void {
  const say = sayerOf(ctx, pages);
  attach(
    ctx,
    `${saidName(name, say)}.xlsx`,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  );
  ctx.body = sheetsWorkbook(sheets.map((sheet) => saidSheet(sheet, say)));
}

/** Says a text of a file as the page says it. */
export function sayerOf(ctx: Web, pages: PageRenderer): (text: string) => string {
  const language = languageOf(ctx);
  return (text) => pages.say(text, language);
}

function attach(ctx: Web, file: string, type: string): void {
  ctx.set("Content-Type", type);
  const plain = file.endsWith(".csv") ? "report.csv" : "report.xlsx";
  ctx.set(
    "Content-Disposition",
    `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file)}`,
  );
}

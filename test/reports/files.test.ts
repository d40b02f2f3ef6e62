// Files of a table: the very values that are seen, read back from CSV and XLSX, and nothing a spreadsheet would run.
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse/sync";
import exceljs from "exceljs";
import fc from "fast-check";
import { sentenceReader } from "../../src/infra/sentences.js";
import { type Grid, saidName, saidSheet, sheetOf } from "../../src/reports/grid.js";
import { sheetCsv } from "../../src/reports/sheet-csv.js";
import { sheetsWorkbook } from "../../src/reports/sheet-workbook.js";

const dir = mkdtempSync(join(tmpdir(), "files-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const grid = (names: readonly string[]): Grid => ({
  title: "触点表现/本周",
  columns: [
    { name: "触点", kind: "text" },
    { name: "下发", kind: "count" },
    { name: "回复率", kind: "share", interval: true },
    { name: "较上期", kind: "points" },
    { name: "人均", kind: "number" },
  ],
  rows: names.map((name, at) => ({
    cells: [
      { value: name },
      { value: 1234 + at },
      { value: 0.25, low: 0.2, high: 0.3, few: at === 0, provisional: at === 1 },
      { value: at === 0 ? null : -0.021 },
      { value: 1.5 },
    ],
  })),
});

async function csvOf(table: Grid): Promise<string> {
  let text = "";
  for await (const line of sheetCsv(sheetOf(table))) text += line;
  return text;
}

async function bookOf(tables: readonly Grid[]): Promise<exceljs.Workbook> {
  const file = join(dir, "book.xlsx");
  await pipeline(sheetsWorkbook(tables.map(sheetOf)), createWriteStream(file));
  const book = new exceljs.Workbook();
  await book.xlsx.readFile(file);
  return book;
}

test("CSV: heads, values as they are read, what is marked in words", async () => {
  const rows = parse(await csvOf(grid(["甲", "乙"])), { bom: true }) as string[][];
  expect(rows).toEqual([
    ["触点", "下发", "回复率", "回复率下限", "回复率上限", "较上期", "人均", "备注"],
    ["甲", "1234", "25.0%", "20.0%", "30.0%", "", "1.5", "样本少：回复率"],
    ["乙", "1235", "25.0%", "20.0%", "30.0%", "-2.1", "1.5", "未定：回复率"],
  ]);
});

test("XLSX: the same, as numbers with their forms; a sheet a table, named as Excel takes it", async () => {
  const book = await bookOf([grid(["甲", "乙"]), grid(["丙"])]);
  expect(book.worksheets.map(({ name }) => name)).toEqual(["触点表现 本周", "触点表现 本周 2"]);
  const [sheet] = book.worksheets;
  const rows = sheet?.getSheetValues().slice(1) as unknown[][];
  expect(rows[0]?.slice(1)).toEqual(sheetOf(grid([])).head);
  expect(rows[1]?.slice(1)).toEqual(["甲", 1234, 0.25, 0.2, 0.3, undefined, 1.5, "样本少：回复率"]);
  expect(rows[2]?.slice(1)).toEqual(["乙", 1235, 0.25, 0.2, 0.3, -2.1, 1.5, "未定：回复率"]);
  expect([sheet?.getCell("C2").numFmt, sheet?.getCell("B2").numFmt]).toEqual(["0.0%", "#,##0"]);
});

const dangerous = ['=HYPERLINK("http://a")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=1\n+2", 'a",=b'];

test("nothing in a CSV begins like a formula, and every name comes back", async () => {
  const rows = parse(await csvOf(grid(dangerous)), { bom: true }) as string[][];
  const names = rows.slice(1).map(([name]) => name ?? "");
  for (const name of names) expect(name).not.toMatch(/^[=+\-@\t\r]/);
  expect(names.map((name) => name.replace(/^'/, ""))).toEqual(dangerous);
});

test("no cell of a workbook is a formula: texts are texts, whatever they begin with", async () => {
  const [sheet] = (await bookOf([grid(dangerous)])).worksheets;
  const cells = dangerous.map((_, at) => sheet?.getCell(at + 2, 1));
  expect(cells.map((cell) => cell?.type)).toEqual(dangerous.map(() => exceljs.ValueType.String));
  expect(cells.map((cell) => cell?.numFmt)).toEqual(dangerous.map(() => "@"));
  // Excel itself keeps no carriage return but as a line break
  const plain = (text: string) => text.replace(/\r\n?/g, "\n");
  expect(cells.map((cell) => plain(String(cell?.value)))).toEqual(dangerous.map(plain));
});

test("any text goes through a CSV unharmed and unrun", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 20 }), async (name) => {
      const rows = parse(await csvOf(grid([name])), { bom: true, relax_quotes: false }) as string[][];
      const [read = ""] = rows[1] ?? [];
      expect(read).not.toMatch(/^[=+\-@\t\r]/);
      expect([name, `'${name}`]).toContain(read);
    }),
  );
});

test("in another language what is ours is said, and names stay to the letter", async () => {
  const say = sentenceReader(
    new Map([
      ["触点", "Touchpoint"],
      ["合计", "Total"],
      ["本周", "this week"],
      ["{label}表现", "{label} figures"],
      ["看{day}", "see {day}"],
    ]),
  );
  const said = saidSheet(sheetOf(grid(["合计", "看本周", "看我家小店", "上海店"])), say);
  const lines: unknown[] = [];
  for await (const [name] of said.rows) lines.push(name?.value);
  expect([said.head[0], lines]).toEqual(["Touchpoint", ["Total", "see this week", "看我家小店", "上海店"]]);
  expect(saidName("触点表现-上海店-2026-03-01", say)).toBe("Touchpoint figures-上海店-2026-03-01");
});

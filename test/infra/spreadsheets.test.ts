// Tables in files: every encoding and form comes out as the same rows; what is no table is said in one sentence.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import exceljs from "exceljs";
import iconv from "iconv-lite";
import { createCsv, openSheet } from "../../src/infra/spreadsheets.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guidepost-sheets-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function file(content: string | Buffer, ending = ".csv"): string {
  const path = join(folder, `table-${++count}${ending}`);
  writeFileSync(path, content);
  return path;
}

async function read(path: string) {
  const sheet = await openSheet(path);
  const rows: { line: number; cells: string[] }[] = [];
  for await (const batch of sheet.batches) rows.push(...batch);
  return { heading: sheet.heading, rows, bytesRead: sheet.bytesRead(), bytes: sheet.bytes };
}

async function workbook(fill: (sheet: exceljs.Worksheet, book: exceljs.Workbook) => void, options = {}) {
  const book = new exceljs.Workbook();
  fill(book.addWorksheet("客户"), book);
  const path = file("", ".xlsx");
  await book.xlsx.writeFile(path, options);
  return path;
}

/** What we use of the zip library that exceljs brings. */
interface Zip {
  loadAsync(bytes: Buffer): Promise<Zip>;
  files: Record<string, { dir: boolean; async(type: "nodebuffer"): Promise<Buffer> }>;
  file(name: string, content: Buffer | string): void;
  generateAsync(options: { type: "nodebuffer" }): Promise<Buffer>;
}

/** The same workbook packed by another program: its parts in another order, its styles changed. */
async function repacked(path: string, from: string, to: string): Promise<string> {
  const Zip = createRequire(createRequire(import.meta.url).resolve("exceljs"))("jszip") as new () => Zip;
  const { files } = await new Zip().loadAsync(readFileSync(path));
  const other = new Zip();
  for (const name of Object.keys(files).sort((a, b) => rank(a) - rank(b))) {
    const content = (await files[name]?.async("nodebuffer")) ?? Buffer.alloc(0);
    if (files[name]?.dir) continue;
    if (name === "xl/styles.xml") expect(content.toString()).toContain(from);
    other.file(name, name === "xl/styles.xml" ? content.toString().replace(from, to) : content);
  }
  return file(await other.generateAsync({ type: "nodebuffer" }), ".xlsx");
}

const rank = (name: string) =>
  ["styles", "worksheets", "rels", "sharedStrings"].findIndex((part) => name.includes(part));

const text = "客户ID,姓名\nwm1,王女士\nwm2,李𠮷\n";
const rows = [
  { line: 2, cells: ["wm1", "王女士"] },
  { line: 3, cells: ["wm2", "李𠮷"] },
];

describe("csv", () => {
  test.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with its mark", Buffer.from(`\ufeff${text}`)],
    ["GB18030", iconv.encode(text, "gb18030")],
    ["Windows line ends", Buffer.from(text.replaceAll("\n", "\r\n"))],
    ["tabs", Buffer.from(text.replaceAll(",", "\t"))],
    ["semicolons", Buffer.from(text.replaceAll(",", ";"))],
    ["no line end at the end", Buffer.from(text.trimEnd())],
    ["everything quoted", Buffer.from(text.replace(/[^,\n]+/g, '"$&"'))],
  ])("%s", async (_name, bytes) => {
    const sheet = await read(file(bytes));
    expect(sheet.heading).toEqual(["客户ID", "姓名"]);
    expect(sheet.rows).toEqual(rows);
    expect(sheet.bytesRead).toBe(sheet.bytes);
  });

  test("GB18030 is found however late its first Chinese character stands", async () => {
    const ascii = Array.from({ length: 60_000 }, (_, n) => `wm${n},name ${n}`).join("\n");
    const sheet = await read(file(iconv.encode(`id,name\n${ascii}\nwmx,张三\n`, "gb18030")));
    expect(sheet.rows.at(-1)).toEqual({ line: 60_002, cells: ["wmx", "张三"] });
  });

  test("UTF-8 is whole across the pieces a file is read in", async () => {
    const long = Array.from({ length: 200_000 }, (_, n) => `wm${n},客户${n}`).join("\n");
    const sheet = await read(file(`id,name\n${long}`));
    expect(sheet.rows).toHaveLength(200_000);
    expect(sheet.rows.every(({ cells }, n) => cells[1] === `客户${n}`)).toBe(true);
  });

  test("one damaged character does not make UTF-8 another encoding", async () => {
    const bytes = Buffer.from("id,name\nwm1,王女士\nwm2,李女士很好\n");
    bytes[bytes.length - 3] = 0xff;
    const sheet = await read(file(bytes));
    expect(sheet.rows[0]?.cells[1]).toBe("王女士");
    expect(sheet.rows[1]?.cells[1]).toContain("\ufffd");
  });

  test("lines are those of the file, past blank lines and line ends inside quotes", async () => {
    const sheet = await read(file('a,b\n\n1,"x\ny\nz"\n\n\n2,"q""q"\n3,half "quoted" text\n'));
    expect(sheet.rows).toEqual([
      { line: 3, cells: ["1", "x\ny\nz"] },
      { line: 8, cells: ["2", 'q"q'] },
      { line: 9, cells: ["3", 'half "quoted" text'] },
    ]);
  });

  test.each([
    ["an empty file", "", /table-\d+\.csv is empty\.$/],
    ["blank lines only", "\n \n\n", /is empty\.$/],
    ["an open quote", `a,b\n1,"${"x,y\n".repeat(9)}`, /cannot be read from line 2 on: a quote/],
    ["an open quote in a large file", `a,b\n1,"${"x,y\n".repeat(400_000)}`, /from line 2 on: a quote/],
    ["bytes", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), /bytes that are no text/],
    ["a workbook by another name", Buffer.from("PK\u0003\u0004xxxx"), /but a ZIP or Excel file/],
    ["an old workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), /but an old Excel file/],
    ["UTF-16", Buffer.from("\ufeffa,b", "utf16le"), /but UTF-16 text/],
  ])("%s is refused", async (_name, content, message) => {
    await expect(read(file(content))).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(message),
    });
  });

  test("what is not there or no file is refused", async () => {
    await expect(openSheet(join(folder, "none.csv"))).rejects.toThrow("none.csv is not a file.");
    await expect(openSheet(folder)).rejects.toThrow("is not a file.");
  });
});

describe("xlsx", () => {
  test("cells become the text a CSV would have", async () => {
    const path = await workbook((sheet) => {
      sheet.addRow(["id", "phone", "born", "amount", "note", "last"]);
      sheet.addRow([
        "wm1",
        13800005678,
        new Date("2026-03-02T00:00:00Z"),
        0.1 + 0.2,
        { richText: [{ text: "你" }, { text: "好" }] },
      ]);
      sheet.addRow([]);
      sheet.addRow([
        { formula: '"wm"&2', result: "wm2" },
        "",
        new Date("2025-12-31T13:00:00Z"),
        268,
        true,
        "x",
      ]);
      sheet.addRow([{ text: "wm3", hyperlink: "https://example.com" }, { error: "#N/A" }]);
    });
    const sheet = await read(path);
    expect(sheet.heading).toEqual(["id", "phone", "born", "amount", "note", "last"]);
    expect(sheet.rows).toEqual([
      { line: 2, cells: ["wm1", "13800005678", "2026-03-02", "0.3", "你好", ""] },
      { line: 4, cells: ["wm2", "", "2025-12-31", "268", "true", "x"] },
      { line: 5, cells: ["wm3", "#N/A", "", "", "", ""] },
    ]);
  });

  test("a date is a date by whatever form its cell shows it, typed or worked out; an error is not nothing", async () => {
    const path = await workbook((sheet) => {
      sheet.addRow(["born", "due", "sum", "none", "looked up"]);
      const day = new Date("2026-03-02T00:00:00Z");
      for (const source of [{ formula: "TODAY()" }, { sharedFormula: "A2" }]) {
        const row = sheet.addRow([
          ...[{ ...source, result: 46_083 }, day, { formula: "1+1", result: 2 }],
          ...[
            { formula: "1-1", result: 0 },
            { formula: "NA()", result: { error: "#N/A" } },
          ],
        ]);
        row.getCell(1).numFmt = 'yyyy"年"m"月"d"日"';
        row.getCell(2).numFmt = "mm-dd-yy";
        row.getCell(3).numFmt = "0.00";
      }
    });
    const cells = ["2026-03-02", "2026-03-02", "2", "0", "#ERROR"];
    // 31 is the long date of a Chinese Excel; other programs put the rows before what they refer to
    for (const one of [path, await repacked(path, 'numFmtId="14"', 'numFmtId="31"')])
      expect((await read(one)).rows).toEqual([2, 3].map((line) => ({ line, cells })));
  });

  test("only the first sheet is read, that is the first one to be seen", async () => {
    const path = await workbook((sheet, book) => {
      sheet.state = "hidden";
      sheet.addRow(["lists"]);
      const seen = book.addWorksheet("seen");
      seen.addRow(["id"]);
      seen.addRow(["wm1"]);
      book.addWorksheet("other").addRow(["x"]);
    });
    expect((await read(path)).rows).toEqual([{ line: 2, cells: ["wm1"] }]);
  });

  test.each([true, false])(
    "characters are whole across the pieces a file is read in; shared: %s",
    async (shared) => {
      const path = file("", ".xlsx");
      const writer = new exceljs.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: shared });
      const sheet = writer.addWorksheet("a");
      const names = Array.from({ length: 20_000 }, (_, n) => `王女士的宝宝${"甲".repeat(n % 7)}${n}`);
      for (const name of ["姓名", ...names]) sheet.addRow([name]).commit();
      await writer.commit();
      const { rows: found, bytesRead, bytes } = await read(path);
      expect(found.map(({ cells }) => cells[0])).toEqual(names);
      expect(bytesRead).toBe(bytes);
    },
  );

  test("a workbook without shared strings, as other programs write them", async () => {
    const path = file("", ".xlsx");
    const writer = new exceljs.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: false });
    const sheet = writer.addWorksheet("a");
    for (const row of [["id", "name"], ...rows.map(({ cells }) => cells)]) sheet.addRow(row).commit();
    await writer.commit();
    expect((await read(path)).rows).toEqual(rows);
  });

  test("more than 200,000 rows are refused", async () => {
    const path = file("", ".xlsx");
    const writer = new exceljs.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: false });
    const sheet = writer.addWorksheet("a");
    for (let n = 0; n <= 200_001; n++) sheet.addRow([n]).commit();
    await writer.commit();
    await expect(read(path)).rejects.toThrow("has more than 200,000 rows; save it as CSV");
  });

  test("a damaged or other file is refused, not a crash", async () => {
    const path = await workbook((sheet) => {
      for (let n = 0; n < 5000; n++) sheet.addRow([n, `text ${n * 7919}`]);
    });
    const whole = readFileSync(path);
    for (const bytes of [whole.subarray(0, whole.length >> 1), Buffer.from("no workbook"), Buffer.alloc(0)])
      await expect(read(file(bytes, ".xlsx"))).rejects.toThrow("is not a workbook Excel can open");
  });
});

test("a CSV that was written comes back cell by cell", async () => {
  const path = join(folder, "written.csv");
  const cells = ["=1+1", 'a "quoted", cell', "two\nlines", " spaces ", "", "王女士", "+86", "\ttab"];
  const csv = createCsv(path);
  csv.write(["a", "b", "c", "d", "e", "f", "g", "h"]);
  for (let n = 0; n < 3000; n++) csv.write(cells);
  await expect(openSheet(path)).rejects.toThrow("is not a file");
  csv.close();
  const sheet = await read(path);
  expect(sheet.rows).toHaveLength(3000);
  expect(sheet.rows.every((row) => JSON.stringify(row.cells) === JSON.stringify(cells))).toBe(true);
  expect(readFileSync(path).subarray(0, 3)).toEqual(Buffer.from("\ufeff"));
});

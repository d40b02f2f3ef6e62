// A folder of tables comes in: good rows stay, bad ones are set aside with their place, the same again changes nothing.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import exceljs from "exceljs";
import iconv from "iconv-lite";
import { type ImportOptions, importDirectory } from "../../src/customers/import.js";
import { type Repeats, repeatsInto } from "../../src/customers/import-pieces.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { loadTree } from "../../src/org/queries.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { freshFolder, type TestFolder } from "../support/folders.js";

const today = "2026-11-22";
const stores = ["store_code,store_name,region,province", "S1,一店,华东,上海市", "S2,二店,华北,北京市"];
const guides = ["guide_userid,guide_name,store_code,joined_on", "g1,张三,S1,2020-01-01", "g2,李四,S2,"];
const customers = [
  "external_userid,name,guide_userid,joined_on,source,phone,birthday,tags,opted_out",
  "wm1,王女士,g1,2026-01-31,门店,13812345678,1992-02-29,a|b,0",
  "wm2,李女士,g2,2026-02-28,电商,,,,1",
];
const children = [
  "external_userid,child_no,name,born_on,due_on,sex",
  "wm1,1,小宝,2026-03-02,,男",
  "wm2,1,,,2027-01-05,",
];
const orders = [
  "order_no,external_userid,ordered_on,quantity,amount,status",
  "T1,wm1,2026-03-01,2,268.50,paid",
  "T2,wm1,2026-04-01,1,,",
  "T3,wm1,2026-05-01,1,100,refunded",
];
const all = {
  "stores.csv": stores,
  "guides.csv": guides,
  "customers.csv": customers,
  "children.csv": children,
  "orders.csv": orders,
};
const counts = ({
  new: fresh,
  changed,
  unchanged,
  refused,
}: Record<"new" | "changed" | "unchanged" | "refused", number>) =>
  [fresh, changed, unchanged, refused].join(" ");

test.each([
  ["near each other", ["a", "b", "a", "a"], { rows: 2, atLeast: false }],
  ["none", ["a", "b"], undefined],
  ["before more rows than are remembered", ["a", "a", ...Array(70_000).keys()], { rows: 1, atLeast: true }],
])("rows said again are counted: %s", (_what, keys, repeats) => {
  const result: { repeats?: Repeats } = {};
  const near = { lieBy: "id", keyOf: (row: { id?: unknown }) => `${row.id}`, dateOf: () => "" };
  const count = repeatsInto(result, near);
  for (const id of keys) count({ id });
  expect(result.repeats).toEqual(repeats);
});

describeOnEachDatabase("import", (db) => {
  const folders: TestFolder[] = [];
  const folder = (files: Record<string, readonly string[] | Buffer>) => {
    const made = freshFolder(files);
    folders.push(made);
    return made;
  };
  afterAll(() => {
    for (const one of folders) one.drop();
  });
  const run = (place: string, more: Partial<ImportOptions> = {}) =>
    importDirectory(place, {
      store: db(),
      secretKey: Buffer.alloc(32, 7),
      today,
      at: 0,
      trigger: false,
      ...more,
    });
  const anchors = (id: string) =>
    db().read.rows<{ said: string; quiet: string | null }>(
      `SELECT a.kind AS said, a.on_date AS onDate, a.cycle_on AS cycleOn, a.quiet_through AS quiet
       FROM anchor a JOIN customer c ON c.id = a.customer_id WHERE c.external_userid = ? ORDER BY a.kind`,
      [id],
    );
  const datesOf = async (id: string) =>
    Object.fromEntries((await anchors(id)).map((row) => [row.said, (row as { onDate?: string }).onDate]));

  test("everything comes in, with its anchors; the same again changes nothing and says so", async () => {
    const { path } = folder(all);
    const first = await run(path);
    expect(first.map((table) => `${table.table} ${counts(table)}`)).toEqual([
      ...["stores 2 0 0 0", "guides 2 0 0 0", "customers 2 0 0 0", "children 2 0 0 0", "orders 3 0 0 0"],
    ]);
    expect(await datesOf("wm1")).toEqual({
      ...{ joined: "2026-01-31", guide_assigned: "2026-01-31", customer_birthday: "1992-02-29" },
      ...{ child_born: "2026-03-02", first_order: "2026-03-01", last_order: "2026-04-01" },
    });
    expect(await datesOf("wm2")).toEqual({
      ...{ joined: "2026-02-28", guide_assigned: "2026-02-28", child_due: "2027-01-05" },
    });
    expect(new Set((await anchors("wm1")).map(({ quiet }) => quiet))).toEqual(new Set([today]));
    const tables = [
      "region",
      "store",
      "guide",
      "customer",
      "child",
      "contact",
      "customer_order",
      "customer_tag",
    ];
    const dump = () =>
      Promise.all(
        [...tables, "anchor", "anchor_mark", "data_fault"].map((name) =>
          db().read.rows(`SELECT * FROM ${name}`),
        ),
      );
    const before = await dump();
    const again = await run(path);
    expect(again.map(counts)).toEqual(["0 0 2 0", "0 0 2 0", "0 0 2 0", "0 0 2 0", "0 0 3 0"]);
    expect(await dump()).toEqual(before);
    expect((await loadTree(db().read)).levels).toEqual(["大区", "省份"]);
  });

  test("a phone is encrypted; tags, opting out and numbers are kept", async () => {
    const rows = await db().read.rows(
      "SELECT phone_cipher AS phone, opted_out AS out_ FROM customer ORDER BY id",
    );
    expect(rows).toEqual([
      { phone: expect.stringMatching(/^v1\./), out_: 0 },
      { phone: null, out_: 1 },
    ]);
    expect(await db().read.rows("SELECT name FROM customer_tag ORDER BY name")).toEqual([
      { name: "a" },
      { name: "b" },
    ]);
    const order = await db().read.row("SELECT quantity, amount FROM customer_order WHERE order_no = 'T1'");
    expect(order).toEqual({ quantity: 2, amount: 268.5 });
  });

  test("corrections move anchors and leave marks; what a file leaves out stays", async () => {
    const marks = async () => (await db().read.rows("SELECT id FROM anchor_mark")).length;
    const before = await marks();
    const { path } = folder({
      "customers.csv": ["external_userid,joined_on,name", "wm1,2026-01-30,"],
      "children.csv": ["external_userid,child_no,born_on", "wm2,1,2026-12-25"],
      "orders.csv": ["order_no,external_userid,ordered_on,status", "T2,wm1,2026-04-01,已退款"],
    });
    expect((await run(path)).map(counts)).toEqual(["0 1 0 0", "0 1 0 0", "0 1 0 0"]);
    expect(await datesOf("wm1")).toMatchObject({
      joined: "2026-01-30",
      guide_assigned: "2026-01-30",
      last_order: "2026-03-01",
    });
    // joined, guide_assigned, last_order; child_due ended. The new child_born is silent
    expect((await marks()) - before).toBe(4);
    expect(await datesOf("wm2")).toMatchObject({ child_due: null, child_born: "2026-12-25" });
    const name = await db().read.row("SELECT name FROM customer WHERE external_userid = 'wm1'");
    expect(name).toEqual({ name: "王女士" });
  });

  test("with triggering on, every new anchor is marked and none is quiet", async () => {
    const { path } = folder({
      "customers.csv": ["external_userid,guide_userid,joined_on", "wm3,g1,2026-11-20"],
    });
    await run(path, { trigger: true });
    expect((await anchors("wm3")).map(({ quiet }) => quiet)).toEqual([null, null]);
    const row = await db().read.row(
      "SELECT COUNT(*) AS n FROM anchor_mark m JOIN customer c ON c.id = m.customer_id WHERE c.external_userid = 'wm3'",
    );
    expect(row).toEqual({ n: 2 });
  });

  test("bad rows are set aside with file, line, column, value and what was expected; corrected they come in alone", async () => {
    const input = folder({
      "guides.csv": ["guide_userid,guide_name,store_code", "g8,王五,S404", "g9,赵六,S1"],
      "customers.csv": [
        "客户ID,姓名,导购账号,加入日期",
        "wm10,甲,g1,2026-01-01",
        "wm11,=乙,g404,2026-01-01",
        "wm12,丙,g1,2026-13-01",
        "wm13,丁",
        "wm14,戊,g9,2026-02-02",
      ],
      "children.csv": ["external_userid,child_no,born_on", "wm404,1,2026-01-01", "wm10,0,昨天"],
      "orders.csv": [
        "order_no,external_userid,ordered_on,quantity",
        "T10,wm10,2026-01-01,1.5",
        "T11,wm10,2026-01-02,10000",
      ],
    });
    const refused = join(input.path, "refused");
    const results = await run(input.path, { refusedDir: refused });
    expect(results.map(counts)).toEqual(["1 0 0 1", "2 0 0 3", "0 0 0 2", "1 0 0 1"]);
    expect(results.flatMap(({ faults }) => faults.map(sayFault))).toEqual([
      'guides.csv line 2 column 3, store_code "S404": expected the code of a store we know',
      'customers.csv line 3 column 3, guide_userid "g404": expected the userid of a guide we know',
      'customers.csv line 4 column 4, joined_on "2026-13-01": expected a date YYYY-MM-DD',
      "customers.csv line 5: expected 4 columns as in the heading, found 2",
      'children.csv line 2 column 1, external_userid "wm404": expected a customer we know',
      'children.csv line 3 column 2, child_no "0": expected a whole number from 1 to 20',
      'children.csv line 3 column 3, born_on "昨天": expected a date YYYY-MM-DD',
      'orders.csv line 2 column 4, quantity "1.5": expected a whole number from 0 to 1000000',
    ]);
    const aside = freshFolder();
    folders.push(aside);
    const rows = input.rows("refused/refused-customers.csv");
    expect(rows[0]).toEqual(["reason", "客户ID", "姓名", "导购账号", "加入日期"]);
    expect(rows.slice(1).map(([, ...cells]) => cells)).toEqual([
      ["wm11", "=乙", "g404", "2026-01-01"],
      ["wm12", "丙", "g1", "2026-13-01"],
      ["wm13", "丁"],
    ]);
    const mended = rows.map((row) =>
      row.map((cell) => cell.replace("g404", "g1").replace("2026-13-01", "2026-11-01")),
    );
    mended[3] = ["", "wm13", "丁", "g1", "2026-01-01"];
    aside.put(
      "refused-customers.csv",
      mended.map((row) => row.map((cell) => JSON.stringify(cell).replaceAll('\\"', '""')).join(",")),
    );
    expect((await run(aside.path)).map((table) => `${table.table} ${counts(table)}`)).toEqual([
      "customers 3 0 0 0",
    ]);
    const name = await db().read.row("SELECT name FROM customer WHERE external_userid = 'wm11'");
    expect(name).toEqual({ name: "=乙" });
  });

  test("refused rows lie beside the input unless told; corrected there, what is left is what is still wrong", async () => {
    const { path, rows } = folder({
      "customers.csv": ["external_userid,joined_on", "wm20,2026-02-30", "wm21,x", "wm22,2026-01-01"],
    });
    await run(path);
    rmSync(join(path, "customers.csv"));
    const file = join(path, "refused-customers.csv");
    folders
      .at(-1)
      ?.put("refused-customers.csv", [
        "reason,external_userid,joined_on",
        "old,wm20,2026-02-28",
        "old,wm21,x",
      ]);
    expect((await run(file)).map(counts)).toEqual(["1 0 0 1"]);
    expect(rows("refused-customers.csv").map(([, ...cells]) => cells)).toEqual([
      ["external_userid", "joined_on"],
      ["wm21", "x"],
    ]);
    folders.at(-1)?.put("refused-customers.csv", ["external_userid,joined_on", "wm21,2026-01-01"]);
    expect((await run(path)).map(counts)).toEqual(["1 0 0 0"]);
    expect(existsSync(file)).toBe(true);
  });

  test("refused rows of the last time go once nothing is refused", async () => {
    const one = folder({ "customers.csv": ["external_userid,joined_on", "wm30,x"] });
    await run(one.path);
    expect(existsSync(join(one.path, "refused-customers.csv"))).toBe(true);
    one.put("customers.csv", ["external_userid,joined_on", "wm30,2026-01-01"]);
    await run(one.path);
    expect(existsSync(join(one.path, "refused-customers.csv"))).toBe(false);
  });

  test("workbooks, GB18030 and Chinese file names are the same table", async () => {
    const made = folder({
      "客户.csv": iconv.encode("客户ID,姓名,导购账号,加入日期\nwm40,龘女士,g1,2026年3月2日\n", "gb18030"),
    });
    const book = new exceljs.Workbook();
    const sheet = book.addWorksheet("订单");
    sheet.addRow(["订单号", "客户ID", "下单日期", "数量", "金额", "品类", "子品类", "渠道", "状态"]);
    sheet.addRow(["T40", "wm40", new Date("2026-03-05"), 3, 99.9, "奶粉", "一段", "门店", "已付款"]);
    await book.xlsx.writeFile(join(made.path, "orders.xlsx"));
    expect((await run(made.path)).map(counts)).toEqual(["1 0 0 0", "1 0 0 0"]);
    expect(await datesOf("wm40")).toMatchObject({ joined: "2026-03-02", last_order: "2026-03-05" });
    const name = await db().read.row("SELECT name FROM customer WHERE external_userid = 'wm40'");
    expect(name).toEqual({ name: "龘女士" });
  });

  test.each<[string, Record<string, readonly string[] | Buffer>, RegExp]>([
    [
      "an empty folder",
      {},
      /holds none of the tables stores, guides, leaves, customers, children, orders, transfers as \.csv or \.xlsx\.$/,
    ],
    [
      "one table twice",
      { "customers.csv": customers, "客户.csv": customers },
      /holds (customers|客户)\.csv and (customers|客户)\.csv; keep one/,
    ],
    [
      "a picture",
      { "customers.csv": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]) },
      /^customers\.csv is not a table/,
    ],
    [
      "another table by this name",
      { "orders.csv": customers },
      /^orders\.csv is not a table of orders: its first line has no order_no/,
    ],
    ["no workbook", { "stores.xlsx": Buffer.from("x") }, /^stores\.xlsx is not a workbook/],
  ])("%s is refused in one sentence, before a row is written", async (_name, files, message) => {
    const before = await db().read.row("SELECT COUNT(*) AS n FROM customer");
    const { path } = folder({
      ...(Object.keys(files).length > 0 && !files["customers.csv"]
        ? { "customers.csv": ["external_userid", "wm99"] }
        : {}),
      ...files,
    });
    await expect(run(path)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(message),
    });
    expect(await db().read.row("SELECT COUNT(*) AS n FROM customer")).toEqual(before);
  });

  test("a folder that cannot take the refused rows is said", async () => {
    const { path } = folder({ "customers.csv": ["external_userid,joined_on", "wm50,x"] });
    await expect(run(path, { refusedDir: join(path, "customers.csv") })).rejects.toThrow(
      "name a folder with --refused",
    );
  });

  test("a place that is not there", async () => {
    await expect(run("/nowhere/at/all")).rejects.toThrow("/nowhere/at/all does not exist.");
  });

  test("an interrupted import is simply repeated: what was written stays, the rest follows", async () => {
    const rows = Array.from({ length: 9000 }, (_, n) => `wmi${n},g1,2026-0${1 + (n % 9)}-01`);
    const { path } = folder({ "customers.csv": ["external_userid,guide_userid,joined_on", ...rows] });
    const progress = ({ rows: done }: { rows: number }) => {
      if (done >= 2048) throw new Error("the power went off");
    };
    await expect(run(path, { progress })).rejects.toThrow("the power went off");
    const half = await db().read.row<{ n: number; anchors: number }>(
      `SELECT COUNT(*) AS n, (SELECT COUNT(*) FROM anchor a JOIN customer c ON c.id = a.customer_id
         WHERE c.external_userid LIKE 'wmi%') AS anchors FROM customer WHERE external_userid LIKE 'wmi%'`,
    );
    expect(half?.n).toBeGreaterThanOrEqual(2048);
    expect(half?.anchors).toBe(2 * (half?.n ?? 0));
    const [again] = await run(path);
    expect(again).toMatchObject({ rows: 9000, new: 9000 - (half?.n ?? 0), unchanged: half?.n, refused: 0 });
  });

  test("progress is told to the last byte", async () => {
    const { path } = folder({
      "customers.csv": ["external_userid", ...Array.from({ length: 1200 }, (_, n) => `wmp${n}`)],
    });
    const told: { rows: number; bytesDone: number; bytesTotal: number }[] = [];
    await run(path, { progress: (state) => told.push(state) });
    const rows = told.map((state) => state.rows);
    // two writers at once may end in another order
    expect(rows).toEqual([...rows].sort((one, other) => one - other));
    expect([rows.length, rows.at(-1)]).toEqual([3, 1200]);
    expect(told.at(-1)?.bytesDone).toBe(told.at(-1)?.bytesTotal);
  });

  test("a large file is sorted on the way: each row counts once, its place is told, of a doubled key the later one", async () => {
    const count = 24_000;
    const key = (n: number) => `wm${((n * 7919) % count).toString(36).padStart(4, "0")}L`;
    const long = "长".repeat(60);
    const { path } = folder({
      "customers.csv": [
        "external_userid,name,guide_userid,joined_on,source",
        ...Array.from({ length: count }, (_, n) => `${key(n)},${long},,2025-01-01,门店`),
        `${key(5)},改名了,,2025-01-01,门店`,
        `${key(6)},${long},,2025-02-30,门店`,
        `${key(7)},${long},gX,2025-01-01,门店`,
      ],
    });
    const told: { rows: number; bytesDone: number; bytesTotal: number }[] = [];
    const [table] = await run(path, { progress: (state) => told.push(state) });
    expect(table).toMatchObject({ rows: count + 3, new: count, changed: 1, unchanged: 0, refused: 2 });
    const places = (table?.faults ?? []).map(({ line, value }) => `${line} ${value}`);
    expect(places.sort()).toEqual([`${count + 3} 2025-02-30`, `${count + 4} gX`]);
    const names = await db().read.rows("SELECT name FROM customer WHERE external_userid = ?", [key(5)]);
    expect(names).toEqual([{ name: "改名了" }]);
    const done = told.map(({ bytesDone }) => bytesDone);
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(done.at(-1)).toBe(told.at(-1)?.bytesTotal);
    const [again] = await run(path);
    expect(again).toMatchObject({ new: 0, changed: 2, refused: 2 });
  });
});

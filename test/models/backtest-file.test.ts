// A file of orders, back-tested from the command line: the promised JSON, a line a customer, and clear words for what cannot be.
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { freshFolder, type TestFolder } from "../support/folders.js";
import { quietly, run } from "../support/program.js";
import { describeWith } from "./support.js";

let folder: TestFolder;
beforeEach(() => {
  folder = freshFolder();
});
afterEach(() => folder.drop());

const backtest = (file: string, more: string[] = [], span = ["1997-09-30", "1998-06-30"]) =>
  run(
    [
      "models",
      "backtest",
      "--orders",
      file,
      "--calibrate-until",
      span[0] ?? "",
      "--until",
      span[1] ?? "",
      ...more,
    ],
    quietly(folder.path),
  );

/** Orders of 150 customers over a year, of whom a third leave. */
function orders(): string[] {
  const random = seeded(11);
  return Array.from({ length: 150 }, (_, n) => {
    const lines: string[] = [];
    const last = n % 3 === 0 ? 120 : 360;
    for (let day = Math.floor(random() * 60); day < last; day += 12 + Math.floor(random() * 40))
      lines.push(`c${n},${addDays("2025-01-01", day)},1,268.00`);
    return lines;
  }).flat();
}

describeWith("cdnow", "of CDNOW", (path) => {
  test("agrees with what was published, customer by customer", async () => {
    const lines = readFileSync(path("CDNOW_sample.txt"), "utf8").trim().split(/\r?\n/);
    const rows = lines.map((line) => {
      const [, customer, day, count, amount] = line.trim().split(/\s+/);
      return [customer, day, count, amount].join();
    });
    const file = folder.put("orders.csv", ["external_userid,ordered_on,quantity,amount", ...rows]);
    const out = `${folder.path}/out.csv`;
    const { code, stdout: said, stderr: err } = await backtest(file, ["--json", "--customers", out]);
    expect([code, err]).toEqual([0, ""]);
    const told = JSON.parse(said);
    expect(Object.keys(told)).toEqual(["customers", "models", "holdout_actual", "served", "why"]);
    expect(told).toMatchObject({ customers: 2357, holdout_actual: 1882, served: "pareto_nbd" });
    for (const model of told.models)
      expect(Object.keys(model)).toEqual([
        ...["name", "parameters", "log_likelihood", "degenerate", "auc", "holdout_expected"],
      ]);
    const bg = told.models.find(({ name }: { name: string }) => name === "bg_nbd");
    expect(bg.degenerate).toBe(false);
    expect(bg.log_likelihood).toBeCloseTo(-9582.429, 2);
    expect(bg.parameters.r).toBeCloseTo(0.2426, 3);
    expect(bg.parameters.alpha).toBeCloseTo(4.4137, 2);
    const customers: Record<string, string>[] = parse(readFileSync(out), { bom: true, columns: true });
    expect(customers).toHaveLength(2357);
    const first = customers.find((row) => row.external_userid === "0001");
    expect(first).toMatchObject({ frequency: "2", recency: "30.4285714", age: "38.8571429" });
    expect(Number(first?.bg_nbd_expected)).toBeCloseTo(1.226, 3);
    expect(Number(first?.bg_nbd_alive)).toBeCloseTo(0.7266, 3);
    expect(Number(first?.pareto_nbd_expected)).toBeCloseTo(1.4552, 3);
    expect(Number(first?.pareto_nbd_alive)).toBeCloseTo(0.8691, 3);
  });
});

test("Chinese headings, several orders a day and refunds; rows that cannot be read are named and left out", async () => {
  const good = orders();
  const file = folder.put("订单.csv", [
    "客户ID,下单日期,数量,金额,状态",
    ...good.map((line) => `${line},已付款`),
    // the same purchases again, and some that were sent back
    ...good.slice(0, 100).map((line) => `${line},已付款`),
    ...Array.from({ length: 50 }, (_, n) => `c${n},2025-12-30,1,9.00,已退款`),
    "c1,2025-13-40,1,1.00,已付款",
    "c2,2025-02-01,many,1.00,已付款",
    ",2025-02-01,1,1.00,已付款",
  ]);
  const span = ["2025-10-01", "2025-12-31"];
  const { code, stdout: out, stderr: err } = await backtest(file, ["--json"], span);
  expect(code).toBe(0);
  const line = good.length + 1 + 150;
  expect(err).toContain(
    `订单.csv line ${line + 1} column 2, ordered_on "2025-13-40": expected a date YYYY-MM-DD`,
  );
  expect(err).toContain(`line ${line + 2} column 3, quantity "many": expected a whole number`);
  expect(err).toContain(`line ${line + 3} column 1, external_userid "": expected a value`);
  expect(err).toContain("3 行看不懂，没有计入。");
  const plain = folder.put("plain.csv", [
    "external_userid,ordered_on",
    ...good.map((one) => one.split(",").slice(0, 2).join()),
  ]);
  expect(JSON.parse((await backtest(plain, ["--json"], span)).stdout)).toEqual(JSON.parse(out));
});

test("a table for people names what is served, and why", async () => {
  const file = folder.put("orders.csv", ["external_userid,ordered_on,quantity,amount", ...orders()]);
  const { code, stdout: out } = await backtest(file, ["--unit", "day"], ["2025-10-01", "2025-12-31"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^150 位客户，检验期内实际又买了 \d+ 次\n/);
  expect(out).toMatch(/\n\* (recency|rhythm|bg_nbd|pareto_nbd|nbd) +AUC [01]\.\d{4}/);
  expect(out).toContain("只看多久没买的");
});

test.each<[string, string[], string[], string[]]>([
  ["no table", ["to whom it may concern"], ["2025-10-01", "2025-12-31"], ["is not a table of orders"]],
  ["no rows", ["external_userid,ordered_on"], ["2025-10-01", "2025-12-31"], ["没有客户买过"]],
  [
    "nobody by then, since the rows are wrong",
    ["external_userid,ordered_on", "a,soon"],
    ["2025-10-01", "2025-12-31"],
    ["没有客户买过", 'ordered_on "soon": expected a date'],
  ],
  [
    "the wrong way round",
    ["external_userid,ordered_on", "a,2025-01-01"],
    ["2025-12-31", "2025-12-31"],
    ["--calibrate-until 必须早于 --until", "expected a date before 2025-12-31"],
  ],
  [
    "no date",
    ["external_userid,ordered_on", "a,2025-01-01"],
    ["October", "2025-12-31"],
    ['--calibrate-until, "October"'],
  ],
])("%s ends it with 2 and one clear sentence", async (_what, lines, span, words) => {
  const { code, stdout: out, stderr: err } = await backtest(folder.put("orders.csv", lines), [], span);
  expect([code, out]).toEqual([2, ""]);
  for (const word of words) expect(err).toContain(word);
});

test("a file that is not there", async () => {
  const { code, stderr: err } = await backtest(`${folder.path}/nowhere.csv`);
  expect(code).toBe(2);
  expect(err).toContain("nowhere.csv is not a file.");
});

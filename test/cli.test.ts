// The command line as a newcomer uses it: results on stdout and nothing else, one clear sentence for what cannot be.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quietly, type Ran, run } from "./support/program.js";

let folder: string;
let brand: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guidepost-cli-"));
  brand = join(folder, "brand");
  mkdirSync(brand);
  const write = (name: string, lines: string[]) => writeFileSync(join(brand, name), `${lines.join("\n")}\n`);
  write("stores.csv", ["store_code,store_name,region,province", "S1,一号店,华东,上海市"]);
  write("guides.csv", ["guide_userid,guide_name,store_code", "lan,兰兰,S1"]);
  write("customers.csv", [
    "external_userid,name,guide_userid,joined_on,source",
    ...Array.from({ length: 40 }, (_, i) => `wm${i},客户${i},lan,2015-02-03,门店`),
    "wm90,客户90,nobody,2015-02-03,门店",
  ]);
  writeFileSync(
    join(folder, "care.yaml"),
    "key: care\nname: 关怀\ntouchpoints:\n  - key: day-3\n    name: 第3天\n    after: joined\n    days: 3\n    words: 您好\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const guidepost = (...args: string[]): Promise<Ran> => run(args, quietly(folder));

test("import, apply, plan, report: each says what it did, and nothing but that on stdout", async () => {
  const imported = await guidepost("import", brand);
  expect(imported.code).toBe(0);
  expect(imported.stdout).toContain("customers：新增 40，更新 0，未变 0，退回 1");
  expect(imported.stderr).toMatch(/customers\.csv line 42.*"nobody".*expected/s);
  const again = await guidepost("import", brand);
  expect(again.stdout).toContain("customers：新增 0，更新 0，未变 40，退回 1");

  const applied = await guidepost("journey", "apply", join(folder, "care.yaml"));
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining("已发布第 1 版")]);
  const same = await guidepost("journey", "apply", join(folder, "care.yaml"));
  expect(same.stdout).toBe("没有变化，仍是第 1 版。\n");

  const dry = await guidepost("plan", "--from", "2015-02-06", "--to", "2015-02-07", "--dry-run", "--json");
  const expected = { planned: 40, days: [{ on: "2015-02-06", touchpoint: "day-3", planned: 40 }] };
  expect(JSON.parse(dry.stdout)).toEqual(expected);
  const planned = await guidepost("plan", "--from", "2015-02-06", "--to", "2015-02-07", "--json");
  expect(JSON.parse(planned.stdout)).toEqual(expected);
  const twice = await guidepost("plan", "--from", "2015-02-06", "--to", "2015-02-07", "--json");
  expect(JSON.parse(twice.stdout)).toEqual({ planned: 0, days: [] });

  const span = ["--from", "2015-02-01", "--to", "2015-02-28"];
  const report = await guidepost("report", ...span, "--json", "--within", "华东");
  expect(JSON.parse(report.stdout)).toMatchObject({ total: { issued: 0 }, path: [{ name: "华东" }] });
  expect((await guidepost("report", ...span, "--csv")).stdout).toMatch(/^\ufeff大区,下发/);
  expect((await guidepost("rebuild")).code).toBe(0);
});

test.each([
  ["import of what is no table", () => ["import", join(folder, "care.yaml")]],
  ["import of nothing", () => ["import", join(folder, "nowhere")]],
  ["a day that is none", () => ["plan", "--from", "2015-02-30", "--to", "2015-03-01"]],
  [
    "a place that is none",
    () => ["report", "--from", "2015-01-01", "--to", "2015-01-02", "--within", "火星"],
  ],
  ["a journey that is none", () => ["journey", "apply", join(folder, "brand", "stores.csv")]],
  ["a command that is none", () => ["dance"]],
])(
  "%s ends with 2, a sentence and no stack",
  async (_name, args) => {
    const { code, stdout, stderr } = await guidepost(...args());
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trim().length).toBeGreaterThan(10);
    expect(stderr).not.toMatch(/\n\s+at /);
  },
  20_000,
);

test("a draft is kept, counted, published with a yes; journeys are paused and listed", async () => {
  const file = join(folder, "turn.yaml");
  const care = (words: string) =>
    `key: turn\nname: 转\ntouchpoints:\n  - { key: a, name: 甲, after: joined, days: 3, words: ${words} }\n`;
  writeFileSync(file, care("早"));
  const drafted = await guidepost("journey", "draft", file);
  expect(drafted.stdout).toMatch(/turn 的草稿已保存。\nre-rendered 0, moved 0, cancelled 0, new 0\n/);
  expect((await guidepost("journey", "publish", "turn")).stdout).toContain("已发布第 1 版");
  writeFileSync(file, care("晚"));
  await guidepost("journey", "draft", file);
  const unsaid = await guidepost("journey", "publish", "turn");
  expect([unsaid.code, unsaid.stdout]).toEqual([2, ""]);
  expect(unsaid.stderr).toMatch(/re-rendered 0, moved 0, cancelled 0, new 0.*--yes/s);
  expect((await guidepost("journey", "publish", "turn", "--yes")).stdout).toContain("已发布第 2 版");
  expect((await guidepost("journey", "resume", "turn")).stdout).toContain("没有暂停，正在运行");
  expect((await guidepost("journey", "pause", "turn")).stdout).toContain("已暂停");
  expect((await guidepost("journey", "pause", "turn")).stdout).toContain("早已暂停");
  const { journeys } = JSON.parse((await guidepost("journey", "list", "--json")).stdout);
  expect(journeys.find(({ key }: { key: string }) => key === "turn")).toMatchObject({
    state: "paused",
    version: 2,
  });
  expect((await guidepost("journey", "show", "turn")).stdout).toContain("words: 晚");
  const faults = JSON.parse((await guidepost("faults", "--json")).stdout);
  expect(faults).toEqual({ counts: [], faults: [] });
}, 60_000);

test("a customer's timeline speaks without journeys, and says once what many touchpoints lack", async () => {
  const apart = mkdtempSync(join(tmpdir(), "guidepost-cli-"));
  const there = (...args: string[]) => run(args, quietly(apart));
  const file = join(apart, "baby.yaml");
  const month = (n: number) =>
    `  - { key: m${n}, name: 满${n}月, after: child_born, months: ${n}, words: 好 }\n`;
  writeFileSync(file, `key: baby\nname: 宝宝\ntouchpoints:\n${[1, 2, 3].map(month).join("")}`);
  await there("import", brand);
  expect((await there("explain", "wm0")).stdout).toContain(
    "现在没有运行中的旅程，也从没给这位客户生成过任务",
  );
  await there("journey", "apply", file);
  expect((await there("explain", "wm0")).stdout).toContain(
    "「满1月」等 3 个触点：还不知道宝宝的出生日期。\n",
  );
  rmSync(apart, { recursive: true, force: true });
}, 60_000);

test("a rule or a one-off that names nobody's region says so", async () => {
  const counted = await guidepost("audience", "count", "--rule", '{"region":"华冬"}');
  expect(counted.stderr).toContain("没有叫“华冬”的区域");
  const both = await guidepost("audience", "count", "--rule", "{}", join(folder, "care.yaml"));
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("只能给一个")]);
  const file = join(folder, "call.yaml");
  writeFileSync(file, "key: call\nname: 回访\naudience: { store: S9 }\nuntil: 2999-01-01\nsend: hand\n");
  const late = await guidepost("oneoff", "create", file);
  expect([late.code, late.stderr]).toEqual([2, expect.stringMatching(/有错，没有采用.*line 4/s)]);
}, 60_000);

test("a day leaves the calendar by its kind, a festival by its name and year", async () => {
  await guidepost("calendar", "set", "2026-05-22", "--kind", "named", "--name", "会员日");
  const bare = await guidepost("calendar", "remove", "2026-05-22");
  expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining("请加 --kind")]);
  expect((await guidepost("calendar", "remove", "会员日", "--year", "2026")).stdout).toBe("已去掉。\n");
}, 60_000);

test("keys and accounts are made on the command line and shown once", async () => {
  const key = await guidepost("key", "add", "crm");
  expect(key.stdout).toMatch(/^gpk_\S{20,}\n$/);
  expect((await guidepost("key", "list")).stdout).toContain("crm");
  const account = await guidepost("account", "add", "east", "--role", "manager", "--at", "华东");
  expect(account.stdout).toMatch(/^账号 east 已建立，密码 \S{14}\n$/);
  expect((await guidepost("account", "disable", "east")).stdout).toBe("账号 east 已停用。\n");
  expect((await guidepost("account", "list", "eas")).stdout).toMatch(
    /^east\teast\tmanager\tregion:\d+\t已停用\n$/,
  );
  expect((await guidepost("account", "disable", "nobody")).code).toBe(2);
  expect((await guidepost("account", "add", "west", "--role", "manager")).code).toBe(2);
});

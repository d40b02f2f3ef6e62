// The brand's calendar: filled in from libraries, edited by HQ, and loud about what it does not know.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { loadNamedDays, quietDays } from "../../src/org/calendar-queries.js";
import { loadSeeds } from "../../src/org/calendar-seeds.js";
import { type CalendarService, calendarService } from "../../src/org/calendar-service.js";
import { readCalendarFile, readCalendarRows } from "../../src/org/calendar-table.js";
import { describeOnEachDatabase } from "../support/databases.js";

const seeds = loadSeeds();

describe("the seeds", () => {
  it.each([
    [2026, "春节", "2026-02-17"],
    [2026, "除夕", "2026-02-16"],
    [2024, "除夕", "2024-02-09"],
    [2026, "小年", "2026-02-10"],
    [2026, "元宵节", "2026-03-03"],
    [2026, "端午节", "2026-06-19"],
    [2025, "七夕", "2025-08-29"],
    [2026, "中秋节", "2026-09-25"],
    [2026, "清明", "2026-04-05"],
    [2026, "立春", "2026-02-04"],
    [2026, "冬至", "2026-12-22"],
    [2027, "春节", "2027-02-06"],
    [2030, "中秋节", "2030-09-12"],
    [2026, "母亲节", "2026-05-10"],
    [2026, "618", "2026-06-18"],
    [2026, "双11", "2026-11-11"],
  ])("%i: %s is %s", (year, name, on) => {
    expect(seeds.proposed(year)).toContainEqual({ on, kind: "named", name, year });
  });

  it("name each day once a year, by any name it is known by", () => {
    const names = seeds.proposed(2026).flatMap(({ kind, name }) => (kind === "named" ? [name] : []));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(45);
    for (const [also, name] of [
      ["双十一", "双11"],
      ["三八节", "女神节"],
      ["中秋", "中秋节"],
      ["清明节", "清明"],
    ])
      expect(seeds.names.get(also ?? "")).toBe(name);
  });

  it("know no statutory days of a year nobody has announced", () => {
    expect(seeds.statutory(2099)).toEqual([]);
    expect(seeds.statutory(2026).filter(({ kind }) => kind === "off").length).toBeGreaterThan(30);
  });

  const list = join(projectRoot, "../shared/data/cn-calendar/cn_days_2020_2026.csv");
  const withList = existsSync(list) ? it : it.skip;
  withList(
    "agree with a list of all statutory days of 2020 to 2026 (skipped where the list is not at hand)",
    () => {
      const listed = readFileSync(list, "utf8").trim().split("\n").slice(1);
      const known = [2020, 2021, 2022, 2023, 2024, 2025, 2026]
        .flatMap((year) => seeds.statutory(year))
        .map(({ on, kind, name }) => `${on},${kind},${name}`);
      expect(known.sort()).toEqual(listed.sort());
    },
  );
});

describeOnEachDatabase("the calendar", (store) => {
  let calendar: CalendarService;
  beforeEach(async () => {
    await store().write(async (sql) => {
      for (const table of ["calendar_day", "calendar_name", "calendar_year", "calendar_mark"])
        await sql.run(`DELETE FROM ${table}`);
    });
    calendar = calendarService({ store: store(), seeds });
  });
  const marks = () =>
    store().read.rows<{ name: string; year: number }>("SELECT name, year FROM calendar_mark");
  const clearMarks = () => store().write((sql) => sql.run("DELETE FROM calendar_mark"));

  it("fills the years around a day once, and leaves alone what was taken out by hand", async () => {
    await calendar.ensure("2026-11-22");
    expect((await calendar.year(2026)).days).toContainEqual({
      ...{ on: "2026-12-13", kind: "quiet", name: "国家公祭日", year: 2026 },
    });
    await calendar.remove({ kind: "quiet", on: "2026-12-13" });
    await calendar.remove({ kind: "named", name: "双十一", year: 2026 });
    await calendar.ensure("2026-11-22");
    expect(await quietDays(store().read, "2026-12-01", "2026-12-31")).toEqual([]);
    expect((await loadNamedDays(store().read)).get("双11")).toEqual(
      new Map([
        [2025, "2025-11-11"],
        [2027, "2027-11-11"],
      ]),
    );
    // asked for by name it fills up again, but for named days taken out
    expect(await calendar.seed(2026)).toBe(1);
    expect((await loadNamedDays(store().read)).get("双11")?.has(2026)).toBe(false);
  });

  it("warns of the year without statutory days, from 1 December on of the next, and never takes it for working days", async () => {
    await calendar.ensure("2026-11-22");
    expect(await calendar.warnings("2026-11-30")).toEqual([]);
    expect(await calendar.warnings("2026-12-01")).toEqual([expect.stringContaining("2027 年")]);
    expect(await calendar.year(2027)).toMatchObject({
      statutory: "none",
      warnings: [expect.stringContaining("2027")],
    });
    expect(await calendar.workOn("2027-01-06")).toBe("unknown");
    expect(await calendar.workOn("2026-10-01")).toBe("off");
    expect(await calendar.workOn("2026-10-10")).toBe("work");
    expect(await calendar.workOn("2026-11-23")).toBe("work");
    expect(await calendar.workOn("2026-11-21")).toBe("off");
    const days = Array.from({ length: 11 }, (_, at) => ({
      ...{ on: `2027-10-${String(at + 1).padStart(2, "0")}`, kind: "off" as const, name: "国庆节" },
    }));
    await calendar.set(days.slice(0, 3));
    expect(await calendar.warnings("2026-12-01")).toEqual([expect.stringContaining("只有 3 天")]);
    expect(await calendar.workOn("2027-01-06")).toBe("unknown");
    await calendar.set(days);
    expect(await calendar.warnings("2026-12-01")).toEqual([]);
    expect(await calendar.workOn("2027-01-06")).toBe("work");
  });

  it("is edited: a day is off or worked, a name has one date a year, and another date leaves a mark", async () => {
    await calendar.set([{ on: "2027-02-06", kind: "off", name: "春节" }]);
    expect(await calendar.set([{ on: "2027-02-06", kind: "off", name: "春节" }])).toBe(0);
    expect(await calendar.set([{ on: "2027-02-06", kind: "work" }])).toBe(1);
    expect((await calendar.year(2027)).days).toEqual([
      { on: "2027-02-06", kind: "work", name: "调休上班", year: 2027 },
    ]);
    await calendar.set([{ on: "2027-05-20", kind: "named", name: "会员日" }]);
    expect(await marks()).toEqual([{ name: "会员日", year: 2027 }]);
    await clearMarks();
    expect(await calendar.set([{ on: "2027-05-20", kind: "named", name: "会员日" }])).toBe(0);
    expect(await marks()).toEqual([]);
    await calendar.set([{ on: "2027-05-22", kind: "named", name: "会员日" }]);
    expect(await marks()).toEqual([{ name: "会员日", year: 2027 }]);
    expect((await calendar.names()).get("会员日")).toBe("会员日");
    await calendar.remove({ kind: "named", name: "会员日", year: 2027 });
    expect(await marks()).toHaveLength(2);
    await expect(calendar.remove({ kind: "named", name: "会员日", year: 2027 })).rejects.toThrow(Refusal);
    await expect(calendar.remove({ kind: "quiet", on: "2027-05-22" })).rejects.toThrow(Refusal);
    const faraway = calendar.set([{ on: "2027-05-22", kind: "named", name: "会员日", year: 2025 }]);
    await expect(faraway).rejects.toMatchObject({
      faults: [
        {
          where: "calendar",
          line: 1,
          field: "year",
          value: "2025",
          expected: expect.stringContaining("2026"),
        },
      ],
    });
  });

  it("takes a file whole, or refuses it with every fault", async () => {
    const folder = mkdtempSync(join(tmpdir(), "calendar-"));
    try {
      const good = join(folder, "good.csv");
      writeFileSync(
        good,
        "日期,类型,名称,年份\n2027/1/1,放假,元旦,\n2027-01-03,班,,\n2026-12-31,节日,跨年夜,2027\n",
      );
      expect(await calendar.set(await readCalendarFile(good))).toBe(3);
      expect((await calendar.year(2027)).days).toEqual([
        { on: "2026-12-31", kind: "named", name: "跨年夜", year: 2027 },
        { on: "2027-01-01", kind: "off", name: "元旦", year: 2027 },
        { on: "2027-01-03", kind: "work", name: "调休上班", year: 2027 },
      ]);
      const bad = join(folder, "bad.csv");
      writeFileSync(bad, "date,kind,name\n2027-02-30,off,\n2027-02-01,holiday,春节\n");
      const refused = await readCalendarFile(bad).catch((error: Refusal) => error);
      expect((refused as Refusal).faults).toEqual([
        {
          where: "bad.csv",
          line: 2,
          column: 1,
          field: "date",
          value: "2027-02-30",
          expected: "a date YYYY-MM-DD",
        },
        {
          where: "bad.csv",
          line: 3,
          column: 2,
          field: "kind",
          value: "holiday",
          expected: "off or work or quiet or named",
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [[{ date: "2027-01-01", kind: "named" }], "name"],
    [[{ date: "2027-01-01", kind: "named", name: "06-18" }], "name"],
    [[{ date: "2027-01-01", kind: "named", name: "x".repeat(41) }], "name"],
    [[{ date: "soon", kind: "off" }], "date"],
    [[{ kind: "off" }], "date"],
  ])("refuses rows %j", async (rows, field) => {
    const error = await Promise.resolve()
      .then(() => calendar.set(readCalendarRows(rows)))
      .catch((refusal: Refusal) => refusal);
    expect((error as Refusal).faults.map((fault) => fault.field)).toEqual([field]);
  });
});

// guidepost calendar: a year of the brand's calendar, shown, filled in and edited.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { isShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { DAY_KIND_NAMES, DAY_KINDS, type DayKind } from "../org/calendar-rules.js";
import type { EntryKey } from "../org/calendar-service.js";
import { readCalendarFile } from "../org/calendar-table.js";
import type { Services } from "../wire.js";
import { atTerminal, day, print, tell, withServices } from "./open.js";

interface DayOptions {
  kind: DayKind;
  name?: string;
  year?: number;
}

/** Adds the commands on the calendar. */
export function addCalendarCommands(program: Command): void {
  const calendar = program.command("calendar").description("日历：节假日、调休、节日名称、静默日");
  addYearCommands(calendar);
  addDayCommands(calendar);
}

function addYearCommands(calendar: Command): void {
  calendar
    .command("list [year]")
    .description("一年的日历；默认今年")
    .option("--json", "JSON")
    .action((given: string | undefined, { json = false }: { json?: boolean }) =>
      withCalendar((services) => list(services, given ? yearOf(given) : thisYear(services), json)),
    );
  calendar
    .command("seed <year>")
    .description("补齐一年：节日、节气和静默日，以及已公布的法定节假日；已有的不动")
    .action((given: string) =>
      withCalendar(async ({ calendar: service, world }) => {
        const year = yearOf(given);
        print(`${year} 年新增 ${await service.seed(year, atTerminal(world))} 天。`);
      }),
    );
  calendar
    .command("import <file>")
    .description("导入 .csv 或 .xlsx：date, kind, name（日期、类型、名称）")
    .action((file: string) =>
      withCalendar(async ({ calendar: service, world }) => {
        const rows = await readCalendarFile(resolve(file));
        print(`${await service.set(rows, atTerminal(world))} 天有变化。`);
      }),
    );
}

function addDayCommands(calendar: Command): void {
  const kind = () =>
    new Option("--kind <kind>", "off 放假、work 调休上班、quiet 静默、named 节日").choices([...DAY_KINDS]);
  calendar
    .command("set <day>")
    .description("设定一天；节日换了日期，已生成的任务随之改期")
    .addOption(kind().makeOptionMandatory())
    .option("--name <name>", "名称；节日必填")
    .option("--year <year>", "节日所属的年份；默认日期所在的年份", yearOf)
    .action((on: string, { kind: of, name, year }: DayOptions) =>
      withCalendar(async ({ calendar: service, world }) => {
        const said = [{ on: day(on), kind: of, name, year }];
        print((await service.set(said, atTerminal(world))) > 0 ? "已设定。" : "没有变化。");
      }),
    );
  calendar
    .command("remove <what>")
    .description("去掉一天：日期（加 --kind），或节日的名称（加 --year）")
    .addOption(kind())
    .option("--year <year>", "节日所属的年份", yearOf)
    .action((what: string, options: Partial<DayOptions>) =>
      withCalendar(async ({ calendar: service, world }) => {
        await service.remove(keyOf(what, options), atTerminal(world));
        print("已去掉。");
      }),
    );
}

/** The calendar as every command finds it: filled in, and what it lacks told. */
async function withCalendar(work: (services: Services) => Promise<void>): Promise<void> {
  await withServices(async (services) => {
    const { calendar, world, config } = services;
    const today = shopDayOf(world.now(), config.zone);
    await calendar.ensure(today);
    await work(services);
    for (const warning of await calendar.warnings(today)) tell(warning);
  });
}

async function list({ calendar }: Services, year: number, json: boolean): Promise<void> {
  const view = await calendar.year(year);
  if (json) {
    print(JSON.stringify(view));
    return;
  }
  const lines = view.days.map(({ on, kind, name }) => `${on}  ${DAY_KIND_NAMES[kind]}  ${name}`);
  print([...lines, ...view.warnings].join("\n"));
}

function keyOf(what: string, { kind, year }: Partial<DayOptions>): EntryKey {
  if (kind === undefined && isShopDay(what))
    throw new Refusal("invalid", "去掉这一天的什么？请加 --kind off、work 或 quiet；节日请给名称和 --year。");
  if (kind !== undefined && kind !== "named") return { kind, on: day(what) };
  if (year === undefined) throw new Refusal("invalid", "去掉节日请加 --year。");
  return { kind: "named", name: what, year };
}

function thisYear({ world, config }: Services): number {
  return Number(shopDayOf(world.now(), config.zone).slice(0, 4));
}

function yearOf(text: string): number {
  if (/^20\d\d$/.test(text)) return Number(text);
  throw new Refusal("invalid", "年份不对。", [
    { where: "year", value: text, expected: "a year 2000 to 2099" },
  ]);
}

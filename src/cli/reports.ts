// guidepost report, rebuild.
import { Argument, type Command, Option } from "commander";
import { rebuildFigures } from "../customers/figures.js";
import { shopDayOf } from "../kernel/calendar.js";
import { reportCsv } from "../reports/csv.js";
import { rebuild, refreshMarked } from "../reports/refresh.js";
import type { ReportBy } from "../reports/report.js";
import { reportText, waysText } from "../reports/text.js";
import { COMMAND_LINE, print, tell, withServices } from "./open.js";

interface ReportOptions {
  from: string;
  to: string;
  by: ReportBy;
  within?: string;
  json?: boolean;
  csv?: boolean;
}

/** Adds the commands on figures. */
export function addReportCommands(program: Command): void {
  program
    .command("report")
    .description("完成率与回复率，按大区、区域、门店、导购、触点、话术版本、发送方式或日期")
    .requiredOption("--from <day>", "第一天 YYYY-MM-DD")
    .requiredOption("--to <day>", "最后一天 YYYY-MM-DD")
    .addOption(
      new Option("--by <level>", "按什么分行")
        .choices(["region", "area", "store", "guide", "touchpoint", "variant", "way", "day", "below"])
        .default("region"),
    )
    .option("--within <node>", "只看这里：华东、华东/上海市、门店编码、导购账号")
    .addOption(new Option("--json", "JSON").conflicts("csv"))
    .option("--csv", "CSV")
    .action((options: ReportOptions) => report(options));

  program
    .command("rebuild")
    .description("从任务和消息重新计算所有汇总；结果应与原来逐行相同。phones：重新计算查找手机号用的索引")
    .addArgument(
      new Argument("[what]", "figures 或 phones").choices(["figures", "phones"]).default("figures"),
    )
    .action((what: string) =>
      withServices(async ({ store, world, config, fillPhones }) => {
        if (what === "phones") {
          const { filled, unreadable } = await fillPhones(true);
          print(
            `${filled} 个手机号可以搜索${unreadable > 0 ? `，${unreadable} 个用现在的密钥读不出来` : ""}。`,
          );
          return;
        }
        const done = await rebuild({ store, zone: config.zone }, (left) => {
          if (process.stderr.isTTY) process.stderr.write(`\r还有 ${left} 天 `);
        });
        tell("");
        const buyers = await rebuildFigures(store, shopDayOf(world.now(), config.zone));
        print(`重新计算了 ${done} 个导购日，${buyers} 位客户的订单汇总。`);
      }),
    );
}

async function report(options: ReportOptions): Promise<void> {
  await withServices(async ({ store, config, reports }) => {
    await refreshMarked({ store, zone: config.zone });
    const { from, to, by, within } = options;
    const figures = await reports.report(COMMAND_LINE, { from, to, by, ...(within ? { within } : {}) });
    if (options.json) print(JSON.stringify(figures, null, 2));
    else if (options.csv) print(reportCsv(figures));
    else print(by === "way" ? `${reportText(figures)}\n${waysText(figures)}` : reportText(figures));
  });
}

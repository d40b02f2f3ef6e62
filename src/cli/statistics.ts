// guidepost statistics.
import { type Command, Option } from "commander";
import type { BehaviourBy } from "../reports/behaviour/service.js";
import { behaviourText } from "../reports/behaviour/words.js";
import { COMMAND_LINE, print, tell, withServices } from "./open.js";

interface StatisticsOptions {
  from: string;
  to: string;
  by: BehaviourBy;
  within?: string;
  read?: boolean;
  json?: boolean;
}

/** Adds the command on WeCom's own figures. */
export function addStatisticsCommand(program: Command): void {
  program
    .command("statistics")
    .description("企业微信自己的导购统计（不是触达的回复率），与 report 的数字分开")
    .requiredOption("--from <day>", "第一天 YYYY-MM-DD")
    .requiredOption("--to <day>", "最后一天 YYYY-MM-DD")
    .addOption(
      new Option("--by <level>", "按什么分行").choices(["below", "store", "guide", "day"]).default("below"),
    )
    .option("--within <node>", "只看这里：华东、华东/上海市、门店编码、导购账号")
    .option("--read", "先向企业微信读取还没有的日子")
    .option("--json", "JSON")
    .action((options: StatisticsOptions) => statistics(options));
}

async function statistics({ from, to, by, within, read, json }: StatisticsOptions): Promise<void> {
  await withServices(async ({ behaviour, readBehaviour }) => {
    if (read) {
      const done = await readBehaviour();
      tell(done ? `读取 ${done.guides} 位导购 ${done.days} 天，失败 ${done.failed}` : "这个渠道没有统计。");
    }
    const figures = await behaviour.behaviour(COMMAND_LINE, { from, to, by, ...(within ? { within } : {}) });
    print(json ? JSON.stringify(figures, null, 2) : behaviourText(figures));
  });
}

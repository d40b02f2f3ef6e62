// guidepost journey apply, plan.
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { addDraftCommands } from "./drafts.js";
import { day, print, withServices } from "./open.js";
import { type PublishOptions, publishSeen } from "./publishing.js";

/** Adds the commands on journeys and planning. */
export function addJourneyCommands(program: Command): void {
  const journey = program.command("journey").description("旅程：发布、草稿、暂停、归档");
  journey
    .command("apply <file>")
    .description("校验并发布一个旅程文件；内容没有变化就什么也不发布")
    .option("--yes", "确认改动正在运行的旅程")
    .option("--also-inside-grace", "新的和改动的触点，宽限期内已到期的也生成；默认只从今天开始")
    .action((file: string, options: PublishOptions) => apply(file, options));
  addDraftCommands(journey);

  program
    .command("plan")
    .description("按日期生成任务；重复运行不会多出任务")
    .requiredOption("--from <day>", "第一天 YYYY-MM-DD", day)
    .requiredOption("--to <day>", "最后一天 YYYY-MM-DD", day)
    .option("--dry-run", "只计数，不写入")
    .option("--json", "JSON")
    .action((options: PlanOptions) => plan(options));
}

interface PlanOptions {
  from: ShopDay;
  to: ShopDay;
  dryRun?: boolean;
  json?: boolean;
}

async function apply(file: string, options: PublishOptions): Promise<void> {
  await withServices(async ({ applyJourney, previewJourney }) => {
    const path = resolve(file);
    await publishSeen(options, {
      preview: (insideGrace) => previewJourney(path, insideGrace),
      publish: (how) => applyJourney(path, how),
    });
  });
}

async function plan({ from, to, dryRun = false, json = false }: PlanOptions): Promise<void> {
  if (from > to) throw new Refusal("invalid", "--from 不能晚于 --to。");
  await withServices(async ({ planByHand }) => {
    const { planned, days } = await planByHand({ from, to, dryRun });
    if (json) {
      print(JSON.stringify({ planned, days }));
      return;
    }
    const lines = days.map(({ on, touchpoint, planned: count }) => `${on}  ${touchpoint}  ${count}`);
    print([...lines, `${dryRun ? "将生成" : "生成"} ${planned} 个任务。`].join("\n"));
  });
}

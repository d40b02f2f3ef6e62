// guidepost forecast.
import { resolve } from "node:path";
import type { Command } from "commander";
import { journeySource } from "../journeys/folder.js";
import { Refusal } from "../kernel/refusals.js";
import { forecastText } from "../tasks/forecast/text.js";
import { day, print, withServices } from "./open.js";

/** Adds the command that looks ahead. */
export function addForecastCommand(program: Command): void {
  program
    .command("forecast")
    .description("预测今后几天：每天、每个触点、每个大区下发多少，谁超负荷，缺哪些资料；什么也不写入")
    .requiredOption("--days <n>", "几天，1 到 60", wholeNumber)
    .option("--from <day>", "第一天 YYYY-MM-DD；默认今天", day)
    .option("--without-caps", "只数到期的任务，不看次数上限，快很多")
    .option("--draft <file>", "还没有发布的旅程文件：它会带来什么，与现在相比差多少")
    .option("--json", "JSON")
    .action((options: ForecastOptions) => forecast(options));
}

interface ForecastOptions {
  days: number;
  from?: string;
  withoutCaps?: boolean;
  draft?: string;
  json?: boolean;
}

async function forecast({ draft: file, json, ...ask }: ForecastOptions): Promise<void> {
  await withServices(async ({ forecasts, drafts }) => {
    const draft = file === undefined ? undefined : await drafts.readFile(journeySource(resolve(file)));
    const told = await forecasts.forecast({ ...ask, draft }, (done, of) => {
      if (process.stderr.isTTY || done % 10 === 0 || done === of)
        process.stderr.write(
          `${process.stderr.isTTY ? "\r" : ""}${done}/${of} 天${process.stderr.isTTY ? "" : "\n"}`,
        );
    });
    if (process.stderr.isTTY) process.stderr.write("\n");
    print(json ? JSON.stringify(told) : forecastText(told));
  });
}

function wholeNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new Refusal("invalid", "天数不对。", [{ where: "--days", value: text, expected: "1 to 60" }]);
}

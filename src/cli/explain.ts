// guidepost explain.
import type { Command } from "commander";
import type { Explained } from "../tasks/explain/service.js";
import { COMMAND_LINE, day, print, withServices } from "./open.js";

/** Adds the command on one customer. */
export function addExplainCommand(program: Command): void {
  program
    .command("explain <customer>")
    .description("一位客户的时间线：每个触点发生了什么、将要发生什么，没有的为什么没有")
    .option("--on <day>", "只看这一天 YYYY-MM-DD", day)
    .option("--json", "JSON")
    .action((customer: string, { on, json }: { on?: string; json?: boolean }) =>
      withServices(async ({ explain }) => {
        const told = await explain.explain(COMMAND_LINE, { customer, ...(on ? { on } : {}) });
        print(json ? JSON.stringify(told, null, 2) : textOf(told, on));
      }),
    );
}

function textOf({ customer, name, guide, timeline }: Explained, on: string | undefined): string {
  const head = `${name}（${customer}）  ${guide ? `负责导购：${guide}` : "没有负责导购"}`;
  if (timeline.length === 0 && on)
    return `${head}\n${on} 这一天没有到期、顺延或发出的触点。去掉 --on 看全部。`;
  if (timeline.length === 0) return `${head}\n还没有发布旅程。先运行 guidepost journey apply。`;
  return [head, ...timeline.map(({ due_on, sentence }) => `${due_on ?? "    —     "}  ${sentence}`)].join(
    "\n",
  );
}

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
  if (timeline.length === 0)
    return `${head}\n现在没有运行中的旅程，也从没给这位客户生成过任务。发布旅程用 guidepost journey apply。`;
  const dated = timeline.flatMap(({ due_on, sentence }) => (due_on ? [`${due_on}  ${sentence}`] : []));
  return [head, ...dated, ...undatedOf(timeline)].join("\n");
}

/** What has no date, said once for all touchpoints that lack the same: 「宝宝生日」等 38 个触点：还不知道宝宝的出生日期。 */
function undatedOf(timeline: Explained["timeline"]): string[] {
  const because = new Map<string, string[]>();
  for (const { due_on, sentence, touchpoint_name } of timeline) {
    if (due_on !== null) continue;
    const why = sentence.slice(`「${touchpoint_name}」`.length);
    because.set(why, [...(because.get(why) ?? []), touchpoint_name]);
  }
  return [...because].map(([why, [first, ...others]]) => {
    const all = others.length > 0 ? `等 ${others.length + 1} 个触点` : "";
    return `    —       「${first}」${all}${why}`;
  });
}

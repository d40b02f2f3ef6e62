// guidepost experiment list, show, uplift.
import type { Command } from "commander";
import type { ExperimentFigures, ExperimentOverview } from "../reports/experiments/overviews.js";
import type { LeagueLine, Uplift } from "../reports/experiments/uplift.js";
import { sayRate } from "../reports/experiments/verdict-text.js";
import { sayP } from "../reports/experiments/verdict-words.js";
import { day, print, withServices } from "./open.js";

/** Adds the commands that read experiments from the database. */
export function addFigureCommands(experiment: Command): void {
  experiment
    .command("list")
    .description("正在生效的实验和对照组")
    .option("--json", "JSON")
    .action(({ json }: { json?: boolean }) =>
      withServices(async ({ experiments }) => {
        const found = await experiments.list();
        print(json ? JSON.stringify({ experiments: found }, null, 2) : listText(found));
      }),
    );
  experiment
    .command("show <key>")
    .description("一个触点（旅程/触点）的全部实验和数字；写旅程本身看整个旅程的对照组")
    .option("--json", "JSON")
    .action((key: string, { json }: { json?: boolean }) =>
      withServices(async ({ experiments }) => {
        const found = await experiments.show(key);
        print(json ? JSON.stringify({ experiments: found }, null, 2) : found.map(figuresText).join("\n\n"));
      }),
    );
  experiment
    .command("uplift [key]")
    .description("触点（旅程/触点）对30天内复购的提升；不写触点则列出全部")
    .option("--from <day>", "第一个到期日 YYYY-MM-DD", day)
    .option("--to <day>", "最后一个到期日 YYYY-MM-DD", day)
    .option("--json", "JSON")
    .action((key: string | undefined, { json, ...span }: UpliftOptions) =>
      withServices(async ({ experiments }) => {
        const found =
          key === undefined ? await experiments.league(span) : await experiments.uplift(key, span);
        if (json) print(JSON.stringify(Array.isArray(found) ? { touchpoints: found } : found, null, 2));
        else print(Array.isArray(found) ? leagueText(found) : upliftText(found));
      }),
    );
}

interface UpliftOptions {
  from?: string;
  to?: string;
  json?: boolean;
}

function listText(found: readonly ExperimentOverview[]): string {
  if (found.length === 0) return "没有正在生效的实验。";
  return found.map(({ key, name, sentence_zh }) => `${key}  ${name}  ${sentence_zh}`).join("\n");
}

function figuresText({ key, name, number, began_on, arms, winner, sentence_zh }: ExperimentFigures): string {
  return [
    `${key}  ${name}  第${number}次，始于 ${began_on}`,
    ...arms.map(
      (arm) =>
        `  ${arm.key} ${arm.share}%  分到 ${arm.assigned}  发送 ${arm.sent}  回复 ${arm.replied}  ${sayRate(arm.rate)}`,
    ),
    ...(winner ? [`  现在所有客户用：${winner}`] : []),
    `  ${sentence_zh}`,
  ].join("\n");
}

function upliftText(found: Uplift): string {
  const { key, name, from, to, provisional, assigned, held_out, sent_only, sentence_zh } = found;
  const group = (what: string, { occurrences, bought, rate }: Uplift["assigned"]) =>
    `  ${what}  ${occurrences} 次到期，${bought} 次后复购  ${sayRate(rate)}`;
  return [
    `${key}  ${name}  到期日 ${from} 至 ${to}${provisional ? "（暂定：30天还没有过完）" : ""}`,
    group("全部分到", assigned),
    group("对照", held_out),
    `  ${sentence_zh}`,
    `${group("仅已发送", sent_only)}  相差 ${sayRate(sent_only.difference)}（有偏，仅供参考）`,
  ].join("\n");
}

function leagueText(found: readonly LeagueLine[]): string {
  if (found.length === 0) return "没有带对照组的触点。";
  return found
    .map(({ key, name, provisional, p_adjusted, sentence_zh }) => {
      const together = p_adjusted === null ? "" : `，校正后 p = ${sayP(p_adjusted)}`;
      return `${key}  ${name}  ${sentence_zh}${together}${provisional ? "（暂定）" : ""}`;
    })
    .join("\n");
}

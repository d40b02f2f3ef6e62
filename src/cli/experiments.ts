// guidepost experiment judge, size, list, show, uplift.
import type { Command } from "commander";
import { Refusal } from "../kernel/refusals.js";
import { sampleSize } from "../reports/experiments/statistics.js";
import { verdictJson } from "../reports/experiments/verdict-json.js";
import { verdictText } from "../reports/experiments/verdict-text.js";
import { type ArmCount, judge } from "../reports/experiments/verdicts.js";
import { addFigureCommands } from "./experiment-figures.js";
import { print } from "./open.js";

/** Adds the commands on experiments. */
export function addExperimentCommands(program: Command): void {
  const experiment = program.command("experiment").description("实验：话术对比、对照组与提升");
  experiment
    .command("judge")
    .description("判断两组或多组的回复率：第一组为现状")
    .requiredOption("--arm <NAME:SENT:REPLIED...>", "一组：名称、发送数、回复数")
    .option("--shares <a,b>", "各组应占的份额，用来检查样本比例")
    .option("--detect <points>", "值得知道的最小差异，百分点")
    .option("--json", "JSON")
    .action((options: JudgeOptions) => judgeArms(options));
  experiment
    .command("size")
    .description("事先问：每组要发送多少才能看出差异")
    .requiredOption("--rate <percent>", "现在的回复率，百分比")
    .requiredOption("--detect <points>", "值得知道的最小差异，百分点")
    .option("--power <percent>", "看出它的把握，百分比", "80")
    .option("--alpha <percent>", "误判的风险（双侧），百分比", "5")
    .option("--json", "JSON")
    .action((options: SizeOptions) => sizeOf(options));
  addFigureCommands(experiment);
}

interface JudgeOptions {
  arm: string[];
  shares?: string;
  detect?: string;
  json?: boolean;
}

interface SizeOptions {
  rate: string;
  detect: string;
  power: string;
  alpha: string;
  json?: boolean;
}

function judgeArms({ arm: written, shares, detect, json = false }: JudgeOptions): void {
  const arms = written.map(readArm);
  if (arms.length < 2) throw wrong("--arm", written.join(" "), "two arms or more");
  const twice = arms.find(({ name }, at) => arms.findIndex((other) => other.name === name) < at);
  if (twice) throw wrong("--arm", twice.name, "a name no other arm has");
  const verdict = judge(arms, {
    ...(shares === undefined ? {} : { shares: readShares(shares, arms.length) }),
    ...(detect === undefined ? {} : { detect: readPercent("--detect", detect) }),
  });
  print(json ? JSON.stringify(verdictJson(verdict), null, 2) : verdictText(verdict));
}

/** "B:1200:288"; a name may hold colons itself. */
function readArm(text: string): ArmCount {
  const [, name = "", sent = "", replied = ""] = /^(.+):(\d{1,15}):(\d{1,15})$/.exec(text) ?? [];
  const arm = { name: name.trim(), sent: Number(sent), replied: Number(replied) };
  if (arm.name === "") throw wrong("--arm", text, "NAME:SENT:REPLIED, such as B:1200:288");
  if (arm.sent === 0) throw wrong("--arm", text, "at least 1 send");
  if (arm.replied > arm.sent) throw wrong("--arm", text, `at most ${arm.sent} replies`);
  return arm;
}

function readShares(text: string, arms: number): number[] {
  const shares = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (shares.length === arms && shares.every((share) => Number.isFinite(share) && share > 0)) return shares;
  throw wrong(
    "--shares",
    text,
    `${arms} numbers above 0, one an arm, such as ${Array(arms).fill("50").join(",")}`,
  );
}

function sizeOf({ rate, detect, power, alpha, json = false }: SizeOptions): void {
  const p1 = readPercent("--rate", rate);
  const p2 = p1 + readPercent("--detect", detect);
  if (p2 >= 1) throw wrong("--detect", detect, "a difference that leaves the rate below 100");
  const sizing = { alpha: readPercent("--alpha", alpha), power: readPercent("--power", power) };
  const each = Math.ceil(sampleSize(p1, p2, sizing));
  print(json ? JSON.stringify({ per_arm: each }) : `每组需要发送 ${each} 条（两组共 ${2 * each} 条）。`);
}

/** A percentage above 0 and below 100, as a share. */
function readPercent(where: string, text: string): number {
  const percent = text.trim() === "" ? Number.NaN : Number(text);
  if (percent > 0 && percent < 100) return percent / 100;
  throw wrong(where, text, "a number above 0 and below 100");
}

function wrong(where: string, value: string, expected: string): Refusal {
  return new Refusal("invalid", "实验的数字不对。", [{ where, value, expected }]);
}

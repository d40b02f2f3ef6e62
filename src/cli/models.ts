// guidepost models backtest, run.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { ShopDay } from "../kernel/calendar.js";
import { sayFault } from "../kernel/refusals.js";
import type { BacktestTold } from "../models/backtest-file.js";
import { UNIT_DAYS, type Unit } from "../models/histories.js";
import type { Night, Progress } from "../models/nightly.js";
import { dayAt, print, tell, withServices } from "./open.js";

interface BacktestOptions {
  orders: string;
  calibrateUntil: ShopDay;
  until: ShopDay;
  unit: Unit;
  json?: boolean;
  customers?: string;
}

interface RunOptions {
  full?: boolean;
  json?: boolean;
}

/** Adds the commands on models. */
export function addModelCommands(program: Command): void {
  const models = program.command("models").description("预测：谁快流失，谁快吃完");
  models
    .command("backtest")
    .description("用一份订单的过去检验各个模型；不需要数据库")
    .requiredOption(
      "--orders <file>",
      "订单 .csv 或 .xlsx：external_userid, ordered_on，可有 quantity, amount, status",
    )
    .requiredOption(
      "--calibrate-until <day>",
      "模型只知道到这天为止的订单 YYYY-MM-DD",
      dayAt("--calibrate-until"),
    )
    .requiredOption("--until <day>", "用之后到这天为止的订单检验 YYYY-MM-DD", dayAt("--until"))
    .addOption(new Option("--unit <unit>", "时间单位").choices(Object.keys(UNIT_DAYS)).default("week"))
    .option("--json", "JSON")
    .option("--customers <out>", "每位客户一行写到这个 .csv：频次、最近、时长，各模型的预期购买与留存概率")
    .action((options: BacktestOptions) => backtest(options));
  models
    .command("run")
    .description("推算每位客户何时有流失风险、何时吃完；平时每夜自动进行，只算订单有变化的客户")
    .option("--full", "重新学习，所有客户重算一遍")
    .option("--json", "JSON")
    .action((options: RunOptions) => run(options));
}

async function backtest({ orders, customers, json = false, ...span }: BacktestOptions): Promise<void> {
  const { backtestFile } = await import("../models/backtest-file.js");
  const out = customers === undefined ? null : resolve(customers);
  const { told, refused, faults } = await backtestFile({ ...span, orders: resolve(orders), customers: out });
  for (const fault of faults) tell(`  ${sayFault(fault)}`);
  if (refused > 0) tell(`${refused} 行看不懂，没有计入。`);
  print(json ? JSON.stringify(told, null, 2) : words(told));
}

async function run({ full = false, json = false }: RunOptions): Promise<void> {
  await withServices(async ({ models }) => {
    const line = progressLine();
    const night = await models.run({ full, progress: line.step }).finally(line.end);
    if (json) print(JSON.stringify(night, null, 2));
    else if (night.served === null) print("还没有订单，无法推算。");
    else {
      const learned = night.learned ? sayLearned(night) : [];
      print([...learned, `推算了 ${night.customers} 位客户，${night.anchors} 处日期变化。`].join("\n"));
    }
  });
}

/** What was learned: how well each model ranks customers, and which one is served. */
function sayLearned({ tried, served, why }: Night): string[] {
  const lines = tried.map(({ name, auc, degenerate }) => {
    const rank = auc === null ? "–" : auc.toFixed(4);
    return `${name === served ? "*" : " "} ${name.padEnd(10)}  AUC ${rank}${degenerate ? `  拟合失败：${degenerate}` : ""}`;
  });
  return ["重新学习：", ...lines, why ?? "订单太少，还不能检验，先按多久没买来判断。"];
}

const STEPS: Record<Progress["step"], string> = {
  learning: "学习",
  everybody: "推算所有客户",
  changed: "推算订单有变化的客户",
};

/** One line that is written over; nothing where stderr is no terminal. */
function progressLine() {
  if (!process.stderr.isTTY) return { step: () => undefined, end: () => undefined };
  return {
    step: ({ step, done, of }: Progress) => {
      const share = of > 0 ? Math.floor((100 * done) / of) : 100;
      process.stderr.write(`\r\x1b[K${STEPS[step]} ${done}/${of}（${share}%）`);
    },
    end: () => void process.stderr.write("\r\x1b[K"),
  };
}

function words({ customers, models, holdout_actual, served, why }: BacktestTold): string {
  const figure = (value: number | null, digits: number) => (value === null ? "–" : value.toFixed(digits));
  const lines = models.map(({ name, parameters, log_likelihood, degenerate, auc, holdout_expected }) => {
    const set = Object.entries(parameters).map(([key, value]) => `${key}=${value.toPrecision(4)}`);
    const fitted = log_likelihood === null ? [] : [`似然 ${figure(log_likelihood, 2)}`];
    const counted = holdout_expected === null ? [] : [`预期 ${figure(holdout_expected, 1)} 次`];
    const words = [
      `AUC ${figure(auc, 4)}`,
      ...counted,
      ...fitted,
      ...set,
      ...(degenerate ? ["拟合失败"] : []),
    ];
    return `${name === served ? "*" : " "} ${name.padEnd(10)}  ${words.join("  ")}`;
  });
  return [`${customers} 位客户，检验期内实际又买了 ${holdout_actual} 次`, ...lines, why].join("\n");
}

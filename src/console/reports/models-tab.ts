// The tab 模型: how well the models told who would buy again on the brand's own past, which one is served and why.
import type { KeptBacktest } from "../../models/service.js";
import type { Grid } from "../../reports/grid.js";
import { count, longDay } from "../format.js";
import { gridView } from "./grid-view.js";
import { type ReportTab, readTab } from "./tab.js";

const NAMES: Readonly<Record<string, string>> = {
  recency: "多久没买（基准）",
  rhythm: "自己的节奏",
  bg_nbd: "BG/NBD",
  pareto_nbd: "Pareto/NBD",
  nbd: "NBD",
};

/** The tab. */
export const modelsTab: ReportTab = {
  key: "models",
  title: "模型",
  needs: "see_experiments",
  timeless: true,
  read: (query, today) => readTab(query, { from: today, to: today, most: 400 }),
  answer: async ({ models }) => {
    const runs = await models.backtests();
    const [latest] = runs;
    const grids = latest ? [modelGrid(latest), calibrationGrid(latest), runGrid(runs)] : [];
    return {
      ...{ path: [], grids },
      page: latest ? pageOf(latest, grids) : { isEmpty: true },
    };
  },
};

function pageOf(latest: KeptBacktest, [models, steps, runs]: readonly Grid[]): object {
  const { ranOn, calibratedUntil, heldUntil, customers, horizonDays } = latest;
  return {
    isEmpty: false,
    served: modelName(latest.served),
    why: latest.why === null ? "订单太少，还不能检验，先按多久没买来判断。" : withModelNames(latest.why),
    ran: longDay(ranOn),
    wasTried: calibratedUntil !== null && heldUntil !== null,
    trial:
      calibratedUntil !== null && heldUntil !== null
        ? `用 ${longDay(calibratedUntil)} 以前的订单学习，看之后到 ${longDay(heldUntil)} 谁又买了；${count(customers)} 位客户`
        : "",
    horizon: horizonDays,
    models: models && gridView(models, undefined, undefined, "还没有检验过模型。"),
    parameters: latest.models.map((model) => ({
      name: modelName(model.name),
      values: Object.entries(model.parameters).map(([key, value]) => `${key} = ${valueText(value)}`),
      degenerate: model.degenerate ?? "",
    })),
    steps: steps && gridView(steps),
    runs: runs && gridView(runs),
  };
}

/** What a model is called. */
export function modelName(name: string): string {
  return NAMES[name] ?? name;
}

/** A sentence with the models called as the tables call them: it is kept with their keys. */
export function withModelNames(sentence: string): string {
  return sentence.replace(/\b[a-z_]+\b/g, modelName);
}

function modelGrid({ models, served, holdoutActual }: KeptBacktest): Grid {
  return {
    title: "模型回测",
    columns: [
      { name: "模型", kind: "text" },
      {
        name: "AUC",
        kind: "text",
        meaning: "随便挑一位后来买了的和一位没买的，模型把前者排在前面的机会；0.5 等于瞎猜",
      },
      { name: "比基准高", kind: "text", meaning: "AUC 减去只看多久没买的 AUC；须超过 0.005 才换用" },
      {
        name: "前五分之一的提升",
        kind: "text",
        meaning: "分数最高的五分之一客户，购买的可能是全体的几倍",
        wide: true,
      },
      {
        name: "预计购买",
        kind: "text",
        meaning: "检验期内模型预计的购买次数；只有会数次数的模型有",
        wide: true,
      },
      { name: "实际购买", kind: "text", wide: true },
      { name: "状态", kind: "text" },
    ],
    rows: models.map((model) => ({
      cells: [
        { value: modelName(model.name) },
        { value: figure(model.auc, 4) },
        { value: figure(model.overRecency, 4, true) },
        { value: times(model.lift) },
        { value: model.holdoutExpected === null ? "—" : count(model.holdoutExpected) },
        { value: holdoutActual === null ? "—" : count(holdoutActual) },
        { value: model.degenerate ?? (model.name === served ? "正在使用" : "备选") },
      ],
    })),
  };
}

/** Ten equal parts of the customers, as each model ranked them. */
function calibrationGrid({ models }: KeptBacktest): Grid {
  return {
    title: "校准",
    columns: [
      { name: "模型", kind: "text" },
      { name: "分组", kind: "text", meaning: "按分数从低到高分成十组" },
      { name: "客户", kind: "count" },
      { name: "预计购买（次/人）", kind: "text" },
      { name: "实际购买（次/人）", kind: "text" },
      { name: "买过的比例", kind: "share" },
    ],
    rows: models.flatMap((model) =>
      model.calibration.map((step, at) => ({
        cells: [
          { value: modelName(model.name) },
          { value: `第 ${at + 1} 组` },
          { value: step.customers },
          { value: model.holdoutExpected === null ? "—" : figure(step.score, 3) },
          { value: figure(step.purchases, 3) },
          { value: step.bought },
        ],
      })),
    ),
  };
}

function runGrid(runs: readonly KeptBacktest[]): Grid {
  return {
    title: "历次回测",
    columns: [
      { name: "日期", kind: "text" },
      { name: "客户", kind: "count" },
      { name: "使用的模型", kind: "text" },
      { name: "AUC", kind: "text" },
      { name: "比基准高", kind: "text" },
      { name: "原因", kind: "text", wide: true },
    ],
    rows: runs.map((run) => {
      const model = run.models.find(({ name }) => name === run.served);
      return {
        cells: [
          { value: longDay(run.ranOn) },
          { value: run.customers },
          { value: modelName(run.served) },
          { value: figure(model?.auc, 4) },
          { value: figure(model?.overRecency, 4, true) },
          { value: run.why === null ? "订单太少，还不能检验" : withModelNames(run.why) },
        ],
      };
    }),
  };
}

/** A figure that may not be there, or be none after its way through JSON. */
function figure(value: number | null | undefined, digits: number, signed = false): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "—";
  const sign = signed && value >= 0 ? "+" : value < 0 ? "−" : "";
  return `${sign}${Math.abs(value).toFixed(digits)}`;
}

function times(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "—" : `${value.toFixed(2)} 倍`;
}

function valueText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "—";
}

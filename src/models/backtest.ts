// Tries every model on a brand's own past: fitted on what was known on one day, judged by what customers then did. Pure.
import { type Fitted, fitAll, type ModelName, type Scorer, scorerOf } from "./candidates.js";
import { aggregated, historyOf, purchasesBetween } from "./histories.js";
import { eachCustomer, type PurchaseLog } from "./purchase-log.js";
import { auc, calibration, liftOfTop, partingScore, type Ranked, type Step } from "./ranking.js";

/** What is tried. Days are numbered in any way, the same for all. */
export interface Trial {
  log: PurchaseLog;
  /** the last day the models may know of */
  calibrateUntil: number;
  /** the last day of the hold-out period */
  until: number;
  /** of the unit of time the models count in */
  unitDays: number;
}

/** A model and how it did. */
export interface Tried extends Fitted {
  /** chance to rank somebody who bought above somebody who did not; NaN when it cannot be said */
  auc: number;
  /** purchases it foretold for the hold-out period; null of models that do not count */
  holdoutExpected: number | null;
  calibration: Step[];
  /** how many times as often the highest fifth buys as all do */
  lift: number;
}

/** A back-test. */
export interface Backtest {
  /** those who had bought by `calibrateUntil` */
  customers: number;
  models: Tried[];
  holdoutActual: number;
  served: ModelName;
  why: string;
  /** below this score of the served model a customer is at risk; NaN when it cannot be said */
  riskBelow: number;
  /** the counting model that values customers, and what parts high from low recovery among those at risk: the middle of
   *  their expected purchases; null when every counting model degenerated */
  value: { name: ModelName; lowBelow: number } | null;
}

/** Plain recency is beaten only by more than this: less is noise at the sizes brands have. */
const MARGIN = 0.005;

/** Runs a back-test. */
export function backtest({ log, calibrateUntil, until, unitDays }: Trial): Backtest {
  const histories = [...eachCustomer(log)].flatMap((days) => historyOf(days, calibrateUntil, unitDays) ?? []);
  const bought = Float64Array.from(
    [...eachCustomer(log)].filter((days) => (days[0] ?? Number.POSITIVE_INFINITY) <= calibrateUntil),
    (days) => purchasesBetween(days, calibrateUntil, until),
  );
  const t = (until - calibrateUntil) / unitDays;
  const valuesOf = (of: (scorer: Scorer, at: number) => number) => (fitted: Fitted) => {
    const scorer = scorerOf(fitted);
    return Float64Array.from(histories, (_history, at) => of(scorer, at));
  };
  const scoresOf = valuesOf((scorer, at) => scorer.score(histories[at] as (typeof histories)[number], t));
  const ranked = new Map<ModelName, Ranked>();
  const models = fitAll(aggregated(histories)).map((fitted): Tried => {
    const one = { scores: scoresOf(fitted), bought };
    ranked.set(fitted.name, one);
    const isCounting = fitted.logLikelihood !== null;
    return {
      ...fitted,
      auc: auc(one),
      holdoutExpected: isCounting ? one.scores.reduce((sum, value) => sum + value, 0) : null,
      calibration: calibration(one),
      lift: liftOfTop(one),
    };
  });
  const { served, why } = chosen(models);
  const riskBelow = partingScore(ranked.get(served) as Ranked);
  const value = valueModel(models, ranked, (ranked.get(served) as Ranked).scores, riskBelow);
  const holdoutActual = bought.reduce((sum, count) => sum + count, 0);
  return { customers: histories.length, models, holdoutActual, served, why, riskBelow, value };
}

/** The model to serve: the best that beats plain recency clearly, else recency. */
export function chosen(models: readonly Pick<Tried, "name" | "degenerate" | "auc">[]): {
  served: ModelName;
  why: string;
} {
  const of = (value: number) => (Number.isFinite(value) ? value.toFixed(4) : "无法计算");
  const recency = models.find(({ name }) => name === "recency")?.auc ?? Number.NaN;
  if (!Number.isFinite(recency))
    return { served: "recency", why: "检验期内没有可比较的客户（都买了或都没买），先按多久没买来判断。" };
  const out = models.filter(({ degenerate }) => degenerate !== null);
  const left =
    out.length > 0 ? `；拟合失败未参选：${out.map((m) => `${m.name}（${m.degenerate}）`).join("、")}` : "";
  const rivals = models.filter(
    (m) => m.name !== "recency" && m.degenerate === null && Number.isFinite(m.auc),
  );
  const [best] = rivals.sort((one, other) => other.auc - one.auc);
  if (best && best.auc > recency + MARGIN)
    return {
      served: best.name,
      why: `${best.name} 的 AUC ${of(best.auc)}，比只看多久没买的 ${of(recency)} 高出 ${of(best.auc - recency)}（须超过 ${MARGIN}）${left}。`,
    };
  const said = best ? `最好的 ${best.name} AUC ${of(best.auc)}` : "没有其他可用的模型";
  return {
    served: "recency",
    why: `${said}，没有比只看多久没买的 ${of(recency)} 高出 ${MARGIN}${left}。`,
  };
}

function valueModel(
  models: readonly Tried[],
  ranked: ReadonlyMap<ModelName, Ranked>,
  scores: Float64Array,
  riskBelow: number,
): Backtest["value"] {
  const [best] = models
    .filter(({ holdoutExpected, degenerate }) => holdoutExpected !== null && degenerate === null)
    .sort((one, other) => other.auc - one.auc);
  if (!best) return null;
  const expected = (ranked.get(best.name) as Ranked).scores;
  const atRisk = expected.filter((_value, at) => (scores[at] as number) < riskBelow).sort();
  return { name: best.name, lowBelow: atRisk[Math.floor(atRisk.length / 2)] ?? 0 };
}

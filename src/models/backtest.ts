// Tries every model on a brand's own past: fitted on what was known on one day, judged by what customers then did. Pure.
import { type Fitted, fitAll, type ModelName, scorerOf } from "./candidates.js";
import { bestOf, chosen, isJudged } from "./choosing.js";
import { aggregated, type History, historyOf, purchasesBetween } from "./histories.js";
import { eachCustomer, type PurchaseLog } from "./purchase-log.js";
import { auc, calibration, liftOfTop, partingScore, type Step } from "./ranking.js";

/** What is tried. Days are numbered in any way, the same for all. */
export interface Trial {
  log: PurchaseLog;
  /** the last day the models may know of */
  calibrateUntil: number;
  /** the last day of the hold-out period */
  until: number;
  /** of the unit of time the models count in */
  unitDays: number;
  /** different histories a fit looks at; see `fitModel` */
  most?: number;
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
  /** the counting model that values customers, and what parts high from low recovery among those newly at risk: the
   *  middle of their expected purchases; null when every counting model degenerated */
  value: { name: ModelName; lowBelow: number } | null;
}

/** Who has been silent for more than so many hold-out periods left long ago: recovery is a question of the others. */
const FRESH = 2;

/** Runs a back-test. */
export function backtest(trial: Trial): Backtest {
  const { histories, bought } = pastOf(trial);
  const t = (trial.until - trial.calibrateUntil) / trial.unitDays;
  const tried = fitAll(aggregated(histories), trial.most).map((fitted) =>
    tryOut(fitted, histories, bought, t),
  );
  const models = tried.map(({ model }) => model);
  const scoresOf = (name: ModelName) => tried.find(({ model }) => model.name === name)?.scores ?? bought;
  const buyers = bought.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const judged = { buyers, others: bought.length - buyers };
  const { served, why } = chosen(models, judged);
  const scores = scoresOf(served);
  const riskBelow = isJudged(judged) ? partingScore({ scores, bought }) : Number.NaN;
  const counting = bestOf(models.filter(({ holdoutExpected }) => holdoutExpected !== null));
  const value = counting && {
    name: counting.name,
    lowBelow: middleAtRisk(scoresOf(counting.name), (_value, at) => {
      const { age, recency } = histories[at] as History;
      return !((scores[at] as number) >= riskBelow) && age - recency <= FRESH * t;
    }),
  };
  const holdoutActual = bought.reduce((sum, count) => sum + count, 0);
  return { customers: histories.length, models, holdoutActual, served, why, riskBelow, value: value ?? null };
}

/** What was known on the last day of calibration, and what came after it. */
function pastOf({ log, calibrateUntil, until, unitDays }: Trial): {
  histories: History[];
  bought: Float64Array;
} {
  const histories: History[] = [];
  const bought: number[] = [];
  for (const days of eachCustomer(log)) {
    const history = historyOf(days, calibrateUntil, unitDays);
    if (!history) continue;
    histories.push(history);
    bought.push(purchasesBetween(days, calibrateUntil, until));
  }
  return { histories, bought: Float64Array.from(bought) };
}

function tryOut(
  fitted: Fitted,
  histories: readonly History[],
  bought: Float64Array,
  t: number,
): { model: Tried; scores: Float64Array } {
  const scorer = scorerOf(fitted);
  const scores = Float64Array.from(histories, (history) => scorer.score(history, t));
  const ranked = { scores, bought };
  const isCounting = fitted.logLikelihood !== null;
  const holdoutExpected = isCounting ? scores.reduce((sum, value) => sum + value, 0) : null;
  const model = {
    ...fitted,
    ...{ auc: auc(ranked), holdoutExpected, calibration: calibration(ranked), lift: liftOfTop(ranked) },
  };
  return { model, scores };
}

/** The middle of what is expected of those newly at risk; of everybody when there are none. */
function middleAtRisk(
  expected: Float64Array,
  isNewlyAtRisk: (expected: number, at: number) => boolean,
): number {
  const some = expected.filter(isNewlyAtRisk);
  const sorted = (some.length > 0 ? some : expected.slice()).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

// Fits a model of purchases by maximum likelihood, and says when the fit is none. Pure.
import { aggregated, type Histories, type History } from "./histories.js";
import { minimise } from "./minimise.js";
import type { PurchaseModel } from "./purchase-models.js";

/** A fit. */
export interface Fit {
  /** in the order of the model's names */
  parameters: number[];
  /** NaN when it cannot be computed */
  logLikelihood: number;
  /** why it is not to be used; null for a good one */
  degenerate: string | null;
}

/** How to search. */
export interface FitWay {
  /** different histories it looks at */
  most?: number;
  /** parameters of an earlier fit, near which the best are to be found */
  start?: readonly number[] | undefined;
}

/** Fewer repeat purchases than these say nothing about four parameters. */
const LEAST_REPEATS = 30;
/** A parameter that runs beyond these has run off: without anybody leaving, or all alike, the likelihood has no top. */
const RANGE = [1e-4, 1e4] as const;
/** No search goes further than a little beyond them, in logarithms. */
const WALL = Math.log(RANGE[1]) + 0.5;
/** Repeat purchases the model would have had these customers make, over those they made. */
const TOLD_RATIO = [0.75, 1.33] as const;
/** Different histories a search looks at, each some hundred times over: two seconds of work. */
const MOST_ROWS = 12_000;

/** The best parameters for these histories. Searches over logarithms, with times in the mean age of the customers, so that
 *  any unit of time finds the same top; judges the outcome by all histories. Of more than `most` different ones the search
 *  looks at rounded ones, or at some customers. */
export function fitModel(
  model: PurchaseModel,
  histories: Histories,
  { most = MOST_ROWS, start }: FitWay = {},
): Fit {
  const scale = weighted(histories, histories.age) / histories.customers || 1;
  const few = thinned(histories, scale, most);
  const real = (logs: readonly number[]) =>
    logs.map((log, i) => Math.exp(log) * (model.times.includes(i) ? scale : 1));
  const worse = (logs: readonly number[]) =>
    logs.some((log) => Math.abs(log) > WALL) ? Number.NaN : -model.logLikelihood(real(logs), few);
  const from = start?.map((value, i) => value / (model.times.includes(i) ? scale : 1)) ?? model.start;
  const first = minimise(worse, from.map(Math.log), { step: start ? 0.1 : 0.5, tolerance: 1e-6 });
  // a simplex may lie down on a slope: it is set up anew where it ended, and goes on or stays
  const { at } = isAway(first.at) ? first : minimise(worse, first.at, { step: 0.1, tolerance: 1e-10 });
  const parameters = real(at);
  const logLikelihood = model.logLikelihood(parameters, histories);
  return {
    parameters,
    logLikelihood,
    degenerate: whyNot(model, histories, { at, parameters, logLikelihood }),
  };
}

function whyNot(
  model: PurchaseModel,
  histories: Histories,
  { at, parameters, logLikelihood }: { at: readonly number[]; parameters: number[]; logLikelihood: number },
): string | null {
  const repeats = weighted(histories, histories.frequency);
  if (repeats < LEAST_REPEATS) return `复购只有 ${repeats} 次，少于 ${LEAST_REPEATS} 次`;
  if (!Number.isFinite(logLikelihood)) return "似然无法计算";
  const away = at.findIndex((log) => isAway([log]));
  if (away >= 0) return `参数 ${model.parameters[away]} 跑到 ${parameters[away]?.toPrecision(3)}，没有最优值`;
  const told = toldRepeats(model, parameters, histories) / repeats;
  if (!(told >= TOLD_RATIO[0] && told <= TOLD_RATIO[1]))
    return `模型推算的复购是实际的 ${told.toFixed(2)} 倍，不吻合`;
  return null;
}

function isAway(logs: readonly number[]): boolean {
  return logs.some((log) => log < Math.log(RANGE[0]) || log > Math.log(RANGE[1]));
}

/** The repeat purchases the model would expect of customers of these ages. */
function toldRepeats(
  model: PurchaseModel,
  parameters: readonly number[],
  { age, weight }: Histories,
): number {
  const ofAge = new Map<number, number>();
  let sum = 0;
  for (const [i, years] of age.entries()) {
    const known = ofAge.get(years) ?? (years > 0 ? model.expectedOfNew(parameters, years) : 0);
    ofAge.set(years, known);
    sum += known * (weight[i] as number);
  }
  return sum;
}

function weighted({ weight }: Histories, values: Float64Array): number {
  return values.reduce((sum, value, i) => sum + value * (weight[i] as number), 0);
}

/** Histories a search can afford: times rounded to a hundredth of the mean age bring many together; when they are still too
 *  many, those of every n-th customer. */
function thinned(histories: Histories, scale: number, most: number): Histories {
  if (histories.weight.length <= most) return histories;
  const grain = scale / 100;
  const all = aggregated(some(histories, 1, (value) => Math.round(value / grain) * grain));
  if (all.weight.length <= most) return all;
  const every = Math.ceil((histories.customers / most) * (all.weight.length / histories.customers));
  return aggregated(some(all, every, (value) => value));
}

function* some(
  { frequency, recency, age, weight }: Histories,
  every: number,
  rounded: (value: number) => number,
): Generator<History> {
  let place = 0;
  for (let i = 0; i < weight.length; i++)
    for (let n = 0; n < (weight[i] as number); n++)
      if (place++ % every === 0)
        yield {
          frequency: frequency[i] as number,
          recency: rounded(recency[i] as number),
          age: rounded(age[i] as number),
        };
}

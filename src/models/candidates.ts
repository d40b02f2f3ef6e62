// The models that compete to say who is about to leave, each as a description that can be kept and what it can be asked. Pure.
import { bgNbd } from "./bg-nbd.js";
import { type Fit, fitModel } from "./fitting.js";
import type { Histories, History } from "./histories.js";
import { nbd } from "./nbd.js";
import { paretoNbd } from "./pareto-nbd.js";
import type { PurchaseModel } from "./purchase-models.js";

export type ModelName = "recency" | "rhythm" | PurchaseModel["name"];

/** A model made ready on a brand's customers. */
export interface Fitted {
  name: ModelName;
  parameters: Record<string, number>;
  /** of the models that have a likelihood */
  logLikelihood: number | null;
  /** why it is not to be used; null when it is */
  degenerate: string | null;
}

/** What a model says of a customer. */
export interface Scorer {
  /** higher: more likely to buy in the next `t` units of time */
  score(history: History, t: number): number;
  /** purchases in the next `t`; of models that do not count null */
  expected(history: History, t: number): number | null;
  /** the chance that they have not left; of models that know no leaving null */
  alive(history: History): number | null;
}

const COUNTING: Record<string, PurchaseModel> = { bg_nbd: bgNbd, pareto_nbd: paretoNbd, nbd };

/** How many gaps of the brand's customers weigh as much as the customer's own. */
const GAPS_OF_OTHERS = 1;

/** Every candidate, ready on these histories; the baseline first. `before`: the same on nearly the same histories, to begin
 *  from. */
export function fitAll(histories: Histories, most?: number, before: readonly Fitted[] = []): Fitted[] {
  const simple = { logLikelihood: null, degenerate: null };
  const gap = usualGap(histories);
  return [
    { name: "recency", parameters: {}, ...simple },
    {
      ...{ name: "rhythm", parameters: { gap }, ...simple },
      degenerate: gap > 0 ? null : "没有人买过第二次",
    },
    ...Object.values(COUNTING).map((model) => {
      const known = before.find(({ name, degenerate }) => name === model.name && degenerate === null);
      const start = known && model.parameters.map((key) => known.parameters[key] as number);
      return described(model, fitModel(model, histories, { ...(most ? { most } : {}), start }));
    }),
  ];
}

/** What a model can be asked. */
export function scorerOf({ name, parameters }: Pick<Fitted, "name" | "parameters">): Scorer {
  const model = COUNTING[name];
  if (model) {
    const values = model.parameters.map((key) => parameters[key] as number);
    const expected = (history: History, t: number) => model.expected(values, history, t);
    return { score: expected, expected, alive: (history) => model.alive(values, history) };
  }
  const nothing = { expected: () => null, alive: () => null };
  const since = ({ recency, age }: History) => age - recency;
  if (name === "recency") return { ...nothing, score: (history) => -since(history) };
  return { ...nothing, score: (history) => -since(history) / ownGap(history, parameters.gap as number) };
}

/** A customer's usual time from one purchase to the next: their own gaps and one of everybody's, averaged. */
export function ownGap(
  { frequency, recency }: Pick<History, "frequency" | "recency">,
  usual: number,
): number {
  return (recency + GAPS_OF_OTHERS * usual) / (frequency + GAPS_OF_OTHERS);
}

/** The mean time from one purchase to the next over all customers; 0 when nobody bought twice. */
export function usualGap({ frequency, recency, weight }: Histories): number {
  let time = 0;
  let gaps = 0;
  for (const [i, count] of weight.entries()) {
    time += (recency[i] as number) * count;
    gaps += (frequency[i] as number) * count;
  }
  return gaps > 0 ? time / gaps : 0;
}

function described(model: PurchaseModel, { parameters, logLikelihood, degenerate }: Fit): Fitted {
  const named = Object.fromEntries(model.parameters.map((key, i) => [key, parameters[i] as number]));
  return { name: model.name, parameters: named, logLikelihood, degenerate };
}

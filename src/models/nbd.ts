// NBD: customers buy at a steady rate of their own and never leave. What the other two become where nobody can be seen to
// leave; two parameters that nearly any data can bear. Pure. Ehrenberg 1959; Morrison & Schmittlein, JBES 6(2), 1988.
import type { Histories, History } from "./histories.js";
import type { PurchaseModel } from "./purchase-models.js";
import { gammaln } from "./special-functions.js";

// read once: some million calls a fit look them up
const { log } = Math;

/** Rates are gamma (r, alpha). */
export const nbd: PurchaseModel = {
  name: "nbd",
  parameters: ["r", "alpha"],
  times: [1],
  start: [1, 1],
  logLikelihood: ([r, alpha], { frequency, age, weight }: Histories) => {
    const [shape, rate] = [r as number, alpha as number];
    const atRest = shape * log(rate) - gammaln(shape);
    let sum = 0;
    for (const [i, count] of weight.entries()) {
      const x = frequency[i] as number;
      sum += count * (atRest + gammaln(shape + x) - (shape + x) * log(rate + (age[i] as number)));
    }
    return sum;
  },
  expected: ([r, alpha], { frequency, age }: History, t) =>
    (((r as number) + frequency) / ((alpha as number) + age)) * t,
  alive: () => 1,
  expectedOfNew: ([r, alpha], t) => ((r as number) / (alpha as number)) * t,
};

// BG/NBD: customers buy at a steady rate of their own and may leave after any purchase. Pure.
// Fader, Hardie & Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005.
import type { Histories, History } from "./histories.js";
import type { PurchaseModel } from "./purchase-models.js";
import { gammaln, hyp2f1, logAdd } from "./special-functions.js";

// read once: some million calls a fit look them up
const { log, exp, abs } = Math;

type Parameters = readonly number[];

/** Rates are gamma (r, alpha), chances to leave after a purchase beta (a, b). */
export const bgNbd: PurchaseModel = {
  name: "bg_nbd",
  parameters: ["r", "alpha", "a", "b"],
  times: [1],
  start: [1, 1, 1, 2],
  logLikelihood,
  expected,
  alive,
  expectedOfNew,
};

/** Equation 6, with what depends on the frequency alone computed once each. */
function logLikelihood(
  parameters: Parameters,
  { frequency, recency, age, weight, customers }: Histories,
): number {
  const [r, alpha, a, b] = parameters as [number, number, number, number];
  const ofFrequency = new Map<number, number>();
  const atRest = r * log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b);
  let sum = 0;
  for (let i = 0; i < weight.length; i++) {
    const x = frequency[i] as number;
    let constant = ofFrequency.get(x);
    if (constant === undefined) {
      constant = gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x);
      ofFrequency.set(x, constant);
    }
    const stayed = -(r + x) * log(alpha + (age[i] as number));
    const left =
      x > 0
        ? log(a) - log(b + x - 1) - (r + x) * log(alpha + (recency[i] as number))
        : Number.NEGATIVE_INFINITY;
    sum += (weight[i] as number) * (constant + logAdd(stayed, left));
  }
  return sum + atRest * customers;
}

/** Equation 10. Its 2F1 after Euler's transformation (DLMF 15.8.1), whose terms stay small whatever the frequency. */
function expected(parameters: Parameters, { frequency: x, recency, age }: History, t: number): number {
  const [r, alpha, a, b] = apartFromOne(parameters);
  const z = t / (alpha + age + t);
  const series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z) * (1 - z) ** (a - 1);
  const ifAlive = ((a + b + x - 1) / (a - 1)) * (1 - series);
  return ifAlive * alive([r, alpha, a, b], { frequency: x, recency, age });
}

function alive(parameters: Parameters, { frequency: x, recency, age }: History): number {
  if (x === 0) return 1;
  const [r, alpha, a, b] = parameters as [number, number, number, number];
  const odds = log(a) - log(b + x - 1) + (r + x) * log((alpha + age) / (alpha + recency));
  return 1 / (1 + exp(odds));
}

/** Equation 9. */
function expectedOfNew(parameters: Parameters, t: number): number {
  const [r, alpha, a, b] = apartFromOne(parameters);
  const z = t / (alpha + t);
  const series = hyp2f1(a + b - 1 - r, a - 1, a + b - 1, z) * (1 - z) ** (a - 1);
  return ((a + b - 1) / (a - 1)) * (1 - series);
}

/** At a = 1 the formula is nought by nought; beside it, it is as good as the limit. */
function apartFromOne(parameters: Parameters): [number, number, number, number] {
  const [r, alpha, a, b] = parameters as [number, number, number, number];
  return [r, alpha, abs(a - 1) < 1e-6 ? 1 + 1e-6 : a, b];
}

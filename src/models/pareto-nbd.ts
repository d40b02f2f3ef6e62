// Pareto/NBD: customers buy at a steady rate of their own and may leave at any time. Pure.
// Schmittlein, Morrison & Colombo, Management Science 33, 1987; in the form of Fader & Hardie, "A Note on Deriving the
// Pareto/NBD Model and Related Expressions", 2005.
import type { Histories, History } from "./histories.js";
import type { PurchaseModel } from "./purchase-models.js";
import { gammaln, hyp2f1WithOne, logAdd } from "./special-functions.js";

// read once: some million calls a fit look them up
const { log, log1p, exp, abs, expm1 } = Math;

type Parameters = readonly number[];

/** Rates of buying are gamma (r, alpha), rates of leaving gamma (s, beta). */
export const paretoNbd: PurchaseModel = {
  name: "pareto_nbd",
  parameters: ["r", "alpha", "s", "beta"],
  times: [1, 3],
  start: [1, 1, 1, 1],
  logLikelihood,
  expected,
  alive,
  expectedOfNew,
};

function logLikelihood(
  parameters: Parameters,
  { frequency, recency, age, weight, customers }: Histories,
): number {
  const [r, alpha, s, beta] = parameters as [number, number, number, number];
  const ofFrequency = new Map<number, number>();
  const atRest = r * log(alpha) + s * log(beta) - gammaln(r);
  let sum = 0;
  for (let i = 0; i < weight.length; i++) {
    const x = frequency[i] as number;
    let constant = ofFrequency.get(x);
    if (constant === undefined) {
      constant = gammaln(r + x);
      ofFrequency.set(x, constant);
    }
    const T = age[i] as number;
    const stayed = -(r + x) * log(alpha + T) - s * log(beta + T);
    const left = log(s) - log(r + s + x) + logLeft(parameters, x, recency[i] as number, T);
    sum += (weight[i] as number) * (constant + logAdd(stayed, left));
  }
  return sum + atRest * customers;
}

/** ln A0 of the note: what having left between the last purchase and the end of `age` contributes. */
function logLeft(parameters: Parameters, x: number, recency: number, age: number): number {
  const from = logTail(parameters, x, recency);
  return from + log1p(-exp(logTail(parameters, x, age) - from));
}

/** ln of 2F1(a, b; a + 1; (M − m) / (M + t)) / (M + t)^a with M, m the greater and lesser of alpha and beta, after Euler's
 *  transformation (DLMF 15.8.1) to a 2F1 that begins with one. */
function logTail([r, alpha, s, beta]: Parameters, x: number, t: number): number {
  const isAlpha = (alpha as number) >= (beta as number);
  const [greater, lesser] = (isAlpha ? [alpha, beta] : [beta, alpha]) as [number, number];
  const a = (r as number) + (s as number) + x;
  const b = isAlpha ? (s as number) + 1 : (r as number) + x;
  const logGreater = log(greater + t);
  const z = (greater - lesser) / (greater + t);
  const series = log(hyp2f1WithOne(a + 1 - b, a + 1, z));
  return series + (1 - b) * (log(lesser + t) - logGreater) - a * logGreater;
}

function alive(parameters: Parameters, { frequency: x, recency, age }: History): number {
  const [r, alpha, s, beta] = parameters as [number, number, number, number];
  const stayed = (r + x) * log(alpha + age) + s * log(beta + age);
  const odds = log(s) - log(r + s + x) + stayed + logLeft(parameters, x, recency, age);
  return 1 / (1 + exp(odds));
}

function expected(parameters: Parameters, history: History, t: number): number {
  const [r, alpha, s, beta] = parameters as [number, number, number, number];
  const { frequency: x, age } = history;
  return ((r + x) / (alpha + age)) * timeAlive(s, beta + age, t) * alive(parameters, history);
}

function expectedOfNew(parameters: Parameters, t: number): number {
  const [r, alpha, s, beta] = parameters as [number, number, number, number];
  return (r / alpha) * timeAlive(s, beta, t);
}

/** The time to be expected alive of the next `t`, of somebody alive now. */
function timeAlive(s: number, beta: number, t: number): number {
  const shrunk = log(beta / (beta + t));
  // expm1 keeps its digits where s comes near 1
  return abs(s - 1) < 1e-12 ? -beta * shrunk : (-beta * expm1((s - 1) * shrunk)) / (s - 1);
}

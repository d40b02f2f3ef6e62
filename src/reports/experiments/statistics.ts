// Proportions compared: tests, intervals, sample sizes, many tests at once, and whether arms have the sizes they should.
import { rate } from "../measures.js";
import type { Rate } from "../report.js";
import { chiSquareUpper, normalPoint, twoSided } from "./distributions.js";

/** k of n. */
interface Count {
  k: number;
  n: number;
}

/** The two-sided 5 % that every test here stands on unless told otherwise. */
export const ALPHA = 0.05;
/** The chance a sample size gives to see a difference that is there. */
export const POWER = 0.8;

/** z of the difference of two proportions with the pooled variance, positive when the first is larger (R's prop.test
 *  without correction); 0 when nothing varies. */
export function pooledZ(one: Count, other: Count): number {
  const p = (one.k + other.k) / (one.n + other.n);
  const error = Math.sqrt(p * (1 - p) * (1 / one.n + 1 / other.n));
  return error === 0 ? 0 : (one.k / one.n - other.k / other.n) / error;
}

/** The two-sided p of two proportions being equal. */
export function twoProportions(one: Count, other: Count): { z: number; p: number } {
  const z = pooledZ(one, other);
  return { z, p: twoSided(z) };
}

/** The difference of two proportions (first − second) with Newcombe's 95 % interval, made of the two Wilson intervals
 *  (Newcombe 1998, method 10). Both n must be positive. */
export function difference(one: Count, other: Count): Rate {
  const [a, b] = [rate(one.k, one.n), rate(other.k, other.n)];
  if (!a || !b) throw new Error("a difference needs two samples");
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** Pearson's chi-square that k proportions are all equal; p is 1 when nothing varies. */
export function allEqual(counts: readonly Count[]): { chiSquare: number; dof: number; p: number } {
  const n = counts.reduce((sum, count) => sum + count.n, 0);
  const p = counts.reduce((sum, count) => sum + count.k, 0) / n;
  const dof = counts.length - 1;
  if (p === 0 || p === 1) return { chiSquare: 0, dof, p: 1 };
  const chiSquare = counts.reduce(
    (sum, count) => sum + (count.k - count.n * p) ** 2 / (count.n * p * (1 - p)),
    0,
  );
  return { chiSquare, dof, p: chiSquareUpper(chiSquare, dof) };
}

/** Whether arms have the sizes their shares (any positive weights) promise: Pearson's chi-square. */
export function sampleRatio(
  sizes: readonly number[],
  shares: readonly number[],
): { expected: number[]; chiSquare: number; p: number } {
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const expected = shares.map((share) => (n * share) / whole);
  const chiSquare = expected.reduce((sum, size, at) => sum + ((sizes[at] ?? 0) - size) ** 2 / size, 0);
  return { expected, chiSquare, p: n === 0 ? 1 : chiSquareUpper(chiSquare, sizes.length - 1) };
}

/** How a sample size is asked for: two-sided `alpha`, and the chance to see what is there. */
interface Sizing {
  alpha?: number;
  power?: number;
}

/** How many each of two equal arms needs to tell p1 from p2, not rounded: R's power.prop.test (variance pooled under no
 *  difference, each arm's own under the difference). Infinite when they are equal. */
export function sampleSize(p1: number, p2: number, sizing: Sizing = {}): number {
  return timesLarger({ k: p1, n: 1 }, { k: p2, n: 1 }, sizing);
}

/** By which factor two samples with these rates must grow, their ratio kept, until a difference as large as theirs is
 *  seen with the power asked for. The formula of `sampleSize`, for arms of any sizes. */
export function timesLarger(one: Count, other: Count, { alpha = ALPHA, power = POWER }: Sizing = {}): number {
  const [p1, p2] = [one.k / one.n, other.k / other.n];
  const p = (one.k + other.k) / (one.n + other.n);
  const none = Math.sqrt(p * (1 - p) * (1 / one.n + 1 / other.n));
  const own = Math.sqrt((p1 * (1 - p1)) / one.n + (p2 * (1 - p2)) / other.n);
  const root = (normalPoint(alpha / 2) * none + normalPoint(1 - power) * own) / Math.abs(p1 - p2);
  return root ** 2;
}

/** p-values adjusted for being many, by Benjamini and Hochberg (1995): those ≤ q hold at a false discovery rate of q. */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((_p, at) => at).sort((a, b) => (ps[b] ?? 0) - (ps[a] ?? 0));
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 1;
  for (const [above, at] of order.entries()) {
    least = Math.min(least, ((ps[at] ?? 1) * ps.length) / (ps.length - above));
    adjusted[at] = least;
  }
  return adjusted;
}

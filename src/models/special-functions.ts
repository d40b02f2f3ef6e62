// The two functions of higher mathematics that purchase models need: the logarithm of gamma, and Gauss's 2F1.
import { createRequire } from "node:module";

// read once: some million calls a fit look them up
const { abs, max, log1p, exp } = Math;

// jstat brings no types
const { gammaln: jstatGammaln } = createRequire(import.meta.url)("jstat") as { gammaln(x: number): number };

/** ln Γ(x) for x > 0. */
export function gammaln(x: number): number {
  return jstatGammaln(x);
}

const PRECISION = 1e-15;
const MOST_TERMS = 100_000;
/** Parts of the fraction; where these do not do, z stands so near 1 that nobody asks for many digits. */
const MOST_PARTS = 2_000;

/** 2F1(a, b; c; z) for 0 ≤ z < 1 by its own series (DLMF 15.2.1). Quick where the terms fall quickly: z well below 1, or
 *  c large beside a and b. */
export function hyp2f1(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MOST_TERMS; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (abs(term) <= PRECISION * abs(sum)) break;
  }
  return sum;
}

/** 2F1(1, b; c; z) for 0 < b < c and 0 ≤ z < 1 by Gauss's continued fraction (DLMF 15.7.1 with its b = 0), worked off by the
 *  modified Lentz method (Numerical Recipes 5.2): quick where the series crawls. */
export function hyp2f1WithOne(b: number, c: number, z: number): number {
  const c0 = c - 1;
  let fraction = c0;
  let upper = c0;
  let lower = 0;
  for (let k = 1; k < MOST_PARTS; k++) {
    const n = k >> 1;
    const u = k % 2 === 1 ? (b + n) * (c0 + n) : n * (c0 - b + n);
    lower = 1 / (c0 + k - u * z * lower);
    upper = c0 + k - (u * z) / upper;
    const step = upper * lower;
    fraction *= step;
    if (abs(step - 1) < PRECISION) break;
  }
  return c0 / fraction;
}

/** ln(eᵃ + eᵇ) without leaving the range of numbers. */
export function logAdd(a: number, b: number): number {
  const most = max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + log1p(exp(-abs(a - b)));
}

// The normal and chi-square distributions. The library stands here and nowhere else.
import jstat from "jstat";

const { normal, chisquare } = jstat.jStat;

/** From here on the library's upper tail loses its digits, and Mills' ratio has them all. */
const DEEP = 5;
/** Terms of the continued fraction: at z = 5 it stands still long before. */
const TERMS = 60;

/** P(Z > z) of a standard normal Z, right to 9 digits or better however deep the tail. For large z by the continued
 *  fraction of Mills' ratio (Abramowitz & Stegun 26.2.14). */
export function normalUpper(z: number): number {
  if (z < DEEP) return 1 - normal.cdf(z, 0, 1);
  let rest = z;
  for (let k = TERMS; k >= 1; k--) rest = z + k / rest;
  return Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI) / rest;
}

/** P(|Z| > |z|): the two-sided p of a z score. */
export function twoSided(z: number): number {
  return 2 * normalUpper(Math.abs(z));
}

/** The z that a standard normal exceeds with probability `p`, 0 < p < 1. */
export function normalPoint(p: number): number {
  return -normal.inv(p, 0, 1);
}

/** P(χ² > x) with `dof` degrees of freedom; of one degree by the normal tail, which is right however far out. */
export function chiSquareUpper(x: number, dof: number): number {
  return dof === 1 ? twoSided(Math.sqrt(x)) : Math.max(0, 1 - chisquare.cdf(x, dof));
}

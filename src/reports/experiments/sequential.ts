// Looking more than once without fooling oneself: bounds of group-sequential tests by alpha spending.
import { normalPoint, normalUpper } from "./distributions.js";

/** One look. */
export interface Look {
  /** how much of the planned time has gone, in (0, 1]; the last look's is 1 */
  time: number;
  /** what is known by then, in any unit that grows with the sample: only the ratios between looks count */
  information: number;
}

/** Two-sided error that may have been spent by a time, of `alpha` in all: Lan and DeMets' (1983) O'Brien-Fleming-like
 *  function, each side for itself. Early looks get next to nothing, the last nearly all. */
function spent(time: number, alpha: number): number {
  return time >= 1 ? alpha : 4 * normalUpper(normalPoint(alpha / 4) / Math.sqrt(time));
}

/** Intervals of Simpson's rule: more change no digit shown. */
const STEPS = 400;
/** |z| beyond which nothing is ever found. */
const MOST = 12;

/** The |z| that each look must exceed for the whole to err with `alpha` at most (two-sided), by recursive numerical
 *  integration (Armitage, McPherson and Rowe 1969). Times and information must rise. One look: the fixed horizon. */
export function bounds(looks: readonly Look[], alpha: number): number[] {
  const found: number[] = [];
  let before: Density | null = null;
  for (const [at, look] of looks.entries()) {
    const may = spent(look.time, alpha) - (at === 0 ? 0 : spent(looks[at - 1]?.time ?? 0, alpha));
    const bound = boundFor(may, before, look.information);
    found.push(bound);
    before = densityAfter(before, look.information, bound);
  }
  return found;
}

/** How the score stands after a look that did not end it: its density at the points of a grid, with their weights. */
interface Density {
  information: number;
  points: { at: number; weighed: number }[];
}

/** The z whose crossing has just the probability that may be spent. */
function boundFor(may: number, before: Density | null, information: number): number {
  let [low, high] = [0, MOST];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (crossing(middle, before, information) > may) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance to come this far and then exceed ±z. */
function crossing(z: number, before: Density | null, information: number): number {
  if (!before) return 2 * normalUpper(z);
  const edge = z * Math.sqrt(information);
  const spread = Math.sqrt(information - before.information);
  return before.points.reduce(
    (sum, { at, weighed }) =>
      sum + weighed * (normalUpper((edge - at) / spread) + normalUpper((edge + at) / spread)),
    0,
  );
}

function densityAfter(before: Density | null, information: number, bound: number): Density {
  const edge = Math.min(bound, MOST / 1.5) * Math.sqrt(information);
  const width = (2 * edge) / STEPS;
  const points = Array.from({ length: STEPS + 1 }, (_value, step) => {
    const at = -edge + step * width;
    const simpson = step === 0 || step === STEPS ? 1 : step % 2 === 1 ? 4 : 2;
    return { at, weighed: ((simpson * width) / 3) * densityAt(at, before, information) };
  });
  return { information, points };
}

function densityAt(score: number, before: Density | null, information: number): number {
  if (!before) return bell(score, Math.sqrt(information));
  const spread = Math.sqrt(information - before.information);
  return before.points.reduce((sum, { at, weighed }) => sum + weighed * bell(score - at, spread), 0);
}

function bell(x: number, spread: number): number {
  return Math.exp(-0.5 * (x / spread) ** 2) / (spread * Math.sqrt(2 * Math.PI));
}

// What an experiment's figures say: which arm is better, or how much more it takes to know.
import { rate } from "../measures.js";
import type { Rate } from "../report.js";
import { twoSided } from "./distributions.js";
import { bounds } from "./sequential.js";
import { ALPHA, allEqual, difference, POWER, pooledZ, sampleRatio, timesLarger } from "./statistics.js";

/** What became of an arm: of so many sends so many were answered. */
export interface ArmCount {
  name: string;
  sent: number;
  replied: number;
}

/** How arms are judged. */
export interface Judging {
  /** what each arm should hold, as weights; absent: nobody looks at the arms' sizes */
  shares?: readonly number[];
  /** the sizes that the shares speak of; absent: the sends */
  assigned?: readonly number[];
  /** |z| that a difference must exceed; absent: that of a fixed horizon, 5 % two-sided over all comparisons */
  bound?: number;
  /** the smallest difference worth knowing, in [0, 1]; absent: the one that was seen */
  detect?: number;
}

/** An arm beside the first. */
interface Comparison {
  arm: string;
  against: string;
  /** arm − against, with Newcombe's 95 % interval; null while one of them has no send */
  difference: Rate | null;
  z: number;
  /** two-sided, for this comparison alone */
  p: number;
}

/** What is known. */
export interface Verdict {
  arms: (ArmCount & { rate: Rate | null })[];
  /** every arm against the first */
  comparisons: Comparison[];
  /** that all arms are equal: the two-proportion test of two, chi-square of more */
  p: number;
  sampleRatio: { expected: number[]; chiSquare: number; p: number; holds: boolean } | null;
  /** the |z| that decides */
  bound: number;
  /** `mismatch`: the arms' sizes cannot have come about by their shares, so their rates say nothing */
  outcome: "better" | "undecided" | "mismatch";
  winner: string | null;
  /** sends still needed, over all arms, to see the difference with 80 % power; null: nobody can say; 0: enough were sent
   *  to see a difference of `detect` */
  moreSends: number | null;
  detect: number | null;
}

/** Below this p the sizes of the arms are wrong, not unlucky. */
export const RATIO_ALARM = 0.001;

/** The error each comparison with the first arm may make so that all together keep to 5 % (Bonferroni). */
export function alphaEach(arms: number): number {
  return ALPHA / Math.max(1, arms - 1);
}

/** Judges two or more arms, the first being what would stay as it is. */
export function judge(arms: readonly ArmCount[], judging: Judging = {}): Verdict {
  const [control, ...others] = arms;
  if (!control || others.length === 0) throw new Error("at least two arms");
  const alpha = alphaEach(arms.length);
  const comparisons = others.map((arm) => compared(arm, control));
  const holds = ({ z, p }: Comparison) =>
    judging.bound === undefined ? p <= alpha : Math.abs(z) >= judging.bound;
  const ratio = ratioOf(arms, judging);
  const best = bestOf(comparisons);
  const isBetter = best.z > 0 && holds(best);
  const isWorse = comparisons.every((one) => one.z < 0 && holds(one));
  const winner = isBetter ? best.arm : isWorse ? control.name : null;
  const outcome = ratio && !ratio.holds ? "mismatch" : winner === null ? "undecided" : "better";
  return {
    arms: arms.map((arm) => ({ ...arm, rate: rate(arm.replied, arm.sent) })),
    comparisons,
    p: arms.length === 2 ? best.p : allEqual(arms.map(countOf)).p,
    sampleRatio: ratio,
    bound: judging.bound ?? bounds([{ time: 1, information: 1 }], alpha)[0] ?? Number.MAX_VALUE,
    outcome,
    winner: outcome === "better" ? winner : null,
    moreSends: outcome === "undecided" ? moreSends(arms, best, alpha, judging.detect) : null,
    detect: judging.detect ?? null,
  };
}

function compared(arm: ArmCount, control: ArmCount): Comparison {
  const names = { arm: arm.name, against: control.name };
  if (arm.sent === 0 || control.sent === 0) return { ...names, difference: null, z: 0, p: 1 };
  const z = pooledZ(countOf(arm), countOf(control));
  return { ...names, difference: difference(countOf(arm), countOf(control)), z, p: twoSided(z) };
}

/** The comparison that speaks most for an arm beside the first. */
export function bestOf(comparisons: readonly Comparison[]): Comparison {
  return comparisons.reduce((best, one) => (one.z > best.z ? one : best));
}

function ratioOf(arms: readonly ArmCount[], { shares, assigned }: Judging): Verdict["sampleRatio"] {
  if (!shares) return null;
  const found = sampleRatio(assigned ?? arms.map(({ sent }) => sent), shares);
  return { ...found, holds: found.p >= RATIO_ALARM };
}

/** Sends to come, the arms growing as they have: for the best arm beside the control, by the difference seen or, when
 *  one was named, by that on top of the control's rate. */
function moreSends(
  arms: readonly ArmCount[],
  best: Comparison,
  alpha: number,
  detect: number | undefined,
): number | null {
  const one = arms.find(({ name }) => name === best.arm);
  const control = arms.find(({ name }) => name === best.against);
  if (!one || !control || one.sent === 0 || control.sent === 0) return null;
  const base = control.replied / control.sent;
  const wished = detect === undefined ? one.replied / one.sent : Math.min(1, base + detect);
  if (wished === base) return null;
  const times = timesLarger({ k: wished * one.sent, n: one.sent }, countOf(control), { alpha, power: POWER });
  const sent = arms.reduce((sum, arm) => sum + arm.sent, 0);
  return Math.max(0, Math.ceil((times - 1) * sent));
}

function countOf({ sent, replied }: ArmCount) {
  return { k: replied, n: sent };
}

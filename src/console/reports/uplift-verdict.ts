// What may be said of a touchpoint's uplift, the same words and marks wherever it stands.
import type { Uplift } from "../../reports/experiments/uplift.js";
import { SMALL } from "../../reports/measures.js";

const SURE = 0.05;

/** Counted over too few on one side. */
export function isFewUplift({ assigned, held_out: held }: Pick<Uplift, "assigned" | "held_out">): boolean {
  return Math.min(assigned.occurrences, held.occurrences) < SMALL;
}

/** What may be said of it. `p` is the one that counts: adjusted where touchpoints stand beside one another. */
export function upliftVerdict(
  { uplift, sample_ratio: ratio }: Pick<Uplift, "uplift" | "sample_ratio">,
  p: number | null,
): string {
  if (ratio && !ratio.holds) return "不可信：对照人数与抽取比例不符";
  if (!uplift.difference || p === null) return "还没有可以比较的数据";
  if (p > SURE) return "看不出差别";
  return uplift.difference.value > 0 ? "有提升" : "有下降";
}

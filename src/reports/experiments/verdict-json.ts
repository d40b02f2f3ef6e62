// A verdict as JSON, the same for the command line and the API.
import { sayVerdict } from "./verdict-words.js";
import { bestOf, type Verdict } from "./verdicts.js";

/** Rates and differences are shares in [0, 1], each with its 95 % interval; the difference is the last arm's for two. */
export function verdictJson(verdict: Verdict) {
  const { arms, comparisons, p, sampleRatio, bound, outcome, winner, moreSends } = verdict;
  const { en, zh } = sayVerdict(verdict);
  const best = bestOf(comparisons);
  return {
    arms,
    comparisons,
    difference: best.difference,
    p,
    sample_ratio: sampleRatio && {
      ...{ expected: sampleRatio.expected, chi_square: sampleRatio.chiSquare },
      ...{ p: sampleRatio.p, holds: sampleRatio.holds },
    },
    ...{ bound, outcome, winner, more_sends: moreSends, sentence: en, sentence_zh: zh },
  };
}

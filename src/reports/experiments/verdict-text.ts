// A verdict as people read it in a terminal.
import type { Rate } from "../report.js";
import { percent, sayP, sayVerdict } from "./verdict-words.js";
import type { Verdict } from "./verdicts.js";

/** Arms, differences, the sizes' check and the sentence, line by line. */
export function verdictText(verdict: Verdict): string {
  const { arms, comparisons, sampleRatio, p } = verdict;
  const ratio = sampleRatio
    ? [`样本比例：${sampleRatio.holds ? "正常" : "异常"}（p = ${sayP(sampleRatio.p)}）`]
    : [];
  return [
    ...arms.map(
      ({ name, sent, replied, rate }) => `${name}  发送 ${sent}  回复 ${replied}  ${sayRate(rate)}`,
    ),
    ...comparisons.map(
      ({ arm, against, difference, p: own }) =>
        `${arm} − ${against}  ${sayRate(difference)}  p = ${sayP(own)}`,
    ),
    ...(comparisons.length > 1 ? [`各组相同的可能：p = ${sayP(p)}`] : []),
    ...ratio,
    sayVerdict(verdict).zh,
  ].join("\n");
}

/** "24.1%（22.4% 到 25.9%）" */
export function sayRate(rate: Rate | null): string {
  return rate ? `${percent(rate.value)}%（${percent(rate.low)}% 到 ${percent(rate.high)}%）` : "—";
}

// A verdict in one sentence, Chinese and English.
import type { Rate } from "../report.js";
import { bestOf, type Verdict } from "./verdicts.js";

/** A sentence in both languages. */
export interface Sentence {
  zh: string;
  en: string;
}

/** "B is better: 24.1 % against 19.8 % replies, difference 4.3 points (1.2 to 7.4)", or what is missing. */
export function sayVerdict(verdict: Verdict): Sentence {
  if (verdict.outcome === "mismatch") return sayMismatch(verdict);
  return verdict.outcome === "better" ? sayBetter(verdict) : sayUndecided(verdict);
}

function sayBetter({ arms, comparisons, winner }: Verdict): Sentence {
  const [control] = arms;
  // where the first arm wins, it stands against the next best
  const best = bestOf(comparisons);
  const isControl = winner === control?.name;
  const rateOf = (name: string) => percent(arms.find((arm) => arm.name === name)?.rate?.value ?? 0);
  const [won, lost] = isControl ? [best.against, best.arm] : [best.arm, best.against];
  const gap = best.difference ?? { value: 0, low: 0, high: 0 };
  const ahead = isControl ? { value: -gap.value, low: -gap.high, high: -gap.low } : gap;
  return {
    en: `${won} is better: ${rateOf(won)} % against ${rateOf(lost)} % replies, difference ${points(ahead, "to")}`,
    zh: `${won} 更好：回复率 ${rateOf(won)}% 对 ${rateOf(lost)}%，相差 ${points(ahead, "到")}`,
  };
}

function sayUndecided({ arms, comparisons, moreSends, detect }: Verdict): Sentence {
  if (moreSends === null)
    return {
      en: "not decided: no difference seen, so nobody can say how many more sends it takes",
      zh: "尚无定论：没有看到差异，无法估计还需发送多少",
    };
  if (moreSends === 0 && detect !== null)
    return {
      en: `not decided: enough was sent to see a difference of ${tenths(detect)} points, and none was seen`,
      zh: `尚无定论：发送量已足以看出 ${tenths(detect)} 个百分点的差异，但没有看到`,
    };
  const sent = arms.reduce((sum, arm) => sum + arm.sent, 0);
  const [more, now, all] = [moreSends, sent, sent + moreSends].map((n) => n.toLocaleString("en-US"));
  const gap = tenths(detect ?? Math.abs(bestOf(comparisons).difference?.value ?? 0));
  return {
    en: `not decided: ${more} more sends needed (${now} sent, a difference of ${gap} points takes about ${all})`,
    zh: `尚无定论：还需发送 ${more} 条（发了 ${now} 条，要看出 ${gap} 个百分点的差异大约要 ${all} 条）`,
  };
}

function sayMismatch({ arms, sampleRatio }: Verdict): Sentence {
  const sizes = sampleRatio?.expected.map((size) => Math.round(size)).join(" : ") ?? "";
  const names = arms.map(({ name }) => name).join(" : ");
  const p = sayP(sampleRatio?.p ?? 0);
  return {
    en: `not to be trusted: the sizes of ${names} should be about ${sizes} (p = ${p}); find out why before reading the rates`,
    zh: `结果不可信：${names} 的样本量应约为 ${sizes}（p = ${p}），请先查明原因`,
  };
}

/** "24.1" of .241 */
export function percent(share: number): string {
  return (share * 100).toFixed(1);
}

/** "4.3" of .043, "3" of .03 */
function tenths(share: number): string {
  return String(Number(percent(share)));
}

function points({ value, low, high }: Rate, to: "to" | "到"): string {
  const numbers = `${percent(low)} ${to} ${percent(high)}`;
  return to === "to" ? `${percent(value)} points (${numbers})` : `${percent(value)} 个百分点（${numbers}）`;
}

/** A p-value with three digits that mean something. */
export function sayP(p: number): string {
  return p >= 0.0001 ? p.toPrecision(3) : p.toExponential(1);
}

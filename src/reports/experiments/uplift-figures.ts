// What a touchpoint changes: repurchase of all who were meant to get it, against those held out.
import { rate } from "../measures.js";
import type { Rate } from "../report.js";
import type { BuyerCount, DayOfBuyers } from "./queries.js";
import { benjaminiHochberg, difference, sampleRatio, twoProportions } from "./statistics.js";
import { percent, type Sentence, sayP } from "./verdict-words.js";
import { RATIO_ALARM } from "./verdicts.js";

/** Days from the due day in which an order counts. */
export const REPURCHASE_DAYS = 30;

/** Occurrences with those after which the customer ordered. */
interface Group {
  occurrences: number;
  bought: number;
  rate: Rate | null;
}

/** A difference of repurchase, in shares, with Newcombe's 95 % interval; null while one side is empty. */
interface Effect {
  difference: Rate | null;
  p: number | null;
}

/** The figures of one touchpoint. */
export interface UpliftFigures {
  /** whatever became of them: the fair comparison, for it is the draw alone that parts them from the held out */
  assigned: Group;
  held_out: Group;
  uplift: Effect;
  /** a second figure, marked: whom a guide chose to send to was no draw, so more than the message parts them */
  sent_only: Group & Effect & { biased: true };
  sample_ratio: { expected: number[]; p: number; holds: boolean } | null;
  sentence: string;
  sentence_zh: string;
}

/** Sums a touchpoint's days, of whose occurrences so many percent should be held out. */
export function upliftFigures(days: readonly DayOfBuyers[], percent: number): UpliftFigures {
  const held = summed(days.map((day) => day.held));
  const sent = summed(days.map((day) => day.sent));
  const assigned = summed([sent, ...days.map((day) => day.other)]);
  const effect = effectOf(assigned, held);
  const found = sampleRatio([assigned.n, held.n], [100 - percent, percent]);
  const ratio =
    assigned.n + held.n === 0
      ? null
      : { ...{ expected: found.expected, p: found.p }, holds: found.p >= RATIO_ALARM };
  const said = ratio && !ratio.holds ? sayMismatch(ratio.p) : sayEffect(effect, assigned, held);
  return {
    ...{ assigned: groupOf(assigned), held_out: groupOf(held), uplift: effect },
    sent_only: { ...groupOf(sent), ...effectOf(sent, held), biased: true },
    ...{ sample_ratio: ratio, sentence: said.en, sentence_zh: said.zh },
  };
}

/** The p of each touchpoint of a league, adjusted for their number by Benjamini and Hochberg; null where there is none. */
export function adjusted(ps: readonly (number | null)[]): (number | null)[] {
  const known = ps.flatMap((p) => (p === null ? [] : [p]));
  const found = benjaminiHochberg(known);
  return ps.map((p) => (p === null ? null : (found.shift() ?? null)));
}

function summed(counts: readonly BuyerCount[]): BuyerCount {
  return counts.reduce((sum, { n, bought }) => ({ n: sum.n + n, bought: sum.bought + bought }), {
    n: 0,
    bought: 0,
  });
}

function groupOf({ n, bought }: BuyerCount): Group {
  return { occurrences: n, bought, rate: rate(bought, n) };
}

function effectOf(one: BuyerCount, held: BuyerCount): Effect {
  if (one.n === 0 || held.n === 0) return { difference: null, p: null };
  const [a, b] = [
    { k: one.bought, n: one.n },
    { k: held.bought, n: held.n },
  ];
  return { difference: difference(a, b), p: twoProportions(a, b).p };
}

function sayEffect({ difference: gap, p }: Effect, assigned: BuyerCount, held: BuyerCount): Sentence {
  if (!gap || p === null) return { en: "nothing to compare yet", zh: "还没有可以比较的数据" };
  const [one, other] = [percent(assigned.bought / assigned.n), percent(held.bought / held.n)];
  const [value, low, high] = [gap.value, gap.low, gap.high].map(percent);
  const en = `repurchase ${one} % against ${other} % held out: ${value} points (${low} to ${high}), p = ${sayP(p)}`;
  const zh = `复购 ${one}%，对照 ${other}%：提升 ${value} 个百分点（${low} 到 ${high}），p = ${sayP(p)}`;
  return { en, zh };
}

function sayMismatch(p: number): Sentence {
  return {
    en: `not to be trusted: far more or fewer were held out than drawn (p = ${sayP(p)})`,
    zh: `结果不可信：对照人数与抽取比例不符（p = ${sayP(p)}）`,
  };
}

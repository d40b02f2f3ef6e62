// How well scores tell who will buy again from who will not. Pure.

/** Scores with what came of them, customer by customer. Higher: more likely to buy. */
export interface Ranked {
  scores: Float64Array;
  /** purchases in the hold-out period */
  bought: Float64Array;
}

/** The chance that a customer who bought has a higher score than one who did not, ties counted half (Mann and Whitney); NaN
 *  when all did, or none. */
export function auc({ scores, bought }: Ranked): number {
  const order = ascending(scores);
  let buyers = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let here = 0;
    for (; to < order.length && scores[order[to] as number] === scores[order[from] as number]; to++)
      if ((bought[order[to] as number] as number) > 0) here++;
    buyers += here;
    // ranks count from 1; the tied share their mean
    rankSum += (here * (from + 1 + to)) / 2;
    from = to;
  }
  return (rankSum - (buyers * (buyers + 1)) / 2) / (buyers * (order.length - buyers));
}

/** The score that parts buyers from others best: where (buyers at or above it) − (others at or above it), each as a share of
 *  their own, is greatest (Youden's J). NaN when all bought, or none. */
export function partingScore({ scores, bought }: Ranked): number {
  const order = ascending(scores);
  const buyers = bought.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const others = order.length - buyers;
  if (buyers === 0 || others === 0) return Number.NaN;
  let best = { score: Number.NaN, gain: -1 };
  let gain = 0;
  for (const [at, customer] of order.entries()) {
    const score = scores[customer] as number;
    if (at > 0 && score > (scores[order[at - 1] as number] as number) && gain > best.gain)
      best = { score, gain };
    gain += (bought[customer] as number) > 0 ? -1 / buyers : 1 / others;
  }
  return best.score;
}

/** One step of a calibration table: customers of neighbouring scores. */
export interface Step {
  customers: number;
  /** mean score */
  score: number;
  /** share of them who bought */
  bought: number;
  /** mean purchases */
  purchases: number;
}

/** The customers in ten equal steps from the lowest score to the highest. */
export function calibration({ scores, bought }: Ranked, steps = 10): Step[] {
  const order = ascending(scores);
  return Array.from({ length: steps }, (_, step) => {
    const some = order.subarray(
      Math.floor((step * order.length) / steps),
      Math.floor(((step + 1) * order.length) / steps),
    );
    const mean = (of: (customer: number) => number) =>
      some.reduce((sum, customer) => sum + of(customer), 0) / some.length;
    return {
      customers: some.length,
      score: mean((customer) => scores[customer] as number),
      bought: mean((customer) => ((bought[customer] as number) > 0 ? 1 : 0)),
      purchases: mean((customer) => bought[customer] as number),
    };
  }).filter(({ customers }) => customers > 0);
}

/** How many times as often the fifth with the highest scores buys as all do. */
export function liftOfTop(ranked: Ranked): number {
  const steps = calibration(ranked, 5);
  const all = steps.reduce((sum, step) => sum + step.bought * step.customers, 0) / ranked.scores.length;
  return (steps.at(-1)?.bought ?? Number.NaN) / all;
}

function ascending(scores: Float64Array): Uint32Array {
  return Uint32Array.from(scores, (_score, customer) => customer).sort(
    (a, b) => (scores[a] as number) - (scores[b] as number),
  );
}

// What the models learn from a brand's purchases: a back-test on a hold-out period of their own, and the models made ready on
// everything. Pure.
import { type Backtest, backtest } from "./backtest.js";
import { type Fitted, fitAll, usualGap } from "./candidates.js";
import { aggregated, type Histories, historyOf } from "./histories.js";
import { eachCustomer, type PurchaseLog } from "./purchase-log.js";
import type { Serving } from "./risk-days.js";
import { learnSupplies, type Supply, type SupplyLearned } from "./supplies.js";

/** What was learned; plain JSON but for NaN. */
export interface Learned {
  /** null: too little to try anything on */
  backtest: Backtest | null;
  /** day numbers of the trial */
  calibratedUntil: number | null;
  heldUntil: number | null;
  serving: Serving;
  supply: SupplyLearned;
}

/** Purchases with the day of looking (the same numbering). */
export interface Lesson {
  log: PurchaseLog;
  until: number;
  supplies: readonly Supply[];
}

const WEEK = 7;
/** Different histories a fit looks at: right to a hundredth, in half a second. */
const MOST_HISTORIES = 3_000;
/** A hold-out period of twice the usual gap shows who has stayed; between four weeks and half a year. */
const GAPS_HELD_OUT = 2;
const HELD_OUT_WEEKS = [4, 26] as const;
/** Without a back-test that can part customers, who has waited twice the usual gap is at risk. */
const GAPS_OF_RISK = 2;

/** Learns. Looks only at purchases up to `until`. */
export function learn({ log, until, supplies }: Lesson): Learned {
  const all = historiesOn(log, until);
  const gapDays = usualGap(all) * WEEK;
  const weeks = clamp(Math.round((GAPS_HELD_OUT * gapDays) / WEEK), HELD_OUT_WEEKS);
  const calibrateUntil = until - weeks * WEEK;
  const tried = backtest({ log, calibrateUntil, until, unitDays: WEEK, most: MOST_HISTORIES });
  const isTried = tried.customers > 0;
  const fitted = all.customers > 0 ? fitAll(all, MOST_HISTORIES, tried.models) : [];
  return {
    backtest: isTried ? tried : null,
    calibratedUntil: isTried ? calibrateUntil : null,
    heldUntil: isTried ? until : null,
    serving: servingOf(fitted, isTried ? tried : null, { gapDays, horizonDays: weeks * WEEK }),
    supply: learnSupplies(supplies),
  };
}

/** The chosen models on everything that is known. One that degenerates there keeps what the back-test found. */
function servingOf(
  fitted: readonly Fitted[],
  tried: Backtest | null,
  { gapDays, horizonDays }: Pick<Serving, "gapDays" | "horizonDays">,
): Serving {
  const recency: Fitted = { name: "recency", parameters: {}, logLikelihood: null, degenerate: null };
  const usual = gapDays > 0 ? (-GAPS_OF_RISK * gapDays) / WEEK : null;
  if (!tried) return { served: recency, riskBelow: usual, value: null, horizonDays, gapDays };
  const ready = (name: string): Fitted => {
    const now = fitted.find((one) => one.name === name && one.degenerate === null);
    return now ?? plain(tried.models.find((one) => one.name === name) ?? recency);
  };
  const isParted = Number.isFinite(tried.riskBelow);
  return {
    served: isParted ? ready(tried.served) : recency,
    riskBelow: isParted ? tried.riskBelow : usual,
    value: tried.value && { model: ready(tried.value.name), lowBelow: tried.value.lowBelow },
    ...{ horizonDays, gapDays },
  };
}

function plain({ name, parameters, logLikelihood, degenerate }: Fitted): Fitted {
  return { name, parameters, logLikelihood, degenerate };
}

function historiesOn(log: PurchaseLog, until: number): Histories {
  return aggregated([...eachCustomer(log)].flatMap((days) => historyOf(days, until, WEEK) ?? []));
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value));
}

// What models do: the nightly pass, and what their back-tests found.
import type { Store } from "../infra/store.js";
import { dayOf, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import type { Tried } from "./backtest.js";
import { type Night, type Progress, runNight } from "./nightly.js";
import { type KeptRun, latestRuns } from "./runs.js";
import type { SupplyLearned } from "./supplies.js";

export interface ModelParts {
  store: Store;
  world: World;
  /** the brand's zone */
  zone: string;
}

/** A back-test as it was kept. Figures that could not be computed are null. */
export interface KeptBacktest {
  ranOn: ShopDay;
  /** null when there were too few orders to try anything */
  calibratedUntil: ShopDay | null;
  heldUntil: ShopDay | null;
  customers: number;
  holdoutActual: number | null;
  served: string;
  why: string | null;
  horizonDays: number;
  models: (Tried & {
    /** the area under the curve beyond plain recency's; null for itself */
    overRecency: number | null;
  })[];
  supply: SupplyLearned;
}

export type ModelService = ReturnType<typeof modelService>;

/** Runs kept for a look. */
const SHOWN = 12;

/** The models over one database. */
export function modelService({ store, world, zone }: ModelParts) {
  return {
    /** The nightly pass: learns when due, computes whose orders changed. `full`: everything anew. Run twice it writes once. */
    run: (way: { full?: boolean; progress?: (progress: Progress) => void } = {}): Promise<Night> =>
      runNight({ store, now: world.now(), today: shopDayOf(world.now(), zone), ...way }),

    /** The latest back-tests, newest first. */
    backtests: async (): Promise<KeptBacktest[]> => (await latestRuns(store.read, SHOWN)).map(shown),
  };
}

function shown({ ranOn, learned }: KeptRun): KeptBacktest {
  const { backtest, calibratedUntil, heldUntil, serving, supply } = learned;
  const models = backtest?.models ?? [];
  const recency = models.find(({ name }) => name === "recency")?.auc ?? null;
  return {
    ...{ ranOn, supply, horizonDays: serving.horizonDays, served: serving.served.name },
    calibratedUntil: calibratedUntil === null ? null : dayOf(calibratedUntil),
    heldUntil: heldUntil === null ? null : dayOf(heldUntil),
    customers: backtest?.customers ?? 0,
    holdoutActual: backtest?.holdoutActual ?? null,
    why: backtest?.why ?? null,
    models: models.map((model) => ({
      ...model,
      overRecency: model.name === "recency" || recency === null ? null : model.auc - recency,
    })),
  };
}

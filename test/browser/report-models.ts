// A back-test and an uplift to look at, as a night would keep them.
import type { Store } from "../../src/infra/store.js";
import { dayNumber } from "../../src/kernel/calendar.js";
import { at, TODAY } from "./brand.js";

/** Keeps one back-test of three models, and two touchpoints' uplift. */
export async function keepBacktest(store: Store): Promise<void> {
  const steps = (counting: boolean) =>
    Array.from({ length: 10 }, (_, n) => ({
      ...{ customers: 410, score: counting ? 0.04 + n * 0.11 : n - 10 },
      ...{ bought: 0.05 + n * 0.085, purchases: 0.06 + n * 0.105 },
    }));
  const model = (name: string, auc: number, counting: boolean, degenerate: string | null = null) => ({
    ...{ name, auc, degenerate, logLikelihood: counting ? -5120.4 : null, lift: 1 + auc },
    parameters: counting ? { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 } : {},
    ...{ holdoutExpected: counting ? 2210.7 : null, calibration: steps(counting) },
  });
  const models = [
    model("recency", 0.7214, false),
    model("bg_nbd", 0.7468, true),
    model("pareto_nbd", 0.7402, true, "没有收敛"),
  ];
  const why = "bg_nbd 的 AUC 0.7468，比只看多久没买的 0.7214 高出 0.0254（须超过 0.005）。";
  const learned = {
    backtest: {
      ...{ customers: 4100, models, holdoutActual: 2190, served: "bg_nbd", why, riskBelow: 0.2 },
      value: { name: "bg_nbd", lowBelow: 0.5 },
    },
    ...{ calibratedUntil: dayNumber("2026-01-10"), heldUntil: dayNumber("2026-03-08") },
    serving: { served: models[1], riskBelow: 0.2, value: null, horizonDays: 56, gapDays: 28 },
    supply: {},
  };
  await store.write(async (sql) => {
    await sql.run(
      `INSERT INTO model_run (ran_at, ran_on, calibrated_until, held_until, customers, served, why, details, order_id)
       VALUES (?, ?, '2026-01-10', '2026-03-08', 4100, 'bg_nbd', ?, ?, 1)`,
      [at(TODAY, "02:20"), TODAY, why, JSON.stringify(learned)],
    );
    for (const [id, name, value, p] of [
      [1, "三天关怀", 0.031, 0.02],
      [2, "七天关怀", -0.004, 0.61],
    ] as const)
      await sql.run("INSERT INTO touchpoint_uplift (touchpoint_id, reckoned_at, figures) VALUES (?, ?, ?)", [
        ...[id, at(TODAY, "06:40"), JSON.stringify(uplift(name, value, p))],
      ]);
  });
}

function uplift(name: string, value: number, p: number): object {
  const group = (occurrences: number, rate: number) => ({
    ...{ occurrences, bought: Math.round(occurrences * rate) },
    rate: { value: rate, low: rate - 0.03, high: rate + 0.03 },
  });
  const effect = { difference: { value, low: value - 0.027, high: value + 0.027 }, p };
  return {
    ...{ key: "look/day-3", name, from: "2025-11-01", to: "2026-01-29", hold_out: 5, provisional: false },
    ...{ assigned: group(19000, 0.21), held_out: group(1000, 0.21 - value), uplift: effect, p_adjusted: p },
    sent_only: { ...group(15000, 0.24), ...effect, biased: true },
    ...{ sample_ratio: { expected: [19000, 1000], p: 0.9, holds: true }, sentence: "", sentence_zh: "" },
  };
}

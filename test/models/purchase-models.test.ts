// The models against what was published of them, to three digits and more: the CDNOW set, and figures of other programs.
import { readFileSync } from "node:fs";
import { dayNumber } from "../../src/kernel/calendar.js";
import { backtest } from "../../src/models/backtest.js";
import { bgNbd } from "../../src/models/bg-nbd.js";
import { scorerOf } from "../../src/models/candidates.js";
import { fitModel } from "../../src/models/fitting.js";
import { aggregated, type History, historyOf } from "../../src/models/histories.js";
import { paretoNbd } from "../../src/models/pareto-nbd.js";
import type { PurchaseModel } from "../../src/models/purchase-models.js";
import { auc } from "../../src/models/ranking.js";
import { dashed, daysByCustomer, describeWith, logOf } from "./support.js";

interface Vector {
  x: number;
  t_x: number;
  T: number;
  bgnbd_p_alive: number;
  bgnbd_ce_39w: number;
  pnbd_p_alive: number;
  pnbd_ce_39w: number;
}

interface Reference {
  published: {
    pmf: unknown;
    excel_sheet: { E_times: number[]; E_values: number[] };
    customer_1516: { bgnbd_ce_52w: number; pnbd_ce_52w: number; bgnbd_p_alive: number; pnbd_p_alive: number };
    unconditional_52w: { bgnbd: number; pnbd: number };
    increasing_frequency_paradox: {
      t_x: number;
      T: number;
      t: number;
      x: number[];
      bgnbd: number[];
      pnbd: number[];
    };
  };
  vectors: Vector[];
}

/** As published, seven digits. */
const BG = [0.2425982, 4.4136842, 0.7929899, 2.4261667];
const PARETO = [0.5533971433, 10.5801985436, 0.6060624971, 11.6562236702];

/** Equal to three significant digits and a little more. */
const near = (value: number, right: number, share = 5e-4) =>
  expect(Math.abs(value / right - 1)).toBeLessThan(share);

describeWith("cdnow", "CDNOW", (path) => {
  const reference = JSON.parse(readFileSync(path("reference.json"), "utf8")) as Reference;
  const { published, vectors } = reference;
  const customers = daysByCustomer(path("CDNOW_sample.txt"), (line) => {
    const [, sample, day] = line.trim().split(/\s+/);
    return sample && day ? [sample, dashed(day)] : undefined;
  });
  const calibrateUntil = dayNumber("1997-09-30");
  const until = dayNumber("1998-06-30");
  const histories = [...customers.values()].map((days) => historyOf(days, calibrateUntil, 7) as History);
  const past = aggregated(histories);
  const fits = { bg: fitModel(bgNbd, past), pareto: fitModel(paretoNbd, past) };

  test("same-day orders are one purchase: 2,357 customers, 2,457 repeats", () => {
    expect(past.customers).toBe(2357);
    expect(histories.reduce((sum, { frequency }) => sum + frequency, 0)).toBe(2457);
  });

  test.each([
    ["BG/NBD", fits.bg, [0.243, 4.414, 0.793, 2.426], -9582.429],
    ["Pareto/NBD", fits.pareto, [0.553, 10.58, 0.606, 11.66], -9594.976],
  ] as const)(
    "%s finds the published top",
    (_name, { parameters, logLikelihood, degenerate }, right, top) => {
      for (const [i, value] of parameters.entries()) near(value, right[i] as number, 2e-3);
      expect(logLikelihood).toBeCloseTo(top, 2);
      expect(degenerate).toBeNull();
    },
  );

  test("the likelihood of the published parameters is the published one", () => {
    expect(bgNbd.logLikelihood(BG, past)).toBeCloseTo(-9582.4292, 3);
    expect(paretoNbd.logLikelihood(PARETO, past)).toBeCloseTo(-9594.9762, 3);
  });

  test.each([
    ["BG/NBD", bgNbd, fits.bg.parameters, BG, "bgnbd_ce_39w", "bgnbd_p_alive"],
    ["Pareto/NBD", paretoNbd, fits.pareto.parameters, PARETO, "pnbd_ce_39w", "pnbd_p_alive"],
  ] as const)("%s of single customers", (_name, model: PurchaseModel, fitted, exact, expected, alive) => {
    expect(vectors.length).toBeGreaterThan(10);
    for (const one of vectors) {
      const history = { frequency: one.x, recency: one.t_x, age: one.T };
      near(model.expected(exact, history, 39), one[expected], 1e-6);
      near(model.alive(exact, history), one[alive], 1e-6);
      near(model.expected(fitted, history, 39), one[expected], 1e-3);
      near(model.alive(fitted, history), one[alive], 1e-3);
    }
  });

  test("published figures of the whole", () => {
    const { customer_1516: one, unconditional_52w: anybody, excel_sheet: sheet } = published;
    const history = { frequency: 26, recency: 30.85714, age: 31 };
    near(bgNbd.expected(BG, history, 52), one.bgnbd_ce_52w, 1e-3);
    near(bgNbd.alive(BG, history), one.bgnbd_p_alive, 1e-3);
    near(paretoNbd.expected(PARETO, history, 52), one.pnbd_ce_52w, 1e-3);
    near(paretoNbd.alive(PARETO, history), one.pnbd_p_alive, 1e-3);
    near(bgNbd.expectedOfNew(BG, 52), anybody.bgnbd, 1e-3);
    near(paretoNbd.expectedOfNew(PARETO, 52), anybody.pnbd, 1e-3);
    for (const [i, t] of sheet.E_times.entries())
      expect(bgNbd.expectedOfNew([0.243, 4.414, 0.793, 2.426], t)).toBeCloseTo(
        sheet.E_values[i] as number,
        2,
      );
  });

  test("of equal silence, the more often somebody used to buy the less is expected", () => {
    const { x, t_x: recency, T: age, t, bgnbd, pnbd } = published.increasing_frequency_paradox;
    for (const [i, frequency] of x.entries()) {
      near(bgNbd.expected(BG, { frequency, recency, age }, t), bgnbd[i] as number, 1e-3);
      near(paretoNbd.expected(PARETO, { frequency, recency, age }, t), pnbd[i] as number, 1e-3);
    }
  });

  describe("the back-test", () => {
    const done = backtest({ log: logOf(customers.values()), calibrateUntil, until, unitDays: 7 });
    const of = (name: string) => done.models.find((model) => model.name === name);

    test("foretells the hold-out as published", () => {
      expect(done).toMatchObject({ customers: 2357, holdoutActual: 1882 });
      near(of("bg_nbd")?.holdoutExpected ?? 0, 1653.392);
      near(of("pareto_nbd")?.holdoutExpected ?? 0, 1665.428);
    });

    test.each([
      ["recency", 0.7715],
      ["bg_nbd", 0.7725],
      ["pareto_nbd", 0.7787],
    ])("%s ranks customers as published", (name, right) => {
      expect(of(name)?.auc).toBeCloseTo(right, 3);
    });

    test("serves expected purchases, which beat plain recency, and says so", () => {
      expect(done.served).toBe("pareto_nbd");
      expect(done.why).toContain("0.7787");
      expect(done.why).toContain("0.7714");
      expect(done.value?.name).toBe("pareto_nbd");
      expect(done.riskBelow).toBeGreaterThan(done.value?.lowBelow ?? Number.NaN);
    });

    test("the chance to be alive alone ranks worse than chance: it is never what is served", () => {
      const scorer = scorerOf({ name: "bg_nbd", parameters: of("bg_nbd")?.parameters ?? {} });
      const scores = Float64Array.from(histories, (history) => scorer.alive(history) ?? 0);
      const bought = Float64Array.from([...customers.values()], (days) =>
        days.some((day) => day > calibrateUntil && day <= until) ? 1 : 0,
      );
      expect(auc({ scores, bought })).toBeCloseTo(0.3158, 3);
      const history = { frequency: 0, recency: 0, age: 38 };
      expect(scorer.score(history, 39)).toBe(scorer.expected(history, 39));
    });

    test("the same in days, but for the unit", () => {
      const inDays = backtest({ log: logOf(customers.values()), calibrateUntil, until, unitDays: 1 });
      const bg = inDays.models.find(({ name }) => name === "bg_nbd");
      near((bg?.parameters.alpha ?? 0) / 7, 4.4137, 1e-3);
      expect(bg?.auc).toBeCloseTo(of("bg_nbd")?.auc ?? 0, 4);
    });
  });
});

describeWith("online-retail", "a gift retailer nobody is seen to leave", (path) => {
  const customers = daysByCustomer(path("invoices.csv"), (line) => {
    const [, customer, time] = line.split(",");
    return customer && /^\d{4}-/.test(time ?? "") ? [customer, (time as string).slice(0, 10)] : undefined;
  });

  test("16,763 purchase days of 4,338 customers", () => {
    const days = [...customers.values()];
    expect(days).toHaveLength(4338);
    expect(days.reduce((sum, own) => sum + own.length, 0)).toBe(16_763);
  });

  test("fits that run off are named, left out, and what is left beats recency", () => {
    const done = backtest({
      log: logOf(customers.values()),
      calibrateUntil: dayNumber("2011-08-31"),
      until: dayNumber("2011-12-09"),
      unitDays: 7,
    });
    const out = done.models.filter(({ degenerate }) => degenerate !== null).map(({ name }) => name);
    expect(out).toEqual(["bg_nbd", "pareto_nbd"]);
    expect(done.served).toBe("nbd");
    expect(done.value?.name).toBe("nbd");
    expect(done.why).toContain("bg_nbd（参数 a");
  });
});

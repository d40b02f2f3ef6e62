// A back-test of a file of orders, as the command line shows it: one JSON, and a table of what each model says of each customer.
import { createCsv } from "../infra/spreadsheets.js";
import { dayNumber, type ShopDay } from "../kernel/calendar.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import { type Backtest, backtest, type Tried } from "./backtest.js";
import { scorerOf } from "./candidates.js";
import { historyOf, UNIT_DAYS, type Unit } from "./histories.js";
import { type OrderFile, readOrderFile } from "./order-file.js";
import { eachCustomer } from "./purchase-log.js";

/** What is asked. */
export interface BacktestAsk {
  /** a .csv or .xlsx of orders */
  orders: string;
  calibrateUntil: ShopDay;
  until: ShopDay;
  unit: Unit;
  /** where to write the customers' table; null: nowhere */
  customers: string | null;
}

/** What is told: the models with their parameters by the literature's names, NaN as null. */
export interface BacktestTold {
  customers: number;
  models: {
    name: string;
    parameters: Record<string, number>;
    log_likelihood: number | null;
    degenerate: boolean;
    auc: number | null;
    holdout_expected: number | null;
  }[];
  holdout_actual: number;
  served: string;
  why: string;
}

/** The result, with rows that were left out. */
export interface BacktestDone {
  told: BacktestTold;
  refused: number;
  faults: readonly Fault[];
}

/** Runs it. Raises a Refusal for spans that cannot be, files that are no table, and when nobody had bought by then. */
export async function backtestFile(ask: BacktestAsk): Promise<BacktestDone> {
  if (ask.calibrateUntil >= ask.until)
    throw new Refusal("invalid", "--calibrate-until 必须早于 --until。", [
      { where: "--calibrate-until", value: ask.calibrateUntil, expected: `a date before ${ask.until}` },
    ]);
  const file = await readOrderFile(ask.orders);
  const [calibrateUntil, until, unitDays] = [
    dayNumber(ask.calibrateUntil),
    dayNumber(ask.until),
    UNIT_DAYS[ask.unit],
  ];
  const done = backtest({ log: file.log, calibrateUntil, until, unitDays });
  if (done.customers === 0)
    throw new Refusal("invalid", `到 ${ask.calibrateUntil} 为止没有客户买过，无法检验。`, file.faults);
  if (ask.customers !== null)
    writeCustomers(ask.customers, file, done, {
      at: calibrateUntil,
      t: (until - calibrateUntil) / unitDays,
      unitDays,
    });
  return { told: tell(done), refused: file.refused, faults: file.faults };
}

function tell({ customers, models, holdoutActual, served, why }: Backtest): BacktestTold {
  const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
  return {
    customers,
    models: models.map((model) => ({
      name: model.name,
      parameters: model.parameters,
      log_likelihood: finite(model.logLikelihood),
      degenerate: model.degenerate !== null,
      auc: finite(model.auc),
      holdout_expected: finite(model.holdoutExpected),
    })),
    holdout_actual: holdoutActual,
    served,
    why,
  };
}

function writeCustomers(
  path: string,
  { externalUserids, log }: OrderFile,
  { models }: Backtest,
  { at, t, unitDays }: { at: number; t: number; unitDays: number },
): void {
  const counting = models
    .filter(({ holdoutExpected }) => holdoutExpected !== null)
    .map((model: Tried) => ({ name: model.name, scorer: scorerOf(model) }));
  const csv = createCsv(path);
  const named = counting.flatMap(({ name }) => [`${name}_expected`, `${name}_alive`]);
  csv.write(["external_userid", "frequency", "recency", "age", ...named]);
  let place = 0;
  for (const days of eachCustomer(log)) {
    const externalUserid = externalUserids[place++] as string;
    const history = historyOf(days, at, unitDays);
    if (!history) continue;
    const values = counting.flatMap(({ scorer }) => [scorer.expected(history, t), scorer.alive(history)]);
    const cells = [history.frequency, history.recency, history.age, ...values].map(figure);
    csv.write([externalUserid, ...cells]);
  }
  csv.close();
}

/** Nine figures, without trailing noughts. */
const figure = (value: number | null) => (value === null ? "" : String(Number(value.toPrecision(9))));

// What the models say of some customers, and its writing: values, and anchors with their marks, in one transaction.

import { writeModelAnchors } from "../customers/model-anchors.js";
import type { Foretold } from "../customers/model-differences.js";
import { grouped, insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { addDays, daysBetween, type ShopDay } from "../kernel/calendar.js";
import type { Learned } from "./learned.js";
import { type FigureRow, ordersOf } from "./order-queries.js";
import { riskDaysOf, valuesOf } from "./risk-days.js";
import { type OrderRow, paceOf, type SupplyLearned, supplyOf } from "./supplies.js";
import { daysUntilOut } from "./supply-rules.js";

/** Says what the models say of a customer on a day, from their figures and orders. */
export interface Sayer {
  model: string;
  today: ShopDay;
  risk: ReturnType<typeof riskDaysOf>;
  values: ReturnType<typeof valuesOf>;
  supply: SupplyLearned;
}

/** A sayer for the models in use. */
export function sayerOf({ serving, supply }: Pick<Learned, "serving" | "supply">, today: ShopDay): Sayer {
  const model = serving.served.name;
  return { model, today, risk: riskDaysOf(serving), values: valuesOf(serving), supply };
}

/** A customer's figures with an order in them. */
type Buyer = FigureRow & { lastOn: ShopDay };

interface Said {
  foretold: Foretold;
  /** the columns of model_value */
  value: Param[];
}

const COLUMNS = [
  ...["last_on", "purchases", "span_days", "quantity", "model", "expected", "alive", "low_on", "computed_on"],
];

/** Nothing bought so long ago is left, so its orders need not be read. */
const USED_UP_DAYS = 366;

/** Computes and writes some customers, in the caller's transaction. Gives how many anchors changed. */
export async function writeScores(sql: Sql, sayer: Sayer, figures: readonly FigureRow[]): Promise<number> {
  const buyers = figures.filter((row): row is Buyer => row.lastOn !== null && row.purchases > 0);
  const late = addDays(sayer.today, -USED_UP_DAYS);
  const lately = buyers.filter(({ lastOn }) => lastOn >= late).map(({ customerId }) => customerId);
  const orders = grouped(await ordersOf(sql, lately, sayer.today), ({ customerId }) => customerId);
  const said = buyers.map((buyer) => say(sayer, buyer, orders.get(buyer.customerId) ?? []));
  await insertRows(
    sql,
    `INSERT INTO model_value (customer_id, ${COLUMNS.join(", ")})`,
    said.map(({ value }) => value),
    sql.dialect.onConflict(["customer_id"], COLUMNS),
  );
  const gone = figures.filter(({ lastOn }) => lastOn === null).map(({ customerId }) => customerId);
  if (gone.length > 0)
    await sql.run(`DELETE FROM model_value WHERE customer_id IN (${marks(gone.length)})`, gone);
  return writeModelAnchors(
    sql,
    said.map(({ foretold }) => foretold),
    sayer.today,
  );
}

function say(sayer: Sayer, buyer: Buyer, orders: readonly OrderRow[]): Said {
  const { customerId, purchases, spanDays, quantity, lastOn } = buyer;
  const after = (days: number | null) => (days === null ? null : addDays(lastOn, days));
  const rhythm = { purchases, spanDays };
  const { riskAfter, lowAfter } = sayer.risk(rhythm);
  const valued = sayer.values(rhythm, Math.max(0, daysBetween(lastOn, sayer.today)));
  return {
    foretold: {
      ...{ customerId, lastOn },
      days: { at_risk: after(riskAfter), supply_ends: after(supplyDays(sayer, orders)) },
    },
    value: [
      ...[customerId, lastOn, purchases, spanDays, Number(quantity), sayer.model],
      ...[valued?.expected ?? null, valued?.alive ?? null, after(lowAfter), sayer.today],
    ],
  };
}

function supplyDays({ supply: learned }: Sayer, orders: readonly OrderRow[]): number | null {
  const supply = supplyOf(orders);
  const pace = supply ? paceOf(learned, supply.segment) : null;
  return supply && pace !== null ? daysUntilOut(supply.purchases, pace) : null;
}

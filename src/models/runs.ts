// Keeps what was learned, and how far everybody has been looked at with it.
import type { Sql } from "../infra/store.js";
import { dayOf, type ShopDay } from "../kernel/calendar.js";
import type { Learned } from "./learned.js";

/** A run as kept. */
export interface KeptRun {
  id: number;
  ranOn: ShopDay;
  customers: number;
  /** the newest order there was */
  orderId: number;
  /** everybody up to this customer was looked at; null: everybody */
  scoredTo: number | null;
  learned: Learned;
}

interface Row {
  id: number;
  ranOn: ShopDay;
  customers: number;
  orderId: number | string;
  scoredTo: number | null;
  details: string;
}

const SELECT = `SELECT id, ran_on AS ranOn, customers, order_id AS orderId, scored_to AS scoredTo, details
  FROM model_run ORDER BY id DESC LIMIT`;

/** The newest runs, newest first. */
export async function latestRuns(sql: Sql, most: number): Promise<KeptRun[]> {
  const rows = await sql.rows<Row>(`${SELECT} ${most}`);
  return rows.map(({ details, orderId, ...row }) => ({
    ...row,
    orderId: Number(orderId),
    learned: JSON.parse(details) as Learned,
  }));
}

/** Keeps a run; everybody is still to be looked at. */
export async function keepRun(
  sql: Sql,
  learned: Learned,
  at: { now: number; today: ShopDay; orderId: number },
): Promise<void> {
  const { backtest, calibratedUntil, heldUntil, serving } = learned;
  const on = (day: number | null) => (day === null ? null : dayOf(day));
  const why = backtest?.why ?? "订单太少，还不能检验，先按多久没买来判断。";
  await sql.run(
    `INSERT INTO model_run (ran_at, ran_on, calibrated_until, held_until, customers, served, why, details, order_id,
       scored_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
    [
      ...[
        at.now,
        at.today,
        on(calibratedUntil),
        on(heldUntil),
        backtest?.customers ?? 0,
        serving.served.name,
      ],
      ...[why, JSON.stringify(learned), at.orderId],
    ],
  );
}

/** Remembers how far everybody has been looked at. */
export async function keepScoredTo(sql: Sql, runId: number, scoredTo: number | null): Promise<void> {
  await sql.run("UPDATE model_run SET scored_to = ? WHERE id = ?", [scoredTo, runId]);
}

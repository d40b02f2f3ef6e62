// A process of its own that plans a day while a till writes orders and a health check asks: JSON to stdout.
import { setTimeout as after } from "node:timers/promises";
import { openDatabase } from "../../src/database.js";
import type { Store } from "../../src/infra/store.js";
import * as harness from "./harness.js";
import { watchHealth } from "./health.js";
import { keepWriting } from "./other-writer.js";
import { dueDay } from "./plan-data.js";
import { fresh } from "./plan-runs.js";

/** What others felt at worst, ms; the process's memory, MB. */
export interface Felt {
  wait: number;
  health: number;
  memory: number;
}

/** What making the brand left in the log is not the planner's. */
const SETTLE = 3_000;

const store = await openDatabase(process.argv[2] ?? "");
await after(SETTLE);
const memory = harness.watchMemory();
const health = await watchHealth();
const orders = keepWriting((n) => order(store, n));
await fresh(store, dueDay);
const wait = await orders.stop();
const { worst } = await health.stop();
const told: Felt = { wait, health: worst, memory: memory.peak() };
memory.stop();
// the rounds to come have nothing to do with these orders
await store.write((sql) => sql.run("DELETE FROM anchor_mark"));
await store.close();
process.stdout.write(JSON.stringify(told));

/** An order of another customer, as the till writes it. */
async function order(store: Store, n: number): Promise<void> {
  const customer = (n * 7919) % 10_000;
  await store.write(async (sql) => {
    await sql.run(
      `INSERT INTO customer_order (order_no, customer_id, ordered_on, quantity, status) VALUES (?, ?, ?, 1, 'paid')`,
      [`o${n}`, customer, dueDay],
    );
    await sql.run(
      "UPDATE anchor SET on_date = ?, cycle_on = 20260614 WHERE customer_id = ? AND kind = 'last_order' AND child_no = 0",
      [dueDay, customer],
    );
    await sql.run(
      "INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle) VALUES (?, 'last_order', 0, 20260401)",
      [customer],
    );
  });
}

// A process of its own that plans a day while a till writes orders and a health check asks: JSON to stdout.
import { setTimeout as after } from "node:timers/promises";
import { openDatabase } from "../../src/database.js";
import type { Store } from "../../src/infra/store.js";
import * as harness from "./harness.js";
import { watchHealth } from "./health.js";
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
const orders = keepOrdering(store);
await fresh(store, dueDay);
const wait = await orders.stop();
const { worst } = await health.stop();
const told: Felt = { wait, health: worst, memory: memory.peak() };
memory.stop();
// the rounds to come have nothing to do with these orders
await store.write((sql) => sql.run("DELETE FROM anchor_mark"));
await store.close();
process.stdout.write(JSON.stringify(told));

/** An order of another customer every few milliseconds; `stop` tells how long the slowest took from the moment the
 *  till had it (ms): what keeps this process from looking at it counts too. */
function keepOrdering(store: Store): { stop(): Promise<number> } {
  const pause = 5;
  let worst = 0;
  let going = true;
  const till = (async () => {
    for (let n = 1; going; n++) {
      const { ms } = await harness.timed(async () => {
        await new Promise((next) => setTimeout(next, pause));
        await order(store, n);
      });
      worst = Math.max(worst, ms - pause);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await till;
      return worst;
    },
  };
}

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

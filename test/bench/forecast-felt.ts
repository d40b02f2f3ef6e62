// A process of its own that looks two days ahead while somebody writes and a health check asks: JSON to stdout.
import { setTimeout as after } from "node:timers/promises";
import { openDatabase } from "../../src/database.js";
import type { Store } from "../../src/infra/store.js";
import { forecastOn } from "./forecast.js";
import * as harness from "./harness.js";
import { watchHealth } from "./health.js";

/** What others felt at worst, ms; the process's memory, MB. */
export interface Felt {
  wait: number;
  health: number;
  memory: number;
}

/** What making the brand left in the log is not the forecast's. */
const SETTLE = 3_000;
const PAUSE = 5;

const store = await openDatabase(process.argv[2] ?? "");
await after(SETTLE);
const memory = harness.watchMemory();
const health = await watchHealth();
const others = keepWriting(store);
await forecastOn(store).forecast({ days: 2 });
const wait = await others.stop();
const { worst } = await health.stop();
const told: Felt = { wait, health: worst, memory: memory.peak() };
memory.stop();
await store.close();
process.stdout.write(JSON.stringify(told));

/** A small transaction every few milliseconds; `stop` tells how long the slowest took, ms, from when it was due. */
function keepWriting(store: Store): { stop(): Promise<number> } {
  let worst = 0;
  let going = true;
  const loop = (async () => {
    for (let n = 1; going; n++) {
      const { ms } = await harness.timed(async () => {
        await after(PAUSE);
        await store.write((sql) =>
          sql.run("UPDATE customer SET level = ? WHERE id = ?", [`${n}`, n % 10_000]),
        );
      });
      worst = Math.max(worst, ms - PAUSE);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await loop;
      return worst;
    },
  };
}

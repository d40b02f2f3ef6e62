// A process of its own that looks two days ahead while somebody writes and a health check asks: JSON to stdout.
import { setTimeout as after } from "node:timers/promises";
import { openDatabase } from "../../src/database.js";
import { forecastOn } from "./forecast.js";
import * as harness from "./harness.js";
import { watchHealth } from "./health.js";
import { keepWriting } from "./other-writer.js";

/** What others felt at worst, ms; the process's memory, MB. */
export interface Felt {
  wait: number;
  health: number;
  memory: number;
}

/** What making the brand left in the log is not the forecast's. */
const SETTLE = 3_000;

const store = await openDatabase(process.argv[2] ?? "");
await after(SETTLE);
const memory = harness.watchMemory();
const health = await watchHealth();
const others = keepWriting((n) =>
  store.write((sql) => sql.run("UPDATE customer SET level = ? WHERE id = ?", [`${n}`, n % 10_000])),
);
await forecastOn(store).forecast({ days: 2 });
const wait = await others.stop();
const { worst } = await health.stop();
const told: Felt = { wait, health: worst, memory: memory.peak() };
memory.stop();
await store.close();
process.stdout.write(JSON.stringify(told));

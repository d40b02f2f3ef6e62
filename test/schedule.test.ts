// Timed jobs: each run once whoever asks, failures recorded, and the clocks really tick.
import { setTimeout as wait } from "node:timers/promises";
import { makeLog } from "../src/infra/log.js";
import { movableWorld, realWorld } from "../src/kernel/world.js";
import { type Job, runOnce } from "../src/schedule/runs.js";
import { startSchedule } from "../src/schedule.js";
import { describeOnEachDatabase } from "./support/databases.js";

const at = 1_790_000_000_000;
const log = makeLog("silent");

describeOnEachDatabase("schedule", (store) => {
  const parts = () => ({ store: store(), world: movableWorld(at), log, zone: "Asia/Shanghai" });
  const job = (name: string, run: Job["run"]): Job => ({ name, cron: "* * * * *", run });
  const rows = (name: string) =>
    store().read.rows<{ state: string; result: string | null }>(
      "SELECT state, result FROM job_run WHERE job = ? ORDER BY scheduled_at",
      [name],
    );

  test("two processes at the same minute run a job once", async () => {
    let runs = 0;
    const one = job("once", async () => `run ${++runs}`);
    await Promise.all([runOnce(parts(), one, at), runOnce(parts(), one, at), runOnce(parts(), one, at)]);
    expect(runs).toBe(1);
    expect(await rows("once")).toEqual([{ state: "done", result: "run 1" }]);
  });

  test("a failure is recorded with its words and the next run is free", async () => {
    const bad = job("bad", async () => {
      throw new Error("no such table");
    });
    await runOnce(parts(), bad, at);
    await runOnce(
      parts(),
      job("bad", async () => "mended"),
      at + 60_000,
    );
    expect(await rows("bad")).toEqual([
      { state: "failed", result: "no such table" },
      { state: "done", result: "mended" },
    ]);
  });

  test("runs that found nothing to do do not pile up", async () => {
    const idle = job("idle", async () => undefined);
    for (let i = 0; i < 5; i++) await runOnce(parts(), idle, at + i * 60_000);
    expect(await rows("idle")).toHaveLength(1);
  });

  test("the clock ticks, and stopping waits for what runs", async () => {
    let runs = 0;
    const ticking: Job = { ...job("tick", async () => `${++runs}`), cron: "* * * * * *", atStart: true };
    const schedule = startSchedule({ ...parts(), world: realWorld }, [ticking]);
    await wait(1500);
    await schedule.stop();
    const after = runs;
    await wait(1100);
    expect(after).toBeGreaterThanOrEqual(2);
    expect(runs).toBe(after);
  });
});

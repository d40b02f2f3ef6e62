// The timed jobs: a table of name, time and work; each run is claimed once in the database by (job, time).
import cron, { type ScheduledTask } from "node-cron";
import type { Logger } from "./infra/log.js";
import type { Store } from "./infra/store.js";
import type { World } from "./kernel/world.js";

/** A timed job. `run` gets the time it was meant for (epoch ms) and says in a few words what it did, if anything. */
export interface Job {
  name: string;
  /** five or six fields, in the brand's zone */
  cron: string;
  /** also once when the process starts: the run may have been missed, and doing it twice does nothing */
  atStart?: boolean;
  run(scheduledAt: number): Promise<string | undefined>;
}

export interface ScheduleParts {
  store: Store;
  world: World;
  log: Logger;
  zone: string;
}

/** Starts every job's clock. `stop` ends the clocks and waits for what is running. */
export function startSchedule(parts: ScheduleParts, jobs: readonly Job[]): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const go = (job: Job, scheduledAt: number) => {
    const run = runOnce(parts, job, scheduledAt).finally(() => running.delete(run));
    running.add(run);
    return run;
  };
  const clocks: ScheduledTask[] = jobs.map((job) =>
    cron.schedule(job.cron, (context) => go(job, Math.floor(context.date.getTime() / 1000) * 1000), {
      timezone: parts.zone,
      name: job.name,
      noOverlap: true,
      suppressMissedWarning: true,
    }),
  );
  for (const job of jobs) if (job.atStart) void go(job, parts.world.now());
  return {
    stop: async () => {
      await Promise.all(clocks.map((clock) => clock.destroy()));
      await Promise.all(running);
    },
  };
}

/** Runs a job for one scheduled time unless another process has claimed it; a failure is logged and recorded. */
export async function runOnce(parts: ScheduleParts, job: Job, scheduledAt: number): Promise<void> {
  const { store, world, log } = parts;
  try {
    if (!(await claim(store, job.name, scheduledAt, world.now()))) return;
    const result = await job.run(scheduledAt);
    await finish(store, job.name, scheduledAt, "done", result ?? null, world.now());
  } catch (error) {
    log.error({ err: error, job: job.name }, "a timed job failed");
    const words = error instanceof Error ? error.message : String(error);
    await finish(store, job.name, scheduledAt, "failed", words, world.now()).catch((again) =>
      log.error({ err: again, job: job.name }, "a failed job could not be recorded"),
    );
  }
}

async function claim(store: Store, job: string, scheduledAt: number, now: number): Promise<boolean> {
  const claimed = await store.write((sql) =>
    sql.run(
      `${sql.dialect.insertIgnore} INTO job_run (job, scheduled_at, state, started_at) VALUES (?, ?, 'running', ?)`,
      [job, scheduledAt, now],
    ),
  );
  return claimed.affected === 1;
}

async function finish(
  store: Store,
  job: string,
  at: number,
  state: string,
  result: string | null,
  now: number,
) {
  await store.write(async (sql) => {
    // Of a frequent job that finds nothing to do only the latest run is kept.
    if (state === "done" && result === null)
      await sql.run(
        "DELETE FROM job_run WHERE job = ? AND scheduled_at < ? AND state = 'done' AND result IS NULL",
        [job, at],
      );
    await sql.run(
      "UPDATE job_run SET state = ?, result = ?, ended_at = ? WHERE job = ? AND scheduled_at = ?",
      [state, result, now, job, at],
    );
  });
}

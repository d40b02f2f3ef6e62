// One run of a timed job: claimed once in the database, alive while it says so, and its end written down.
import type { Logger } from "../infra/log.js";
import type { Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";

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

const BEAT = 30_000;

/** Runs a job for one scheduled time unless another process has claimed it; a failure is logged and recorded. */
export async function runOnce(parts: ScheduleParts, job: Job, scheduledAt: number): Promise<void> {
  const { store, world } = parts;
  const claimed = await store
    .write((sql) => claim(sql, { job: job.name, scheduledAt, now: world.now(), by: null }))
    .catch((error: unknown) => {
      parts.log.error({ err: error, job: job.name }, "a timed job could not be claimed");
      return false;
    });
  if (claimed) await runClaimed(parts, job, scheduledAt);
}

/** Writes down that a run begins; false when somebody has it already. `by` is whoever asked for it. */
export async function claim(
  sql: Sql,
  { job, scheduledAt, now, by }: { job: string; scheduledAt: number; now: number; by: string | null },
): Promise<boolean> {
  const { affected } = await sql.run(
    `${sql.dialect.insertIgnore} INTO job_run (job, scheduled_at, state, started_at, beat_at, run_by)
     VALUES (?, ?, 'running', ?, ?, ?)`,
    [job, scheduledAt, now, now, by],
  );
  return affected === 1;
}

/** Does what was claimed, and writes down how it ended. */
export async function runClaimed(parts: ScheduleParts, job: Job, scheduledAt: number): Promise<void> {
  const { store, world, log } = parts;
  const end = (state: string, result: string | null) =>
    finish(store, { job: job.name, at: scheduledAt, state, result, now: world.now() });
  const beating = setInterval(() => {
    beat(store, job.name, scheduledAt, world.now()).catch((error: unknown) =>
      log.warn({ err: error, job: job.name }, "a running job could not say so"),
    );
  }, BEAT).unref();
  try {
    const result = await job.run(scheduledAt);
    await end("done", result ?? null);
  } catch (error) {
    log.error({ err: error, job: job.name }, "a timed job failed");
    const words = error instanceof Error ? error.message : String(error);
    await end("failed", words).catch((again) =>
      log.error({ err: again, job: job.name }, "a failed job could not be recorded"),
    );
  } finally {
    clearInterval(beating);
  }
}

function beat(store: Store, job: string, at: number, now: number): Promise<unknown> {
  return store.write((sql) =>
    sql.run("UPDATE job_run SET beat_at = ? WHERE job = ? AND scheduled_at = ? AND state = 'running'", [
      ...[now, job, at],
    ]),
  );
}

interface End {
  job: string;
  at: number;
  state: string;
  result: string | null;
  now: number;
}

async function finish(store: Store, { job, at, state, result, now }: End): Promise<void> {
  await store.write(async (sql) => {
    // Of a frequent job that finds nothing to do only the latest run is kept; one that somebody asked for stays.
    if (state === "done" && result === null)
      await sql.run(
        `DELETE FROM job_run WHERE job = ? AND scheduled_at < ? AND state = 'done' AND result IS NULL
           AND run_by IS NULL`,
        [job, at],
      );
    await sql.run(
      "UPDATE job_run SET state = ?, result = ?, ended_at = ? WHERE job = ? AND scheduled_at = ?",
      [state, result, now, job, at],
    );
  });
}

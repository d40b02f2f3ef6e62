// The timed jobs' clocks: each run goes when its time comes, unless another process was faster.
import cron, { type ScheduledTask } from "node-cron";
import type { JobBoard } from "./console/operations/board.js";
import { jobBoard } from "./schedule/board.js";
import { type Job, runOnce, type ScheduleParts } from "./schedule/runs.js";

/** Clocks that tick. `stop` ends them and waits for what is running. */
export interface Schedule {
  board: JobBoard;
  stop(): Promise<void>;
}

/** Starts every job's clock. */
export function startSchedule(parts: ScheduleParts, jobs: readonly Job[]): Schedule {
  const running = new Set<Promise<void>>();
  const keep = (run: Promise<void>) => {
    const kept = run.finally(() => running.delete(kept));
    running.add(kept);
    return kept;
  };
  const go = (job: Job, scheduledAt: number) => keep(runOnce(parts, job, scheduledAt));
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
    board: jobBoard(parts, jobs, (run) => void keep(run)),
    stop: async () => {
      await Promise.all(clocks.map((clock) => clock.destroy()));
      await Promise.all(running);
    },
  };
}

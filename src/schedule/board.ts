// The timed jobs as HQ sees and starts them: their clocks, and a run at once, once, by whoever asked for it.
import cron from "node-cron";
import type { JobBoard, TimedJob } from "../console/operations/board.js";
import { DEAD_AFTER } from "../console/operations/job-lines.js";
import { recordChange } from "../identity/audit.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { claim, type Job, runClaimed, type ScheduleParts } from "./runs.js";

/** Runs looked ahead, to know how far apart they are. */
const LOOK_AHEAD = 4;

/** The board over these jobs. `keep` hears of each run that somebody began, to wait for it before the process ends. */
export function jobBoard(
  parts: ScheduleParts,
  jobs: readonly Job[],
  keep: (run: Promise<void>) => void = () => undefined,
): JobBoard {
  const clocks = new Map(
    jobs.map(({ name, cron: line }) => [
      name,
      cron.createTask(line, () => undefined, { timezone: parts.zone, name: `look-${name}` }),
    ]),
  );
  const known = new Map<string, TimedJob>();
  const since = parts.world.now();
  const clockOf = (name: string): TimedJob => {
    const last = known.get(name);
    if (last?.nextAt != null && last.nextAt > parts.world.now()) return last;
    const [next, ...later] = (clocks.get(name)?.getNextRuns(LOOK_AHEAD) ?? []).map((date) => date.getTime());
    const gaps = later.map((at, n) => at - (n === 0 ? (next ?? at) : (later[n - 1] ?? at)));
    const clock = { name, nextAt: next ?? null, period: Math.max(0, ...gaps), since };
    known.set(name, clock);
    return clock;
  };
  return {
    jobs: () => jobs.map(({ name }) => clockOf(name)),
    runNow: async (name, by) => {
      const job = jobs.find((one) => one.name === name);
      if (!job) throw new Refusal("not_found", `没有名为「${name}」的定时工作。`);
      const at = await parts.store.write((sql) => begin(sql, name, by, parts.world.now()));
      const run = runClaimed(parts, job, at);
      keep(run);
      return { ended: run };
    },
  };
}

/** Claims the run unless one is under way; gives the time it goes by. One begins at a time, whoever asks, so that two
 *  clicks are one run. */
async function begin(sql: Sql, job: string, by: string, now: number): Promise<number> {
  const upsert = sql.dialect.onConflict(["name"], ["value"]);
  await sql.run(`INSERT INTO setting (name, value) VALUES ('run_now', ?)${upsert}`, [`${job} ${now}`]);
  const running = await sql.row<{ startedAt: number }>(
    `SELECT started_at AS startedAt FROM job_run
     WHERE job = ? AND state = 'running' AND COALESCE(beat_at, started_at) > ? LIMIT 1`,
    [job, now - DEAD_AFTER],
  );
  const last = await sql.row<{ at: number | null }>(
    "SELECT MAX(scheduled_at) AS at FROM job_run WHERE job = ?",
    [job],
  );
  const scheduledAt = Math.max(now, Number(last?.at ?? 0) + 1);
  if (running || !(await claim(sql, { job, scheduledAt, now, by })))
    throw new Refusal("conflict", "这项工作正在运行，等它结束再运行。");
  await recordChange(sql, { at: now, by, action: "job.run", subject: `job:${job}` });
  return scheduledAt;
}

// Timed jobs as read: each with its latest runs, how it stands, and the longest and latest of its runs.
import { grouped } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import type { JobBoard, TimedJob } from "./board.js";
import { JOB_TITLES } from "./job-titles.js";

/** A run as stored. Instants are epoch ms. */
export interface JobRun {
  job: string;
  scheduledAt: number;
  state: "running" | "done" | "failed";
  startedAt: number;
  endedAt: number | null;
  beatAt: number | null;
  result: string | null;
  runBy: string | null;
}

/** How a run stands: `broken`: its process ended before it did. */
export type RunState = JobRun["state"] | "broken";

/** How a job stands: by its latest run; `late`: it should have run since; `never`: it has not run yet. */
export type JobState = RunState | "late" | "never";

/** A job with its latest runs, newest first. */
export interface JobLine {
  name: string;
  state: JobState;
  nextAt: number | null;
  runs: JobRun[];
}

/** A run that has not said for so long that it goes on has ended with its process (ms). */
export const DEAD_AFTER = 180_000;

/** Runs of a job that stand in its row. */
const SHOWN = 24;
/** So much later than its clock a run is no surprise. */
const PATIENCE = 600_000;

const COLUMNS = `job, scheduled_at AS scheduledAt, state, started_at AS startedAt, ended_at AS endedAt, beat_at AS beatAt,
  result, run_by AS runBy`;

/** Every job there is, or one of them, in the order of the board; without one, those that ever ran here. */
export async function jobLines(
  sql: Sql,
  board: JobBoard | undefined,
  now: number,
  only?: string,
): Promise<JobLine[]> {
  const clocks = clocksOf(board, now).filter(({ name }) => only === undefined || name === only);
  if (clocks.length === 0) return [];
  const latest = clocks.map(
    () =>
      `SELECT * FROM (SELECT ${COLUMNS} FROM job_run WHERE job = ? ORDER BY scheduled_at DESC LIMIT ${SHOWN}) j`,
  );
  const rows = await sql.rows<JobRun>(
    latest.join(" UNION ALL "),
    clocks.map(({ name }) => name),
  );
  const runs = grouped(rows.map(numbered), ({ job }) => job);
  return clocks
    .map((clock) => lineOf(clock, runs.get(clock.name) ?? [], now))
    .filter(({ runs: own }) => board !== undefined || own.length > 0);
}

/** How every job stands, by its latest run alone: for who only wants to know whether all is well. */
export async function jobStates(
  sql: Sql,
  board: JobBoard | undefined,
  now: number,
): Promise<Pick<JobLine, "name" | "state">[]> {
  const clocks = clocksOf(board, now);
  if (clocks.length === 0) return [];
  const rows = await sql.rows<JobRun>(
    `SELECT ${COLUMNS} FROM job_run JOIN (${clocks.map(() => "SELECT ? AS name").join(" UNION ALL ")}) c
       ON job = c.name AND scheduled_at = (SELECT MAX(r.scheduled_at) FROM job_run r WHERE r.job = c.name)`,
    clocks.map(({ name }) => name),
  );
  const last = new Map(rows.map((run) => [run.job, numbered(run)]));
  return clocks
    .map((clock) => lineOf(clock, [last.get(clock.name) ?? []].flat(), now))
    .filter(({ runs }) => board !== undefined || runs.length > 0);
}

function clocksOf(board: JobBoard | undefined, now: number): readonly TimedJob[] {
  return (
    board?.jobs() ?? Object.keys(JOB_TITLES).map((name) => ({ name, nextAt: null, period: 0, since: now }))
  );
}

/** The runs of one job, newest first. */
export async function runsOf(sql: Sql, name: string, most: number): Promise<JobRun[]> {
  const rows = await sql.rows<JobRun>(
    `SELECT ${COLUMNS} FROM job_run WHERE job = ? ORDER BY scheduled_at DESC LIMIT ${Math.trunc(most)}`,
    [name],
  );
  return rows.map(numbered);
}

/** Runs that failed after an instant, newest first. */
export async function failuresAfter(sql: Sql, after: number, most: number): Promise<JobRun[]> {
  const rows = await sql.rows<JobRun>(
    `SELECT ${COLUMNS} FROM job_run WHERE state = 'failed' AND scheduled_at > ?
     ORDER BY scheduled_at DESC LIMIT ${Math.trunc(most)}`,
    [after],
  );
  return rows.map(numbered);
}

/** How a run stands at an instant. */
export function stateOf(run: Pick<JobRun, "state" | "startedAt" | "beatAt">, now: number): RunState {
  if (run.state !== "running") return run.state;
  return (run.beatAt ?? run.startedAt) > now - DEAD_AFTER ? "running" : "broken";
}

/** How long a run took (ms); of one under way: so far; null: nobody knows. */
export function durationOf(run: JobRun, now: number): number | null {
  if (run.endedAt !== null) return Math.max(0, run.endedAt - run.startedAt);
  return stateOf(run, now) === "running" ? Math.max(0, now - run.startedAt) : null;
}

function lineOf(clock: TimedJob, runs: JobRun[], now: number): JobLine {
  const [last] = runs;
  const state = last ? stateOf(last, now) : "never";
  const isPast = last !== undefined && isLate(clock, last.startedAt, now);
  const { name, nextAt } = clock;
  return { name, nextAt, runs, state: isPast && state === "done" ? "late" : state };
}

/** Whether a job whose latest run began at `last` missed a time: while nobody could run it, it missed none. */
export function isLate(
  { period, since }: Pick<TimedJob, "period" | "since">,
  last: number,
  now: number,
): boolean {
  return period > 0 && now > Math.max(last, since) + 2 * period + PATIENCE;
}

function numbered(run: JobRun): JobRun {
  const known = (n: number | null) => (n === null ? null : Number(n));
  return {
    ...{ ...run, scheduledAt: Number(run.scheduledAt), startedAt: Number(run.startedAt) },
    ...{ endedAt: known(run.endedAt), beatAt: known(run.beatAt) },
  };
}

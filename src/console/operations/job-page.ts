// The timed jobs in words: a row for each with the bars of its latest runs, and one job's page.
import { count, moment } from "../format.js";
import { durationOf, type JobLine, type JobRun, type JobState, type RunState, stateOf } from "./job-lines.js";
import { JOB_TITLES, jobTitle } from "./job-titles.js";

/** How states are said, and the tone they are said in. */
const STATES: Readonly<
  Record<JobState | RunState, { name: string; tone: "good" | "bad" | "busy" | "none" }>
> = {
  done: { name: "完成", tone: "good" },
  running: { name: "运行中", tone: "busy" },
  failed: { name: "失败", tone: "bad" },
  broken: { name: "中途断开", tone: "bad" },
  late: { name: "没有按时运行", tone: "bad" },
  never: { name: "还没有运行", tone: "none" },
};

/** States that somebody must look after. */
export const BAD_STATES: readonly JobState[] = ["failed", "broken", "late"];

/** What pages need to know of the moment. */
export interface JobMoment {
  now: number;
  zone: string;
  csrf: string;
  /** whether runs can be begun in this process */
  canRun: boolean;
}

/** Everything templates/pages/operations/job-row.hbs names. */
export function jobRow({ name, state, nextAt, runs }: JobLine, moments: JobMoment): object {
  const { now, zone, csrf, canRun } = moments;
  const [last] = runs;
  const lasted = last ? durationOf(last, now) : null;
  return {
    ...{ name, csrf, title: jobTitle(name), purpose: JOB_TITLES[name]?.purpose ?? "" },
    ...{ stateName: STATES[state].name, tone: STATES[state].tone },
    lastAt: last ? moment(last.startedAt, zone) : "",
    lasted: lasted === null ? "" : sayDuration(lasted),
    nextAt: nextAt === null ? "" : moment(nextAt, zone),
    result: last?.result ?? "",
    isRunning: state === "running",
    canRun: canRun && state !== "running",
    bars: barsOf(runs, now),
  };
}

/** One run in words. */
export function runRow(run: JobRun, { now, zone }: Pick<JobMoment, "now" | "zone">): object {
  const state = stateOf(run, now);
  const lasted = durationOf(run, now);
  return {
    ...{ title: jobTitle(run.job), stateName: STATES[state].name, tone: STATES[state].tone },
    at: moment(run.startedAt, zone),
    lasted: lasted === null ? "—" : sayDuration(lasted),
    by: run.runBy === null ? "定时" : "手动",
    result: run.result ?? "",
  };
}

/** 420 → 0.4 秒, 75000 → 1 分 15 秒 */
function sayDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} 秒`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} 秒`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} 分 ${seconds % 60} 秒`;
  return `${count(Math.floor(minutes / 60))} 小时 ${minutes % 60} 分`;
}

const HEIGHT = 22;
const STEP = 5;

/** The latest runs as bars, the oldest first: as high as they took long, beside the longest. */
function barsOf(runs: readonly JobRun[], now: number): object | null {
  if (runs.length < 2) return null;
  const oldestFirst = [...runs].reverse();
  const times = oldestFirst.map((run) => durationOf(run, now) ?? 0);
  const longest = Math.max(1, ...times);
  return {
    width: oldestFirst.length * STEP,
    height: HEIGHT,
    label: `最近 ${runs.length} 次，最长 ${sayDuration(longest)}`,
    bars: oldestFirst.map((run, at) => {
      const height = Math.max(2, Math.round(((times[at] ?? 0) / longest) * HEIGHT));
      const isBad = ["failed", "broken"].includes(stateOf(run, now));
      return { x: at * STEP, y: HEIGHT - height, height, tone: isBad ? "bad" : "good" };
    }),
  };
}

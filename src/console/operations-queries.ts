// How the house runs, in counts: today's tasks by state, timed jobs, data that make no date.
import { type FaultCount, faultCounts } from "../customers/faults.js";
import type { Store } from "../infra/store.js";
import type { JourneyState } from "../journeys/queries.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { missingIn } from "../org/calendar-queries.js";
import { yearsThatMatter } from "../org/calendar-rules.js";
import { type FreeTalkLine, freeTalkSince } from "../tasks/free-talk.js";
import { latestUrgent, type UrgentLine } from "../tasks/urgent-latest.js";
import { type Gap, gapsAfter } from "./gap-lines.js";

/** The latest run of a timed job. */
export interface JobLine {
  job: string;
  state: "running" | "done" | "failed";
  /** epoch ms */
  startedAt: number;
  result: string | null;
}

export interface Operations {
  /** what the calendar lacks, in Chinese */
  warnings: string[];
  tasks: { state: string; count: number }[];
  jobs: JobLine[];
  /** failures of the last seven days, newest first */
  failures: JobLine[];
  dataFaults: FaultCount[];
  journeys: { key: string; name: string; state: JourneyState }[];
  /** of the last seven days, newest first */
  freeTalk: FreeTalkLine[];
  urgent: UrgentLine[];
  /** when nobody listened to a chat account, of the last seven days, newest first */
  gaps: Gap[];
}

/** Urgent replies shown. */
const LATEST = 20;
const WEEK = 7 * 86_400_000;

/** Reads all of it; each part is an index range or a small table. */
export async function readOperations(store: Store, today: ShopDay, now: number): Promise<Operations> {
  const { read } = store;
  const line = "job, state, started_at AS startedAt, result";
  const warnings = await missingIn(read, yearsThatMatter(today));
  const [tasks, jobs, failures, dataFaults, journeys, urgent] = await Promise.all([
    read.rows<Operations["tasks"][number]>(
      "SELECT state, COUNT(*) AS count FROM task WHERE release_on IN (?, ?) AND released_on = ? GROUP BY state",
      [today, addDays(today, 1), today],
    ),
    read.rows<JobLine>(
      `SELECT r.${line.replaceAll(", ", ", r.")} FROM job_run r JOIN
       (SELECT job AS name, MAX(scheduled_at) AS latest FROM job_run GROUP BY job) l
       ON l.name = r.job AND l.latest = r.scheduled_at ORDER BY r.job`,
    ),
    read.rows<JobLine>(
      `SELECT ${line} FROM job_run WHERE state = 'failed' AND scheduled_at > ? ORDER BY scheduled_at DESC LIMIT 20`,
      [now - WEEK],
    ),
    faultCounts(read, today),
    read.rows<Operations["journeys"][number]>(
      "SELECT journey_key AS `key`, name, state FROM journey ORDER BY id",
    ),
    latestUrgent(read, LATEST),
  ]);
  const freeTalk = await freeTalkSince(store, now - WEEK, 20);
  const numbered = ({ startedAt, ...run }: JobLine) => ({ ...run, startedAt: Number(startedAt) });
  return {
    warnings,
    tasks,
    dataFaults,
    journeys,
    freeTalk,
    urgent,
    gaps: await gapsAfter(read, now - WEEK),
    jobs: jobs.map(numbered),
    failures: failures.map(numbered),
  };
}

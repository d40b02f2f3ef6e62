// The measures as pure rules: what counts per task, and rates with their intervals.
import type { Measures, Rate, ReportRow } from "./report.js";

/** Cells with fewer issued tasks are marked: too few to compare. */
export const SMALL = 30;

/** Two-sided 95 % point of the normal distribution. */
const Z = 1.959963984540054;

/** k of n with its 95 % Wilson score interval (Wilson 1927); null when n is 0. */
export function rate(k: number, n: number): Rate | null {
  if (n <= 0) return null;
  const p = k / n;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return {
    value: p,
    low: k === 0 ? 0 : Math.max(0, middle - half),
    high: k === n ? 1 : Math.min(1, middle + half),
  };
}

/** The counts of a cell, and what tells whether a window in it is still open. */
export interface Counts extends Measures {
  openTasks: number;
  /** epoch ms, 0 for none */
  lastSentAt: number;
}

/** No tasks, no messages. */
export const NOTHING: Counts = {
  issued: 0,
  completed: 0,
  onTime: 0,
  delivered: 0,
  observed: 0,
  replied: 0,
  messages: 0,
  openTasks: 0,
  lastSentAt: 0,
  ...{ tapped: 0, confirmed: 0, proven: 0, capped: 0, notFriend: 0, late: 0 },
};

/** A report's row from its counts. Provisional: a task is open, or the latest send may still be answered. */
export function toRow(
  head: Pick<ReportRow, "key" | "name" | "place" | "kind" | "id" | "children">,
  counts: Counts,
  now: number,
  windowMs: number,
): ReportRow {
  const { openTasks, lastSentAt } = counts;
  return {
    // one by one: spreading takes most of a long report's time
    key: head.key,
    name: head.name,
    place: head.place,
    kind: head.kind,
    id: head.id,
    children: head.children,
    issued: counts.issued,
    completed: counts.completed,
    onTime: counts.onTime,
    delivered: counts.delivered,
    observed: counts.observed,
    replied: counts.replied,
    messages: counts.messages,
    tapped: counts.tapped,
    confirmed: counts.confirmed,
    proven: counts.proven,
    unproven: counts.delivered - counts.proven,
    capped: counts.capped,
    notFriend: counts.notFriend,
    late: counts.late,
    completionRate: rate(counts.completed, counts.issued),
    onTimeRate: rate(counts.onTime, counts.issued),
    replyRate: rate(counts.replied, counts.observed),
    observedShare: rate(counts.observed, counts.delivered),
    small: counts.issued < SMALL,
    provisional: openTasks > 0 || (lastSentAt > 0 && lastSentAt + windowMs > now),
  };
}

/** The sums of several cells. */
export function add(cells: readonly Counts[]): Counts {
  const sum = { ...NOTHING };
  for (const cell of cells) {
    for (const key of Object.keys(NOTHING) as (keyof Counts)[])
      sum[key] = key === "lastSentAt" ? Math.max(sum[key], cell[key]) : sum[key] + cell[key];
  }
  return sum;
}

// What experiments add to the statement that makes tasks: who is held out, and which words each gets. A touchpoint that
// tries nothing gets nothing added.
import type { Trial } from "../journeys/experiment-queries.js";
import { HELD_ARM } from "../journeys/experiments.js";

/** Whether the customer's bucket is asked for, so that `c` must be joined. */
export function asksBucket(trial: Trial | undefined): boolean {
  return trial !== undefined && (trial.holdOuts.length > 0 || trial.running !== null);
}

/** The shuffles, by the customer's bucket, and who was held before: outer joins, so that the anchors stay in front. */
export function armJoins(trial: Trial | undefined, touchpointId: number): string[] {
  if (!trial) return [];
  const shuffle = (alias: string, id: number) =>
    `LEFT JOIN experiment_bucket ${alias} ON ${alias}.experiment_id = ${id} AND ${alias}.bucket = c.bucket`;
  return [
    ...trial.holdOuts.map((id, at) => shuffle(`held${at}`, id)),
    ...(trial.running === null ? [] : [shuffle("arms", trial.running)]),
    ...(trial.everHeld
      ? [
          `LEFT JOIN held_customer was ON was.touchpoint_id = ${touchpointId} AND was.customer_id = a.customer_id`,
        ]
      : []),
  ];
}

/** Whether a customer is held out, now or since long ago; null: nobody is. */
export function heldIn(trial: Trial | undefined): string | null {
  if (!trial?.everHeld) return null;
  const now = trial.holdOuts.map((_id, at) => `held${at}.arm = ${HELD_ARM}`);
  return `(${[...now, "was.customer_id IS NOT NULL"].join(" OR ")})`;
}

/** State and reason that a task begins with. A hold-out is drawn before anything else is looked at: who is held out and
 *  who is not must differ in nothing but the message. */
export function beginsIn(trial: Trial | undefined, missed: boolean): string {
  const held = heldIn(trial);
  const first = held ? `WHEN ${held} THEN 'held_out'` : "";
  if (missed)
    return held
      ? `CASE ${first} ELSE 'expired' END, CASE ${first} ELSE 'missed_run' END`
      : "'expired', 'missed_run'";
  return `CASE ${first} WHEN a.guide_id IS NULL THEN 'held' ELSE 'planned' END,
    CASE ${first} WHEN a.guide_id IS NULL THEN 'no_guide' END`;
}

/** The number of a task's variant. */
export function variantIn(trial: Trial | undefined): string {
  if (!trial) return "0";
  return trial.running === null ? `${trial.variant}` : "COALESCE(arms.arm, 0)";
}

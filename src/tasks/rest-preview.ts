// What pausing, resuming or archiving a journey would do to its tasks, counted before it is done.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { State } from "./life.js";

/** A journey's tasks that its state would move. */
export interface OpenTasks {
  /** made, and not put before a guide */
  waiting: number;
  /** before guides, and not confirmed */
  withGuides: number;
  /** of those waiting, past their grace: they end when a paused journey goes on */
  pastGrace: number;
}

const WAITING: readonly State[] = ["planned", "held"];
const WITH_GUIDES: readonly State[] = ["offered", "needs_data", "approved", "handed_over"];

/** Counts a journey's open tasks on a day. */
export async function openTasksOf(sql: Sql, journeyKey: string, today: ShopDay): Promise<OpenTasks> {
  const touchpoints = await sql.rows<{ id: number }>(
    "SELECT t.id FROM touchpoint t JOIN journey j ON j.id = t.journey_id WHERE j.journey_key = ?",
    [journeyKey],
  );
  const ids = touchpoints.map(({ id }) => id);
  if (ids.length === 0) return { waiting: 0, withGuides: 0, pastGrace: 0 };
  const states = [...WAITING, ...WITH_GUIDES];
  // by their states: open tasks are few beside all that ever were of a touchpoint
  const rows = await sql.rows<{ state: State; n: number; past: number }>(
    `SELECT state, COUNT(*) AS n, SUM(CASE WHEN state = 'planned' AND expires_on < ? THEN 1 ELSE 0 END) AS past
     FROM task WHERE state IN (${marks(states.length)}) AND +touchpoint_id IN (${marks(ids.length)}) GROUP BY state`,
    [today, ...states, ...ids],
  );
  const of = (some: readonly State[]) =>
    rows.filter(({ state }) => some.includes(state)).reduce((sum, { n }) => sum + Number(n), 0);
  return {
    ...{ waiting: of(WAITING), withGuides: of(WITH_GUIDES) },
    pastGrace: rows.reduce((sum, { past }) => sum + Number(past), 0),
  };
}

// The only way a task changes its state: checked against its life, guarded by the state it was in, written down.
import { chunked } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { dissolve } from "./bundles.js";
import { type MovedBy, mayGive, mayMove, type Reason, type State } from "./life.js";

/** A value computed by the database, per row. Columns of the row are `task.…`. */
export interface Computed {
  sql: string;
  params?: readonly Param[];
}

/** Columns of `task` that may change together with the state. */
export type TaskColumn =
  | ("version_id" | "guide_id" | "late" | "due_on" | "anchor_on" | "release_on" | "expires_on" | "priority")
  | ("released_on" | "offered_at" | "store_id" | "region_id" | "acted_at" | "sent_at" | "snoozed_until")
  | ("hand_over_id" | "proven" | "deputy_of");
export type TaskChanges = Partial<Record<TaskColumn, Param | Computed>>;

/** When the guide did their part (epoch ms), where nothing earlier is known. */
export function acted(at: number): TaskChanges {
  return { acted_at: { sql: "COALESCE(acted_at, ?)", params: [at] } };
}

/** One move of many tasks. */
export interface Move {
  from: readonly State[];
  to: State;
  reason?: Reason | null;
  /** `system`, `guide:12`, `account:3` */
  actor: string;
  /** epoch ms */
  at: number;
  note?: string | null;
  set?: TaskChanges;
  by?: MovedBy;
  /** `later`: whoever moves them marks the figures when the next move does not */
  figures?: "later";
}

/** Which tasks: a condition on `task`. */
export interface Which {
  sql: string;
  params?: readonly Param[];
}

const BATCH = 5_000;

/** Moves the tasks of these ids that are still in one of `from`; gives the ids of those it moved. */
export async function moveTasks(sql: Sql, ids: readonly number[], move: Move): Promise<number[]> {
  check(move);
  const moved: number[] = [];
  for (const part of chunked(ids, BATCH)) {
    // COALESCE keeps SQLite from reading all tasks in these states by the key (state, release_on)
    const these = `id IN (${marks(part.length)}) AND COALESCE(state, '') IN (${marks(move.from.length)})`;
    moved.push(...(await lockAndMove(sql, { sql: these, params: [...part, ...move.from] }, move)));
  }
  return moved;
}

/** Moves tasks whose rows this transaction has read and holds already, those in one of `from`; gives their ids. */
export async function moveHeld(
  sql: Sql,
  tasks: readonly { id: number; state: State }[],
  move: Move,
): Promise<number[]> {
  check(move);
  const ids = tasks.filter(({ state }) => move.from.includes(state)).map(({ id }) => id);
  for (const part of chunked(ids, BATCH)) await apply(sql, part, move);
  return ids;
}

/** Moves every task of a condition that is still in one of `from`, at most `most`; gives their ids.
 *  Two movers at once share the tasks out: no task is moved by both. */
export async function moveWhere(sql: Sql, which: Which, move: Move, most?: number): Promise<number[]> {
  check(move);
  const inStates = `(${which.sql}) AND state IN (${marks(move.from.length)})`;
  return lockAndMove(sql, { sql: inStates, params: [...(which.params ?? []), ...move.from] }, move, most);
}

/** States in which a task ends that was never offered; so it has its place in figures like an offered one. */
const ENDED_UNSEEN: readonly State[] = ["skipped", "expired", "cancelled", "merged", "held_out"];

/** Leaves a mark so that the figures of these tasks' days and guides are counted anew. What was never offered is in them
 *  once it has ended; guide 0 stands for nobody. */
export async function markFigures(sql: Sql, ids: readonly number[]): Promise<void> {
  for (const part of chunked(ids, BATCH))
    await sql.run(
      `INSERT INTO rollup_mark (on_day, guide_id) SELECT DISTINCT release_on, COALESCE(guide_id, 0) FROM task
       WHERE id IN (${marks(part.length)})
         AND (offered_at IS NOT NULL OR COALESCE(state, '') IN (${marks(ENDED_UNSEEN.length)}))`,
      [...part, ...ENDED_UNSEEN],
    );
}

/** `which` names the states too. */
async function lockAndMove(sql: Sql, which: Which, move: Move, most?: number): Promise<number[]> {
  const limit = most === undefined ? "" : ` LIMIT ${Math.trunc(most)}`;
  const rows = await sql.rows<{ id: number }>(
    `SELECT id FROM task WHERE ${which.sql}${limit}${sql.dialect.forUpdate}`,
    which.params,
  );
  const ids = rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
  for (const part of chunked(ids, BATCH)) await apply(sql, part, move);
  return ids;
}

/** The rows are locked and known to be in one of `from`. */
async function apply(sql: Sql, ids: readonly number[], move: Move): Promise<void> {
  const { to, reason = null, actor, at, note = null, set = {} } = move;
  const here = `id IN (${marks(ids.length)})`;
  if (move.figures !== "later") await markFigures(sql, ids);
  await sql.run(
    `INSERT INTO task_event (task_id, at, actor, from_state, to_state, reason, note)
     SELECT id, ?, ?, state, ?, ?, ? FROM task WHERE ${here} ORDER BY id`,
    [at, actor, to, reason, note, ...ids],
  );
  const ends = ENDED_UNSEEN.includes(to);
  const changes = Object.entries(ends ? { ...PLACED, ...set } : set) as [TaskColumn, Param | Computed][];
  const values = changes.map(([, value]) => (isComputed(value) ? value : { sql: "?", params: [value] }));
  const columns = changes.map(([column], at) => `, ${column} = ${values[at]?.sql}`).join("");
  await sql.run(
    `UPDATE task SET state = ?, reason = ?${columns}
     WHERE ${here} AND COALESCE(state, '') IN (${marks(move.from.length)})`,
    [to, reason, ...values.flatMap(({ params = [] }) => [...params]), ...ids, ...move.from],
  );
  if (ends || changes.some(([column]) => ["release_on", "guide_id", "offered_at"].includes(column)))
    await markFigures(sql, ids);
  if (to === "planned" || (to === "cancelled" && reason !== null && OF_ONE_CHILD.includes(reason)))
    await releaseParts(sql, ids, move);
}

/** What ends before it was offered has its place of that moment: figures do not move with people. */
export const PLACED = {
  store_id: { sql: "COALESCE(store_id, (SELECT g.store_id FROM guide g WHERE g.id = task.guide_id))" },
  region_id: {
    sql: `COALESCE(region_id,
      (SELECT s.region_id FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = task.guide_id))`,
  },
} as const satisfies TaskChanges;

/** Why a lead may be cancelled without its siblings. */
const OF_ONE_CHILD: readonly Reason[] = ["anchor_corrected", "superseded"];

/** What was merged into a task that goes another way before it was sent is planned again, and judged by its own date:
 *  that may have changed unheeded meanwhile. */
async function releaseParts(sql: Sql, leadIds: readonly number[], { actor, at }: Move): Promise<void> {
  const parts = await dissolve(sql, leadIds);
  if (parts.length === 0) return;
  const ids = parts.map(({ taskId }) => taskId);
  // whoever goes with whom is decided anew, the lead among them
  const leads = [...new Set(parts.map(({ leadId }) => leadId))];
  await sql.run(
    `UPDATE task SET released_on = NULL WHERE state = 'planned' AND id IN (${marks(leads.length)})`,
    leads,
  );
  await apply(sql, ids, {
    ...{ from: ["merged"], to: "planned", actor, at, note: "lead", set: { released_on: null } },
  });
  await sql.run(
    `INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)
     SELECT t.customer_id, k.kind, t.child_no, t.slot FROM task t
       JOIN (SELECT 'child_born' AS kind UNION ALL SELECT 'child_due') k ON 1 = 1
     WHERE t.id IN (${marks(ids.length)})`,
    ids,
  );
}

function check(move: Move): void {
  for (const from of move.from)
    if (!mayMove(from, move.to, move.by)) throw new Error(`no move from ${from} to ${move.to}`);
  if (!mayGive(move.to, move.reason ?? null))
    throw new Error(`no ${move.to} for the reason ${move.reason ?? "none"}`);
}

function isComputed(value: Param | Computed): value is Computed {
  return value !== null && typeof value === "object" && "sql" in value;
}

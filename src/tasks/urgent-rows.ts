// Urgent replies as they are worked off: which are due, and how one changes.
import type { UrgentKind } from "../channels/reply-rules.js";
import type { UrgentState } from "../channels/urgent-rows.js";
import type { Param, Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

/** An urgent reply as stored. */
export interface UrgentRow {
  id: number;
  msgid: string;
  customerId: number;
  /** to whom it was written */
  guideId: number;
  saidAt: number;
  saidOn: ShopDay;
  kind: UrgentKind;
  word: string;
  optOut: number;
  state: UrgentState;
  taskId: number | null;
  toldGuide: number | null;
  tries: number;
}

/** Why nothing more comes of one. `joined`: it stands with an earlier one on the same task. */
export type UrgentEnd =
  | "joined"
  | "taken_back"
  | "too_old"
  | "paused"
  | "no_touchpoint"
  | "nobody"
  | "handled"
  | "erased"
  | "unreachable";

const COLUMNS = `id, msgid, customer_id AS customerId, guide_id AS guideId, said_at AS saidAt, said_on AS saidOn, kind, word,
  opt_out AS optOut, state, task_id AS taskId, told_guide AS toldGuide, tries`;
const OPEN: readonly UrgentState[] = ["new", "raised", "taken_back"];

/** Those to be looked at now, the earliest first. */
export async function dueUrgent(sql: Sql, now: number, most: number): Promise<UrgentRow[]> {
  const rows = await sql.rows<UrgentRow>(
    `SELECT ${COLUMNS} FROM urgent_reply WHERE state IN ('${OPEN.join("', '")}') AND next_at <= ?
     ORDER BY id LIMIT ${most}`,
    [now],
  );
  return rows.map(numbered);
}

/** One in a state, locked; undefined when somebody else was faster. */
export async function lockUrgent(sql: Sql, id: number, state: UrgentState): Promise<UrgentRow | undefined> {
  const row = await sql.row<UrgentRow>(
    `SELECT ${COLUMNS} FROM urgent_reply WHERE id = ? AND state = ?${sql.dialect.forUpdate}`,
    [id, state],
  );
  return row && numbered(row);
}

/** Columns of a row that may change. */
export interface UrgentChange {
  state?: UrgentState;
  reason?: UrgentEnd;
  task_id?: number;
  told_guide?: number | null;
  next_at?: number;
  tries?: number;
}

/** Changes a row that is still in a state; false when it was not. */
export async function changeUrgent(
  sql: Sql,
  id: number,
  from: UrgentState,
  change: UrgentChange,
): Promise<boolean> {
  const set = Object.entries(change) as [string, Param][];
  const { affected } = await sql.run(
    `UPDATE urgent_reply SET ${set.map(([column]) => `${column} = ?`).join(", ")} WHERE id = ? AND state = ?`,
    [...set.map(([, value]) => value), id, from],
  );
  return affected > 0;
}

function numbered(row: UrgentRow): UrgentRow {
  return {
    ...{ ...row, id: Number(row.id), saidAt: Number(row.saidAt) },
    taskId: row.taskId === null ? null : Number(row.taskId),
  };
}

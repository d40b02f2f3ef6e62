// Task rows as the passes read them: many at a time, under short names.
import { selectIn } from "../infra/batches.js";
import type { Param, Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Reason, State } from "./life.js";

/** One task as it stands. Instants are epoch ms. */
export interface TaskRow {
  id: number;
  touchpointId: number;
  versionId: number;
  occurrence: number;
  customerId: number;
  childNo: number;
  guideId: number;
  state: State;
  reason: Reason | null;
  priority: number;
  /** of its touchpoint's words; 0: the first */
  variant: number;
  dueOn: ShopDay;
  anchorOn: ShopDay;
  releaseOn: ShopDay;
  expiresOn: ShopDay;
  offeredAt: number | null;
  actedAt: number | null;
  sentAt: number | null;
  snoozedUntil: number | null;
  handOverId: number | null;
  repliedAt: number | null;
  /** 1: the chat system or its archive shows that the words went out */
  proven: number;
  /** the owner on leave for whom the guide stands in */
  deputyOf: number | null;
}

const COLUMNS = `id, touchpoint_id AS touchpointId, version_id AS versionId, occurrence, customer_id AS customerId,
  child_no AS childNo, guide_id AS guideId, state, reason, priority, variant, due_on AS dueOn, anchor_on AS anchorOn,
  release_on AS releaseOn, expires_on AS expiresOn, offered_at AS offeredAt, acted_at AS actedAt,
  sent_at AS sentAt, snoozed_until AS snoozedUntil, hand_over_id AS handOverId, replied_at AS repliedAt,
  proven, deputy_of AS deputyOf`;

/** The tasks of these ids, in the order of their ids. `lock` holds them until the transaction ends. */
export async function tasksOf(sql: Sql, ids: readonly number[], lock: "lock" | "" = ""): Promise<TaskRow[]> {
  const tail = lock ? sql.dialect.forUpdate : "";
  const rows = await selectIn<TaskRow>(sql, `SELECT ${COLUMNS} FROM task WHERE id IN`, ids, { tail });
  return rows.sort((a, b) => a.id - b.id);
}

/** The tasks of a condition; `where` may go on after it with an order and a limit. `index`: the one to use. */
export function tasksWhere(
  sql: Sql,
  where: string,
  params: readonly Param[],
  index?: "task_day",
): Promise<TaskRow[]> {
  const by = index ? sql.dialect.force(index) : "";
  return sql.rows<TaskRow>(`SELECT ${COLUMNS} FROM task${by} WHERE ${where}`, params);
}

/** The order of a guide's list: by priority, then by what has waited longest. */
export function inListOrder<T extends Pick<TaskRow, "priority" | "dueOn" | "id">>(tasks: readonly T[]): T[] {
  return [...tasks].sort(
    (a, b) => a.priority - b.priority || (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0) || a.id - b.id,
  );
}

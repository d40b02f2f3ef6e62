// Failed and stuck tasks as read: counted by why, and the latest of each with its people.
import type { Param, Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { TRIES_SHOWN, TROUBLE_RULES, TROUBLES, type Trouble } from "./failures.js";
import type { Reason } from "./life.js";

/** Tasks in the same trouble for the same reason. */
export interface TroubleGroup {
  trouble: Trouble;
  reason: Reason | null;
  /** what the channel said, without what stands in brackets; "" for nothing */
  error: string;
  tasks: number;
  /** of these, still inside their grace */
  open: number;
}

/** Which tasks: all of a group, or some of it. */
export interface TroubleWhich {
  trouble: Trouble;
  reason: Reason | null;
  error: string;
  ids?: readonly number[] | undefined;
}

/** One of a group. */
export interface TroubleExample {
  id: number;
  customerId: number;
  customer: string | null;
  guideId: number | null;
  guide: string | null;
  store: string | null;
  touchpoint: string;
  dueOn: ShopDay;
  expiresOn: ShopDay;
  error: string | null;
}

/** Days back that failures are shown for. */
export const SHOWN_DAYS = 7;
/** Days back that what is stuck is looked for: no grace is longer. */
const STUCK_DAYS = 60;

/** A channel's error without what stands in brackets: the same for all that went wrong alike. */
const ALIKE = `CASE WHEN h.error IS NULL THEN '' WHEN INSTR(h.error, ' (') > 0 THEN SUBSTR(h.error, 1, INSTR(h.error, ' (') - 1)
  ELSE h.error END`;

const FAILED_REASONS = { refused: "channel_refused", fault: "channel_fault" } as const;

/** The tasks of a trouble: FROM and WHERE over t (task) and h (hand_over). */
function tasksIn(trouble: Trouble, today: ShopDay): { sql: string; params: Param[] } {
  const { state } = TROUBLE_RULES[trouble];
  const since = addDays(today, -SHOWN_DAYS);
  const joined = "FROM task t LEFT JOIN hand_over h ON h.id = t.hand_over_id";
  if (trouble === "refused" || trouble === "fault")
    return {
      sql: `${joined} LEFT JOIN task_closing k ON k.task_id = t.id
        WHERE t.state = ? AND t.release_on >= ? AND t.reason = ? AND k.task_id IS NULL`,
      params: [state, since, FAILED_REASONS[trouble]],
    };
  if (trouble === "retrying")
    return {
      sql: `${joined} WHERE t.state = ? AND t.release_on >= ? AND h.state = 'ready' AND h.tries >= ${TRIES_SHOWN}`,
      params: [state, since],
    };
  return {
    sql: `${joined} WHERE t.state = ? AND t.release_on >= ?`,
    params: [state, addDays(today, -STUCK_DAYS)],
  };
}

/** Every group, in the order of TROUBLES and the largest first. */
export async function troubleGroups(sql: Sql, today: ShopDay): Promise<TroubleGroup[]> {
  const groups: TroubleGroup[] = [];
  for (const trouble of TROUBLES) {
    const { sql: from, params } = tasksIn(trouble, today);
    const rows = await sql.rows<{ reason: Reason | null; error: string; n: number; inside: number }>(
      `SELECT t.reason, ${ALIKE} AS error, COUNT(*) AS n, SUM(CASE WHEN t.expires_on >= ? THEN 1 ELSE 0 END) AS inside
       ${from} GROUP BY t.reason, ${ALIKE} ORDER BY n DESC LIMIT 50`,
      [today, ...params],
    );
    for (const { reason, error, n, inside } of rows)
      groups.push({ trouble, reason, error, tasks: Number(n), open: Number(inside) });
  }
  return groups;
}

/** How many tasks are in trouble of each kind: for who only wants to know whether there is any. */
export async function troubleCounts(sql: Sql, today: ShopDay): Promise<Map<Trouble, number>> {
  const asked = TROUBLES.map((trouble) => ({ trouble, ...tasksIn(trouble, today) }));
  const rows = await sql.rows<{ trouble: Trouble; n: number }>(
    asked
      .map(({ trouble, sql: from }) => `SELECT '${trouble}' AS trouble, COUNT(*) AS n ${from}`)
      .join(" UNION ALL "),
    asked.flatMap(({ params }) => params),
  );
  return new Map(rows.map(({ trouble, n }) => [trouble, Number(n)]));
}

/** Guides who have left with tasks held for them, those with most first. */
export async function heldLeavers(
  sql: Sql,
  today: ShopDay,
  most: number,
): Promise<{ id: number; name: string; tasks: number }[]> {
  const { sql: from, params } = tasksIn("held", today);
  const rows = await sql.rows<{ id: number; name: string; n: number }>(
    `SELECT g.id, g.name, l.n FROM (SELECT t.guide_id, COUNT(*) AS n ${from} AND t.reason = 'guide_left'
       GROUP BY t.guide_id) l JOIN guide g ON g.id = l.guide_id ORDER BY l.n DESC, g.id LIMIT ${Math.trunc(most)}`,
    params,
  );
  return rows.map(({ id, name, n }) => ({ id, name, tasks: Number(n) }));
}

/** The ids of a group's tasks, or of those of `ids` that are in it: the latest first. */
export async function troubledIds(
  sql: Sql,
  which: TroubleWhich,
  today: ShopDay,
  page: { most: number; before?: number | undefined },
): Promise<number[]> {
  const { text, params } = inGroup(which, today);
  const rows = await sql.rows<{ id: number }>(
    `SELECT t.id ${text} AND t.id < ? ORDER BY t.id DESC LIMIT ${Math.trunc(page.most)}`,
    [...params, page.before ?? Number.MAX_SAFE_INTEGER],
  );
  return rows.map(({ id }) => Number(id));
}

/** The latest of a group with their people. */
export async function troubleExamples(
  sql: Sql,
  which: TroubleWhich,
  today: ShopDay,
  most: number,
): Promise<TroubleExample[]> {
  const ids = await troubledIds(sql, which, today, { most });
  if (ids.length === 0) return [];
  const rows = await sql.rows<TroubleExample>(
    `SELECT t.id, t.customer_id AS customerId, c.name AS customer, t.guide_id AS guideId, g.name AS guide, s.name AS store,
       v.name AS touchpoint, t.due_on AS dueOn, t.expires_on AS expiresOn, h.error
     FROM task t LEFT JOIN hand_over h ON h.id = t.hand_over_id LEFT JOIN customer c ON c.id = t.customer_id
       LEFT JOIN guide g ON g.id = t.guide_id LEFT JOIN store s ON s.id = g.store_id
       LEFT JOIN touchpoint_version v ON v.version_id = t.version_id AND v.touchpoint_id = t.touchpoint_id
     WHERE t.id IN (${ids.map(() => "?").join(", ")}) ORDER BY t.id DESC`,
    ids,
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), touchpoint: row.touchpoint ?? "" }));
}

function inGroup(which: TroubleWhich, today: ShopDay): { text: string; params: Param[] } {
  const { sql, params } = tasksIn(which.trouble, today);
  const reason = which.reason === null ? ["t.reason IS NULL"] : ["t.reason = ?"];
  const ids = which.ids ? [`t.id IN (${which.ids.map(() => "?").join(", ") || "0"})`] : [];
  return {
    text: [sql, ...reason, `${ALIKE} = ?`, ...ids].join(" AND "),
    params: [...params, ...(which.reason === null ? [] : [which.reason]), which.error, ...(which.ids ?? [])],
  };
}

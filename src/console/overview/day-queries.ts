// Reads for the overview that no slice asks for alone: who has no room left today, which urgent replies are open, failures.
import { selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";

/** A guide whose day is full, and how many customers were put off for it. */
export interface Overloaded {
  guideId: number;
  name: string;
  waiting: number;
}

/** Guides who were given as many as may be today while more of their customers wait for tomorrow, most first. */
export async function overloadedOn(sql: Sql, today: ShopDay, cap: number): Promise<Overloaded[]> {
  const waiting = await sql.rows<{ guideId: number; n: number }>(
    `SELECT guide_id AS guideId, COUNT(*) AS n FROM task WHERE state = 'planned' AND release_on = ? AND due_on <= ?
       AND guide_id IS NOT NULL GROUP BY guide_id ORDER BY n DESC LIMIT 500`,
    [addDays(today, 1), today],
  );
  if (waiting.length === 0) return [];
  // most have nowhere near as many tasks of the day at all: that stands in the key, what was released only in the rows
  const busy = await tasksOf(sql, waiting, { cap, today, more: "", params: [] });
  const given = await tasksOf(sql, busy, { cap, today, more: " AND released_on = ?", params: [today] });
  const full = new Set(given.map(({ guideId }) => guideId));
  const found = waiting.filter(({ guideId }) => full.has(guideId));
  const names = await selectIn<{ id: number; name: string }>(
    sql,
    "SELECT id, name FROM guide WHERE id IN",
    found.map(({ guideId }) => guideId),
  );
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return found.map(({ guideId, n }) => ({ guideId, name: nameOf.get(guideId) ?? "", waiting: Number(n) }));
}

/** Those of these guides with at least `cap` tasks of today for which `more` is true. */
function tasksOf(
  sql: Sql,
  guides: readonly { guideId: number }[],
  { cap, today, more, params }: { cap: number; today: ShopDay; more: string; params: readonly Param[] },
): Promise<{ guideId: number }[]> {
  return selectIn<{ guideId: number }>(
    sql,
    `SELECT guide_id AS guideId FROM task${sql.dialect.force("task_day")}
     WHERE release_on = ?${more} AND guide_id IN`,
    guides.map(({ guideId }) => guideId),
    {
      params: [today, ...params],
      tail: ` GROUP BY guide_id HAVING COUNT(*) >= ${Math.trunc(cap)}`,
      forced: true,
    },
  );
}

/** The latest urgent replies are looked at; older ones have expired. */
const LATEST = 500;

/** How many urgent replies wait for their guide, or for being told to one. */
export async function openUrgent(sql: Sql): Promise<number> {
  const row = await sql.row<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT state, task_id FROM urgent_reply ORDER BY id DESC LIMIT ${LATEST}) u
       LEFT JOIN task t ON t.id = u.task_id
     WHERE u.state IN ('new', 'raised')
       OR (u.state = 'told' AND t.state IN ('planned', 'offered', 'approved', 'held', 'needs_data'))`,
  );
  return Number(row?.n ?? 0);
}

/** How many tasks of each of these days failed. */
export async function failedOn(sql: Sql, days: readonly ShopDay[]): Promise<number[]> {
  const rows = await sql.rows<{ day: ShopDay; n: number }>(
    `SELECT release_on AS day, COUNT(*) AS n FROM task WHERE state = 'failed' AND release_on IN (${marks(days.length)})
     GROUP BY release_on`,
    days,
  );
  return days.map((day) => Number(rows.find((row) => row.day === day)?.n ?? 0));
}

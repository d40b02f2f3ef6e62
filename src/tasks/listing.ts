// A guide's list: which tasks stand on it, in what order, under which numbers.
import { insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { childOf, peopleOf } from "./facts.js";
import { inListOrder, type TaskRow, tasksOf, tasksWhere } from "./rows.js";
import type { ListLine, TaskSetup } from "./setup.js";
import { why } from "./why.js";
import { keyOf, touchpointsOf } from "./wording.js";

/** How far back an unfinished task may have been offered: the longest grace a touchpoint can have. */
const LOOK_BACK = 60;

/** Offered and not finished. */
export const OPEN = ["offered", "approved", "sending", "handed_over", "needs_data", "unknown"] as const;

/** What belongs on a guide's list of a day: what was offered that day, and what is unfinished from earlier days. */
export async function tasksToList(sql: Sql, guideId: number, today: ShopDay): Promise<TaskRow[]> {
  const offered = "guide_id = ? AND offered_at IS NOT NULL AND state <> 'planned' AND state <> 'held'";
  const ofToday = await tasksWhere(sql, `release_on = ? AND ${offered}`, [today, guideId]);
  // single days: each is one place in the index (release_on, guide_id), a range would be everybody's tasks
  const earlier = Array.from({ length: LOOK_BACK }, (_, ago) => addDays(today, -1 - ago));
  const open = await tasksWhere(
    sql,
    `release_on IN (${marks(earlier.length)}) AND ${offered} AND state IN (${marks(OPEN.length)})`,
    [...earlier, guideId, ...OPEN],
  );
  return inListOrder([...ofToday, ...open]);
}

/** Writes down which task each number of the list means. */
export async function putList(
  sql: Sql,
  guideId: number,
  taskIds: readonly number[],
  at: number,
): Promise<void> {
  await sql.run("DELETE FROM guide_list WHERE guide_id = ?", [guideId]);
  if (taskIds.length === 0) return;
  await insertRows(
    sql,
    "INSERT INTO guide_list (guide_id, position, task_id, listed_at)",
    taskIds.map((id, index) => [guideId, index + 1, id, at]),
  );
}

/** The list last shown: task ids by their numbers. */
export async function shownList(sql: Sql, guideId: number): Promise<Map<number, number>> {
  const rows = await sql.rows<{ position: number; taskId: number }>(
    "SELECT position, task_id AS taskId FROM guide_list WHERE guide_id = ? ORDER BY position",
    [guideId],
  );
  return new Map(rows.map(({ position, taskId }) => [position, taskId]));
}

/** The list last shown, line by line. */
export async function listLines(
  setup: Pick<TaskSetup, "touchpoint">,
  sql: Sql,
  guideId: number,
  today: ShopDay,
): Promise<ListLine[]> {
  const shown = await shownList(sql, guideId);
  const tasks = new Map((await tasksOf(sql, [...shown.values()])).map((task) => [task.id, task]));
  const people = await peopleOf(sql, [...tasks.values()]);
  const touchpoints = await touchpointsOf(setup, [...tasks.values()]);
  return [...shown].flatMap(([position, taskId]) => {
    const task = tasks.get(taskId);
    const touchpoint = task && touchpoints.get(keyOf(task));
    if (!task || !touchpoint) return [];
    const { trigger, send } = touchpoint.spec;
    return [
      {
        ...{ taskId, position, way: send, state: task.state, touchpointName: touchpoint.name },
        customerName: people.customers.get(task.customerId)?.name ?? "",
        childName: childOf(task, people)?.name ?? null,
        why: why(trigger, task.dueOn, task.anchorOn, today),
      },
    ];
  });
}

// A guide's list: which tasks stand on it, in what order, under which numbers.
import { grouped, insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { partsOf } from "./bundles.js";
import { peopleOf, standsIn } from "./facts.js";
import { inListOrder, type TaskRow, tasksOf, tasksWhere } from "./rows.js";
import { isAutomatic, type ListLine, type TaskSetup } from "./setup.js";
import { saidOf } from "./urgent-texts.js";
import { why } from "./why.js";
import { childNamesOf, keyOf, touchpointsOf } from "./wording.js";

/** How far back an unfinished task may have been offered: the longest grace a touchpoint can have. */
export const LOOK_BACK = 60;

/** Offered and not finished. */
export const OPEN = ["offered", "approved", "sending", "handed_over", "needs_data", "unknown"] as const;

/** What a guide did since a moment (twice, epoch ms). Passing a customer over completes nothing, so no figure has its time:
 *  what happened to the task has it. */
const DONE_SINCE = ` OR acted_at >= ? OR (state = 'skipped' AND reason LIKE 'guide!_skipped!_%' ESCAPE '!'
  AND EXISTS (SELECT 1 FROM task_event e WHERE e.task_id = task.id AND e.to_state = 'skipped' AND e.at >= ?))`;

/** What belongs on a guide's list of a day: what was offered that day, and what is unfinished from earlier days; with
 *  `since`, also what of earlier days the guide has done since then (epoch ms). */
export async function tasksToList(
  sql: Sql,
  guideId: number,
  today: ShopDay,
  since?: number,
): Promise<TaskRow[]> {
  return (await tasksToLists(sql, [guideId], today, since)).get(guideId) ?? [];
}

/** The same for several guides, by guide; one with nothing to do is not in it. */
export async function tasksToLists(
  sql: Sql,
  guideIds: readonly number[],
  today: ShopDay,
  since?: number,
): Promise<Map<number, TaskRow[]>> {
  const offered = `guide_id IN (${marks(guideIds.length)}) AND offered_at IS NOT NULL
    AND state <> 'planned' AND state <> 'held'`;
  const ofToday = await tasksWhere(sql, `release_on = ? AND ${offered}`, [today, ...guideIds], "task_day");
  // single days: each is one place in the index (release_on, guide_id), a range would be everybody's tasks
  const earlier = Array.from({ length: LOOK_BACK }, (_, ago) => addDays(today, -1 - ago));
  const open = await tasksWhere(
    sql,
    `release_on IN (${marks(earlier.length)}) AND ${offered}
     AND (state IN (${marks(OPEN.length)})${since === undefined ? "" : DONE_SINCE})`,
    [...earlier, ...guideIds, ...OPEN, ...(since === undefined ? [] : [since, since])],
    "task_day",
  );
  return grouped(inListOrder([...ofToday, ...open]), ({ guideId }) => guideId);
}

/** Writes down which task each number of each guide's list means. */
export async function putLists(
  sql: Sql,
  taskIds: ReadonlyMap<number, readonly number[]>,
  at: number,
): Promise<void> {
  const guideIds = [...taskIds.keys()];
  await sql.run(`DELETE FROM guide_list WHERE guide_id IN (${marks(guideIds.length)})`, guideIds);
  await insertRows(
    sql,
    "INSERT INTO guide_list (guide_id, position, task_id, listed_at)",
    [...taskIds].flatMap(([guideId, ids]) => ids.map((id, index) => [guideId, index + 1, id, at])),
  );
}

/** The list last shown: task ids by their numbers. */
export async function shownList(sql: Sql, guideId: number): Promise<Map<number, number>> {
  const rows = await shownLists(sql, [guideId]);
  return new Map(rows.map(({ position, taskId }) => [position, taskId]));
}

interface ShownLine {
  guideId: number;
  position: number;
  taskId: number;
}

function shownLists(sql: Sql, guideIds: readonly number[]): Promise<ShownLine[]> {
  return selectIn<ShownLine>(
    sql,
    "SELECT guide_id AS guideId, position, task_id AS taskId FROM guide_list WHERE guide_id IN",
    guideIds,
    { tail: " ORDER BY guide_id, position" },
  );
}

/** The lists last shown, line by line, by guide. */
export async function listLines(
  setup: Pick<TaskSetup, "touchpoint" | "config">,
  sql: Sql,
  guideIds: readonly number[],
  today: ShopDay,
): Promise<Map<number, ListLine[]>> {
  const shown = await shownLists(sql, guideIds);
  const ids = shown.map(({ taskId }) => taskId);
  const tasks = new Map((await tasksOf(sql, ids)).map((task) => [task.id, task]));
  const people = await peopleOf(sql, [...tasks.values()]);
  const touchpoints = await touchpointsOf(setup, [...tasks.values()]);
  const parts = await partsOf(sql, ids);
  const trigger = (task: TaskRow) => touchpoints.get(keyOf(task))?.spec.trigger;
  const said = await saidOf(sql, [...tasks.values()], trigger, today, setup.config.zone);
  const lines = shown.flatMap(({ guideId, position, taskId }) => {
    const task = tasks.get(taskId);
    const touchpoint = task && touchpoints.get(keyOf(task));
    if (!task || !touchpoint) return [];
    const { trigger, send } = touchpoint.spec;
    const reason = said.get(taskId) ?? why(trigger, task.dueOn, task.anchorOn, today);
    const line: ListLine = {
      ...{ taskId, position, way: send, state: task.state, touchpointName: touchpoint.name },
      automatic: isAutomatic(touchpoint.spec),
      customerName: people.customers.get(task.customerId)?.name ?? "",
      childName: childNamesOf(task, parts.get(taskId) ?? [], people),
      why: [standsIn(task, people), reason].filter(Boolean).join("；"),
    };
    return [{ guideId, line }];
  });
  return new Map(
    [...grouped(lines, ({ guideId }) => guideId)].map(([id, own]) => [id, own.map(({ line }) => line)]),
  );
}

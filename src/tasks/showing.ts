// Showing a list: what is shown is what numbers mean from then on.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { putLists, tasksToList } from "./listing.js";
import { type TodayItem, todaysList } from "./queries.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** The list last shown to a guide: task ids by their numbers, and its shop day. */
export interface ShownList {
  day: ShopDay;
  tasks: Map<number, number>;
}

/** The list last shown; undefined when there was none. */
export async function shownOn(sql: Sql, guideId: number, zone: string): Promise<ShownList | undefined> {
  const rows = await sql.rows<{ position: number; task_id: number; listed_at: number }>(
    "SELECT position, task_id, listed_at FROM guide_list WHERE guide_id = ? ORDER BY position",
    [guideId],
  );
  const [first] = rows;
  if (!first) return undefined;
  const tasks = new Map(rows.map((row) => [row.position, Number(row.task_id)]));
  return { day: shopDayOf(Number(first.listed_at), zone), tasks };
}

/** Today's list numbered anew. */
export async function showList(setup: TaskSetup, guideId: number): Promise<TodayItem[]> {
  const at = setup.world.now();
  await setup.store.write(async (sql) => {
    const tasks = await tasksToList(sql, guideId, dayOf(setup, at));
    await putLists(sql, new Map([[guideId, tasks.map(({ id }) => id)]]), at);
  });
  return todaysList(setup, guideId);
}

/** Today's list under the numbers it was shown with, and further numbers for what came since; anew where none was shown
 *  today. */
export async function showAgain(setup: TaskSetup, guideId: number): Promise<TodayItem[]> {
  const at = setup.world.now();
  const today = dayOf(setup, at);
  const isShown = await setup.store.write(async (sql) => {
    const shown = await shownOn(sql, guideId, setup.config.zone);
    if (shown?.day !== today) return false;
    const known = new Set(shown.tasks.values());
    const fresh = (await tasksToList(sql, guideId, today)).filter(({ id }) => !known.has(id));
    const last = Math.max(0, ...shown.tasks.keys());
    await insertRows(
      sql,
      "INSERT INTO guide_list (guide_id, position, task_id, listed_at)",
      fresh.map(({ id }, index) => [guideId, last + index + 1, id, at]),
    );
    return true;
  });
  return isShown ? todaysList(setup, guideId) : showList(setup, guideId);
}

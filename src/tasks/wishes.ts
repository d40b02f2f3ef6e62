// What a guide wants of a task whose words lie in the chat system: kept with the taking back, and done once it has gone
// through, by whoever finishes it. So nobody has to say it twice because a call had no answer.
import { selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { type Move, moveTasks } from "./moves.js";
import type { TaskRow } from "./rows.js";

/** How the task is to end, said by whom and when. */
export type Wish = Pick<Move, "to" | "reason" | "note" | "set" | "actor" | "at">;

/** Keeps what the guide said last of a task; null: they want something else that cannot wait, and what they said before
 *  holds no longer. Part of the transaction that begins the taking back. */
export async function keepWish(sql: Sql, taskId: number, wish: Wish | null): Promise<void> {
  await sql.run("DELETE FROM guide_wish WHERE task_id = ?", [taskId]);
  if (wish)
    await sql.run("INSERT INTO guide_wish (task_id, move, wished_at) VALUES (?, ?, ?)", [
      ...[taskId, JSON.stringify(wish), wish.at],
    ]);
}

/** Ends those of these tasks, taken back and held by this transaction, whose guides wished it; gives the others. */
export async function grantWishes(sql: Sql, tasks: readonly TaskRow[]): Promise<TaskRow[]> {
  const rows = await selectIn<{ taskId: number; move: string }>(
    sql,
    "SELECT task_id AS taskId, move FROM guide_wish WHERE task_id IN",
    tasks.map(({ id }) => id),
  );
  for (const { taskId, move } of rows)
    await moveTasks(sql, [Number(taskId)], { ...(JSON.parse(move) as Wish), from: ["handed_over"] });
  const granted = new Set(rows.map(({ taskId }) => Number(taskId)));
  await forgetWishes(sql, [...granted]);
  return tasks.filter(({ id }) => !granted.has(id));
}

/** Forgets what was wished of tasks whose words have gone after all. */
export async function forgetWishes(sql: Sql, taskIds: readonly number[]): Promise<void> {
  if (taskIds.length > 0)
    await sql.run(`DELETE FROM guide_wish WHERE task_id IN (${marks(taskIds.length)})`, taskIds);
}

// What a guide wants of a task whose words lie in the chat system: kept with the taking back, and done once it has gone
// through, by whoever finishes it. So nobody has to say it twice because a call had no answer.
import { selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { type Move, moveTasks } from "./moves.js";
import { putReminder } from "./reminding.js";
import type { TaskRow } from "./rows.js";

/** How the task is to end, said by whom and when. */
export type Ending = Pick<Move, "to" | "reason" | "note" | "set" | "actor" | "at">;

/** Until when the guide puts it off (epoch ms). */
export interface PuttingOff {
  guideId: number;
  until: number;
  at: number;
}

/** The guide's own words, in place of those they were given. */
export interface OwnWords {
  words: string;
  original: string;
  actor: string;
  at: number;
}

export type Wish = Ending | PuttingOff | OwnWords;

/** A task that goes on as its guide wished: not before `until`, with these words. */
export interface Wished {
  task: TaskRow;
  until?: number;
  words?: string;
}

/** Keeps what the guide said last of a task. Part of the transaction that begins the taking back. */
export async function keepWish(sql: Sql, taskId: number, wish: Wish): Promise<void> {
  await forgetWishes(sql, [taskId]);
  await sql.run("INSERT INTO guide_wish (task_id, move, wished_at) VALUES (?, ?, ?)", [
    ...[taskId, JSON.stringify(wish), wish.at],
  ]);
}

/** Heeds what guides wished of these tasks, taken back and held by this transaction: some end here, some go on in another
 *  way. Gives these, and those of which nobody wished anything. */
export async function heedWishes(
  sql: Sql,
  tasks: readonly TaskRow[],
): Promise<{ others: TaskRow[]; wished: Wished[] }> {
  const rows = await selectIn<{ taskId: number; move: string }>(
    sql,
    "SELECT task_id AS taskId, move FROM guide_wish WHERE task_id IN",
    tasks.map(({ id }) => id),
  );
  const wishes = new Map(rows.map(({ taskId, move }) => [Number(taskId), JSON.parse(move) as Wish]));
  await forgetWishes(sql, [...wishes.keys()]);
  const wished: Wished[] = [];
  for (const task of tasks) {
    const wish = wishes.get(task.id);
    if (!wish) continue;
    if ("to" in wish) await moveTasks(sql, [task.id], { ...wish, from: ["handed_over"] });
    else if ("until" in wish) {
      await putOffTask(sql, task.id, wish);
      wished.push({ task, until: wish.until });
    } else {
      await keepOwnWords(sql, task.id, wish);
      wished.push({ task, words: wish.words });
    }
  }
  return { others: tasks.filter(({ id }) => !wishes.has(id)), wished };
}

/** Whether something is wished of a task. */
export async function isWished(sql: Sql, taskId: number): Promise<boolean> {
  return (await sql.row("SELECT task_id FROM guide_wish WHERE task_id = ?", [taskId])) !== undefined;
}

/** Forgets what was wished of tasks whose words have gone after all. */
export async function forgetWishes(sql: Sql, taskIds: readonly number[]): Promise<void> {
  if (taskIds.length > 0)
    await sql.run(`DELETE FROM guide_wish WHERE task_id IN (${marks(taskIds.length)})`, taskIds);
}

/** Puts a task off and has its guide reminded. */
export async function putOffTask(
  sql: Sql,
  taskId: number,
  { guideId, until }: Pick<PuttingOff, "guideId" | "until">,
): Promise<void> {
  await sql.run("UPDATE task SET snoozed_until = ? WHERE id = ?", [until, taskId]);
  await putReminder(sql, { taskId, guideId, at: until });
}

/** Keeps a guide's own words; the original stays what it was before their first change. */
export async function keepOwnWords(
  sql: Sql,
  taskId: number,
  { words, original, actor, at }: OwnWords,
): Promise<void> {
  await sql.run(
    `INSERT INTO task_edit (task_id, words, original, edited_at, edited_by) VALUES (?, ?, ?, ?, ?)
     ${sql.dialect.onConflict(["task_id"], ["words", "edited_at", "edited_by"])}`,
    [taskId, words, original, at, actor],
  );
}

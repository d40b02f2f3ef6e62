// What a guide wants of a task whose words lie in the chat system: kept with the taking back, and done once it has gone
// through, by whoever finishes it. So nobody has to say it twice because a call had no answer.
import { selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { erasedAmong } from "./erased.js";
import { type Move, moveTasks } from "./moves.js";
import { putReminder } from "./reminding.js";
import type { TaskRow } from "./rows.js";

/** How the task is to end, said by whom and when. */
export type Ending = Pick<Move, "to" | "reason" | "note" | "set" | "actor" | "at">;

/** The guide's own words, in place of those they were given. */
export interface OwnWords {
  words: string;
  original: string;
  actor: string;
  at: number;
}

/** The task goes on, but later or with other words, or both. */
export interface Going {
  at: number;
  putOff?: { guideId: number; until: number };
  own?: OwnWords;
}

export type Wish = Ending | Going;

/** A task that goes on as its guide wished: not before `until`, with these words. */
export interface Wished {
  task: TaskRow;
  until?: number | undefined;
  words?: string | undefined;
}

/** Keeps what the guide said last of a task: who puts off what they reworded means both. Part of the transaction that begins
 *  the taking back. */
export async function keepWish(sql: Sql, taskId: number, wish: Wish): Promise<void> {
  const before = (await wishesOf(sql, [taskId])).get(taskId);
  const whole = before && !("to" in before) && !("to" in wish) ? { ...before, ...wish } : wish;
  await forgetWishes(sql, [taskId]);
  await sql.run("INSERT INTO guide_wish (task_id, move, wished_at) VALUES (?, ?, ?)", [
    ...[taskId, JSON.stringify(whole), wish.at],
  ]);
}

/** Heeds what guides wished of these tasks, taken back and held by this transaction: some end here, some go on in another
 *  way. Gives these, and those of which nobody wished anything. Of customers erased meanwhile nothing is kept. */
export async function heedWishes(
  sql: Sql,
  tasks: readonly TaskRow[],
): Promise<{ others: TaskRow[]; wished: Wished[] }> {
  const ids = tasks.map(({ id }) => id);
  const wishes = await wishesOf(sql, ids);
  await forgetWishes(sql, [...wishes.keys()]);
  const gone = wishes.size > 0 ? await erasedAmong(sql, tasks) : new Set<number>();
  const wished: Wished[] = [];
  for (const task of tasks) {
    const wish = gone.has(task.id) ? undefined : wishes.get(task.id);
    if (!wish) continue;
    if ("to" in wish) await moveTasks(sql, [task.id], { ...wish, from: ["handed_over"] });
    else {
      if (wish.putOff) await putOffTask(sql, task.id, wish.putOff);
      if (wish.own) await keepOwnWords(sql, task.id, wish.own);
      wished.push({ task, until: wish.putOff?.until, words: wish.own?.words });
    }
  }
  return { others: tasks.filter(({ id }) => !wishes.has(id) || gone.has(id)), wished };
}

async function wishesOf(sql: Sql, taskIds: readonly number[]): Promise<Map<number, Wish>> {
  const rows = await selectIn<{ taskId: number; move: string }>(
    sql,
    "SELECT task_id AS taskId, move FROM guide_wish WHERE task_id IN",
    taskIds,
  );
  return new Map(rows.map(({ taskId, move }) => [Number(taskId), JSON.parse(move) as Wish]));
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
  { guideId, until }: { guideId: number; until: number },
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

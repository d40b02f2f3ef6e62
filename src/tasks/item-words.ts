// What a list shows of words under way: those that have gone stay what they were, and when others go by themselves.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { TaskRow } from "./rows.js";
import { isAutomatic } from "./setup.js";
import type { Worded } from "./wording.js";

/** When words go by themselves, by task; only of those that wait for it. */
export async function sendTimes(sql: Sql, worded: ReadonlyMap<number, Worded>): Promise<Map<number, number>> {
  const waiting = [...worded.values()].filter(
    ({ task, touchpoint }) =>
      task.state === "offered" && task.handOverId !== null && isAutomatic(touchpoint.spec),
  );
  const rows = await selectIn<{ id: number; nextAt: number }>(
    sql,
    "SELECT id, next_at AS nextAt FROM hand_over WHERE state = 'ready' AND way = 'bot' AND id IN",
    waiting.map(({ task }) => task.handOverId),
  );
  const times = new Map(rows.map(({ id, nextAt }) => [Number(id), Number(nextAt)]));
  return new Map(
    waiting.flatMap(({ task }) => {
      const at = times.get(Number(task.handOverId));
      return at === undefined ? [] : [[task.id, at] as const];
    }),
  );
}

/** Words on their way or sent: they stay what they were. */
export async function frozenWords(sql: Sql, tasks: readonly TaskRow[]): Promise<Map<number, string>> {
  const gone = tasks.filter(({ handOverId, state }) => handOverId !== null && state !== "offered");
  const rows = await selectIn<{ id: number; words: string }>(
    sql,
    "SELECT id, words FROM hand_over WHERE id IN",
    gone.map(({ handOverId }) => handOverId),
  );
  const words = new Map(rows.map(({ id, words }) => [id, words]));
  return new Map(
    gone.flatMap(({ id, handOverId }) => {
      const text = words.get(handOverId ?? 0);
      return text === undefined ? [] : [[id, text] as const];
    }),
  );
}

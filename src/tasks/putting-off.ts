// Tomorrow instead of today: for tasks a limit or a stop kept from going, as long as their grace lasts.
import { grouped } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { addDays } from "../kernel/calendar.js";
import type { Reason, State } from "./life.js";
import { acted, moveTasks } from "./moves.js";
import { noteLimits } from "./receipts.js";
import { tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";

/**
 * A customer who may receive no more today: the task is planned for tomorrow, or skipped when its grace ends today.
 * The channel said so, and what it says stands above our own count. `actedAt`: when the guide had done their part (epoch ms); it counts for a task that ends.
 */
export async function putOff(
  setup: Pick<TaskSetup, "config">,
  sql: Sql,
  ids: readonly number[],
  from: readonly State[],
  at: number,
  actedAt: number | null = null,
): Promise<void> {
  if (ids.length === 0) return;
  const tomorrow = addDays(dayOf(setup, at), 1);
  await noteLimits(sql, ids, dayOf(setup, actedAt ?? at), "channel");
  const tasks = await tasksOf(sql, ids, "lock");
  const inTime = grouped(tasks, ({ expiresOn }) => expiresOn >= tomorrow);
  const idsOf = (key: boolean) => (inTime.get(key) ?? []).map(({ id }) => id);
  const move = { from, actor: "system", at, reason: "receive_limit" as const };
  await moveTasks(sql, idsOf(true), {
    ...move,
    to: "planned",
    set: { ...backToPlanned, release_on: tomorrow },
  });
  const set = actedAt === null ? {} : acted(actedAt);
  await moveTasks(sql, idsOf(false), { ...move, to: "skipped", set });
}

/** What a task that is planned again forgets: its release, its hand-over, what the guide did to it. */
export const backToPlanned = {
  ...{ released_on: null, acted_at: null, snoozed_until: null, hand_over_id: null },
} as const;

/** Back to planned for tomorrow; a task whose grace ends today stays at its day and ends with it. */
export async function planAgain(
  setup: Parameters<typeof dayOf>[0],
  sql: Sql,
  ids: readonly number[],
  from: readonly State[],
  { reason, actor, at }: { reason: Reason; actor: string; at: number },
): Promise<number[]> {
  const tomorrow = addDays(dayOf(setup, at), 1);
  return moveTasks(sql, ids, {
    ...{ from, to: "planned", reason, actor, at },
    set: {
      ...backToPlanned,
      release_on: {
        sql: "CASE WHEN expires_on >= ? THEN ? ELSE release_on END",
        params: [tomorrow, tomorrow],
      },
    },
  });
}

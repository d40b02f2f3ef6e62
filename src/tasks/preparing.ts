// Words made ready to be handed over by themselves: what waits for nobody's approval here.
import type { Sql } from "../infra/store.js";
import { instantOf, type ShopDay } from "../kernel/calendar.js";
import { timing } from "./backoff.js";
import { groupOutgoing, leaveReady, type Outgoing, putHandOvers } from "./hand-overs.js";
import { moveTasks } from "./moves.js";
import { type TaskRow, tasksOf } from "./rows.js";
import { channelFor, dayOf, isAutomatic, needsApproval, type TaskSetup } from "./setup.js";
import { lacksWords, type Worded, wordTasks, written } from "./wording.js";

/** The hand-over line of a task whose words leave without an approval here; null for all others. */
function outgoingOf(
  setup: TaskSetup,
  { task, touchpoint, text, attachments }: Worded,
  today: ShopDay,
  now: number,
): Outgoing | null {
  const { send, at } = touchpoint.spec;
  const channel = channelFor(setup.channels, send);
  if (text === null || !channel || send === "page" || send === "hand") return null;
  const byItself = isAutomatic(touchpoint.spec);
  if (needsApproval(setup.channels, send) && !byItself) return null;
  const soon = byItself ? (task.offeredAt ?? now) + timing.notice : now;
  const opens = at === null ? soon : instantOf(today, at, setup.config.zone);
  return {
    ...{ channel: channel.name, way: send, guideId: task.guideId, words: text, preparedOn: today },
    attachments: written(attachments),
    nextAt: Math.max(now, opens, task.snoozedUntil ?? 0),
    task,
  };
}

/** Writes hand-overs for offered tasks whose words need no approval here. Part of a transaction. */
export async function putReady(
  setup: TaskSetup,
  sql: Sql,
  worded: readonly Worded[],
  today: ShopDay,
  now: number,
): Promise<void> {
  const lines = worded.flatMap((one) => outgoingOf(setup, one, today, now) ?? []);
  await putHandOvers(sql, groupOutgoing(lines), () => setup.world.id());
}

/** What goes with wording tasks anew. */
export interface Anew {
  actor?: string;
  /** runs first in the same transaction; false: nothing is done at all */
  first?(sql: Sql, tasks: readonly TaskRow[]): Promise<boolean>;
  /** words of the guide's own, for tasks whose edit `first` writes down */
  edit?: string;
}

/**
 * Words offered tasks anew from what is known now, and makes new hand-overs of them; those whose words miss a value
 * now wait for it. What is being called, or was taken, is left alone. Gives the ids of those whose words are whole.
 */
export async function prepareAnew(
  setup: TaskSetup,
  taskIds: readonly number[],
  { actor = "system", first, edit }: Anew = {},
): Promise<number[]> {
  if (taskIds.length === 0) return [];
  const at = setup.world.now();
  const today = dayOf(setup, at);
  const before = await tasksOf(setup.store.read, taskIds);
  const worded = await wordTasks(setup, setup.store.read, before, today);
  return setup.store.write(async (sql) => {
    const tasks = await tasksOf(sql, taskIds, "lock");
    if (first && !(await first(sql, tasks))) return [];
    const detached = await leaveReady(
      sql,
      idsOf(tasks.filter(({ state }) => state === "offered" || state === "sending")),
    );
    const open = (await tasksOf(sql, taskIds)).filter(
      ({ id, state }) =>
        state === "offered" || state === "needs_data" || (state === "sending" && detached.has(id)),
    );
    const ofOpen = open.flatMap((task) => {
      const one = worded.get(task.id);
      return one ? [{ ...one, task, text: edit ?? one.text }] : [];
    });
    const lacking = idsOf(ofOpen.filter(lacksWords).map(({ task }) => task));
    const whole = ofOpen.filter((one) => !lacksWords(one));
    const ids = idsOf(whole.map(({ task }) => task));
    await moveTasks(sql, lacking, {
      ...{ from: ["offered", "sending"], to: "needs_data", reason: "no_data", actor, at },
      set: { hand_over_id: null },
    });
    await moveTasks(sql, ids, { from: ["needs_data", "sending"], to: "offered", actor, at });
    await putReady(setup, sql, whole, today, at);
    return ids;
  });
}

function idsOf(tasks: readonly TaskRow[]): number[] {
  return tasks.map(({ id }) => id);
}

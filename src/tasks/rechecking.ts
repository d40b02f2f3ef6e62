// What waits for a guide's tap while the world goes on: taken back when the customer may not have it any more.

import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { judge, type Turned, turnAway, uncapped } from "./checks.js";
import { forgetHandOvers } from "./erased.js";
import { type HandOverRow, handOversWhere, waitingHandOvers } from "./hand-overs.js";
import type { State } from "./life.js";
import { type TaskRow, tasksOf, tasksWhere } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { offerAgain, withdraw } from "./withdrawing.js";

const BATCH = 100;
const WAITING: readonly State[] = ["handed_over"];

/**
 * Judges every hand-over that waits for its guide once more (consent, contact, owner, anchor; caps were passed) and
 * takes back those that hold a task which may not go any more; the others in them are offered anew. Gives how many
 * were taken back.
 */
export async function recheckWaiting(setup: TaskSetup): Promise<number> {
  const { read } = setup.store;
  const today = dayOf(setup, setup.world.now());
  let withdrawn = 0;
  for await (const handOvers of waitingHandOvers(read, BATCH)) {
    const tasks = await handedOver(read, handOvers);
    const { turned } = await judge(setup, read, tasks, today, uncapped);
    const byHandOver = grouped(turned, ({ task }) => task.handOverId);
    for (const handOver of handOvers) {
      const own = byHandOver.get(handOver.id);
      if (own && (await takeBack(setup, handOver, own))) withdrawn++;
    }
  }
  return withdrawn;
}

/** Judges these tasks where they wait for their guide's tap, at once: what may not go any more is taken back. */
export async function recheckTasks(setup: TaskSetup, taskIds: readonly number[]): Promise<void> {
  const { read } = setup.store;
  const waiting = (await tasksOf(read, taskIds)).filter(({ state }) => WAITING.includes(state));
  if (waiting.length === 0) return;
  const { turned } = await judge(setup, read, waiting, dayOf(setup, setup.world.now()), uncapped);
  const instead = new Map(turned.map(({ task, verdict }) => [task.id, verdict]));
  await takeBackTasks(setup, [...instead.keys()], ({ id }) => instead.get(id) as Turned["verdict"]);
}

/** Takes back these tasks where they wait for their guide's tap, wherever they go instead; others in their hand-overs are
 *  offered anew. */
export async function takeBackTasks(
  setup: TaskSetup,
  taskIds: readonly number[],
  instead: (task: TaskRow) => Turned["verdict"],
): Promise<void> {
  const { read } = setup.store;
  const waiting = (await tasksOf(read, taskIds)).filter(({ state }) => WAITING.includes(state));
  for (const [handOverId, tasks] of grouped(waiting, (task) => task.handOverId)) {
    const [handOver] = await handOversWhere(read, "id = ? AND state = 'waiting'", [handOverId]);
    const turned = tasks.map((task) => ({ task, verdict: instead(task) }));
    if (handOver) await takeBack(setup, handOver, turned);
  }
}

async function takeBack(
  setup: TaskSetup,
  handOver: HandOverRow,
  turned: readonly Turned[],
): Promise<boolean> {
  const gone = new Set(turned.map(({ task }) => task.id));
  const result = await withdraw(setup, handOver, async (sql, tasks) => {
    const at = setup.world.now();
    await turnAway(sql, turned, WAITING, at);
    const erased = turned.filter(({ verdict }) => verdict.reason === "erased");
    await forgetHandOvers(
      sql,
      erased.map(({ task }) => task.id),
    );
    const others = tasks.filter(({ id }) => !gone.has(id));
    await offerAgain(setup, sql, others, handOver, WAITING, at);
  });
  return result === "stopped";
}

async function handedOver(sql: Sql, handOvers: readonly HandOverRow[]): Promise<TaskRow[]> {
  return tasksWhere(
    sql,
    `state = 'handed_over' AND id IN
       (SELECT t.task_id FROM hand_over_task t WHERE t.hand_over_id IN (${marks(handOvers.length)}))`,
    handOvers.map(({ id }) => id),
  );
}

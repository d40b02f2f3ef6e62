// Taking back what a guide has not confirmed: stop it, read it once more, and only then decide about its tasks.
import PQueue from "p-queue";
import { type Channel, ChannelError, type HandOverOutcome } from "../channels/port.js";
import { chunked, grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { judge, turnAway, uncapped } from "./checks.js";
import { erasedAmong, forgetHandOvers } from "./erased.js";
import { guidesOf } from "./facts.js";
import { changeHandOver } from "./hand-over-changes.js";
import {
  dueHandOvers,
  groupOutgoing,
  type HandOverRow,
  handOversWhere,
  linksOf,
  putHandOvers,
} from "./hand-overs.js";
import type { State } from "./life.js";
import { moveTasks } from "./moves.js";
import { settle } from "./outcomes.js";
import { planAgain } from "./putting-off.js";
import { quietAt } from "./quiet-hours.js";
import { type TaskRow, tasksOf } from "./rows.js";
import { channelOf, dayOf, type TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";
import { forgetWishes, heedWishes, keepWish, type Wish, type Wished } from "./wishes.js";

/** stopped: nobody has it · confirmed: the guide was faster · later: not known yet, it is tried again by itself */
export type Withdrawn = "stopped" | "confirmed" | "later";

/** What becomes of the tasks of a stopped hand-over of which nobody wished anything, in the transaction that says it is
 *  stopped. */
export type Then = (sql: Sql, tasks: readonly TaskRow[], handOver: HandOverRow) => Promise<void>;

const MINUTE = 60_000;
const WIDTH = 4;
const BATCH = 500;

/** A guide's say about one task of what is taken back. */
export interface Said {
  taskId: number;
  wish: Wish;
}

/** Takes a hand-over back. That it is being taken back is committed first, with what a guide wishes, so that a crash
 *  leaves no doubt. `then` hears of the tasks of which nobody wished anything. */
export async function withdraw(
  setup: TaskSetup,
  handOver: HandOverRow,
  then: Then = asTimeSays(setup),
  said?: Said,
): Promise<Withdrawn> {
  const { store } = setup;
  const stopping = { state: "stopping" as const, nextAt: setup.world.now() + MINUTE };
  const began = await store.write(async (sql) => {
    const changed = await changeHandOver(sql, handOver.id, ["waiting", "stopping"], stopping);
    if (changed && said) await keepWish(sql, said.taskId, said.wish);
    return changed;
  });
  const outcome = began ? await stopAndRead(setup, handOver) : null;
  if (!outcome) return "later";
  let sent = 0;
  const result = await store.write(async (sql): Promise<Withdrawn> => {
    const ids = (await linksOf(sql, [handOver.id])).map(({ taskId }) => taskId);
    if (outcome.state === "confirmed") {
      sent = await settle(setup, sql, [{ handOver, outcome }], ["stopping"]);
      await forgetWishes(sql, ids);
      return "confirmed";
    }
    if (!(await changeHandOver(sql, handOver.id, ["stopping"], { state: "stopped" }))) return "later";
    const tasks = await tasksOf(sql, ids, "lock");
    const open = tasks.filter(
      ({ state, handOverId }) => state === "handed_over" && handOverId === handOver.id,
    );
    const { others, wished } = await heedWishes(sql, open);
    await then(sql, others, handOver);
    await goOn(setup, sql, wished, handOver);
    return "stopped";
  });
  if (sent > 0) await setup.onDelivered?.();
  return result;
}

/** What guides put off or reworded is judged like all that is about to go: it waits where nobody else looks. */
async function goOn(
  setup: TaskSetup,
  sql: Sql,
  wished: readonly Wished[],
  handOver: HandOverRow,
): Promise<void> {
  if (wished.length === 0) return;
  const at = setup.world.now();
  const tasks = wished.map(({ task }) => task);
  const { turned } = await judge(setup, sql, tasks, dayOf(setup, at), uncapped);
  await turnAway(sql, turned, ["handed_over"], at);
  const away = new Set(turned.map(({ task }) => task.id));
  for (const { task, until, words = handOver.words } of wished)
    if (!away.has(task.id)) await asTimeSays(setup, until)(sql, [task], { ...handOver, words });
}

/** Takes many back, a few at a time. */
export async function withdrawAll(
  setup: TaskSetup,
  handOvers: readonly HandOverRow[],
  then: Then = asTimeSays(setup),
): Promise<Record<Withdrawn, number>> {
  const count = { stopped: 0, confirmed: 0, later: 0 };
  const lanes = new PQueue({ concurrency: WIDTH });
  await lanes.addAll(
    handOvers.map((handOver) => async () => {
      count[await withdraw(setup, handOver, then)]++;
    }),
  );
  return count;
}

/** Hand-overs that wait for their guides with a task of a condition, a few at a time. */
export async function* waitingWith(
  sql: Sql,
  which: string,
  params: readonly Param[],
): AsyncGenerator<HandOverRow[]> {
  const rows = await sql.rows<{ id: number }>(
    `SELECT DISTINCT hand_over_id AS id FROM task WHERE state = 'handed_over' AND ${which}`,
    params,
  );
  for (const part of chunked(rows, BATCH)) {
    const ids = part.map(({ id }) => id);
    yield handOversWhere(sql, `state = 'waiting' AND id IN (${marks(ids.length)})`, ids);
  }
}

/** Ends what was being taken back when somebody crashed or the channel was out of reach. */
export async function finishWithdrawing(setup: TaskSetup): Promise<number> {
  const due = await dueHandOvers(setup.store.read, "stopping", setup.world.now(), 500);
  await withdrawAll(setup, due);
  return due.length;
}

/** null: the channel cannot tell now. */
async function stopAndRead(setup: TaskSetup, handOver: HandOverRow): Promise<HandOverOutcome | null> {
  const channel = channelOf(setup.channels, handOver);
  const [guide] = await guidesOf(setup.store.read, [handOver.guideId]);
  if (!channel || !guide || handOver.providerRef === null) return null;
  const outstanding = { ref: handOver.ref, providerRef: handOver.providerRef, guideUserid: guide.userid };
  try {
    const stopped = channel.promises.stops && (await stopOnce(channel, outstanding));
    const [outcome] = await channel.outcomes([outstanding]);
    if (!outcome) return null;
    return outcome.state === "waiting" && !stopped ? null : outcome;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn(
      { handOverId: handOver.id, err: error.message },
      "a hand-over could not be taken back yet",
    );
    return null;
  }
}

/** False when there was nothing to stop: what is read next tells why. */
async function stopOnce(channel: Channel, outstanding: Parameters<Channel["stop"]>[0]): Promise<boolean> {
  try {
    await channel.stop(outstanding);
    return true;
  } catch (error) {
    if (error instanceof ChannelError && error.kind === "fix") return false;
    throw error;
  }
}

/** Past their grace they expire, in an emergency they wait for tomorrow, else they are offered anew: in quiet hours for
 *  the next opening, and not before `until`. */
function asTimeSays(setup: TaskSetup, until = 0): Then {
  return async (sql, tasks, handOver) => {
    const at = setup.world.now();
    const today = dayOf(setup, at);
    const isOver = grouped(tasks, ({ expiresOn }) => expiresOn < today);
    const over = (isOver.get(true) ?? []).map(({ id }) => id);
    const move = { from: ["handed_over"] as State[], actor: "system", at };
    await moveTasks(sql, over, { ...move, to: "expired", reason: "grace_passed" });
    const rest = isOver.get(false) ?? [];
    if (await stoppedSince(sql))
      await planAgain(
        setup,
        sql,
        rest.map(({ id }) => id),
        move.from,
        { reason: "emergency_stop", actor: "system", at },
      );
    else {
      const opens = await quietAt(setup, sql, at);
      await offerAgain(setup, sql, rest, handOver, move.from, at, Math.max(until, opens ?? at));
    }
  };
}

/** Offers tasks anew with the same words (or those of `handOver` as given); their new hand-over is ready at `nextAt`. Those
 *  of customers erased meanwhile end. */
export async function offerAgain(
  setup: TaskSetup,
  sql: Sql,
  tasks: readonly TaskRow[],
  handOver: Pick<HandOverRow, "channel" | "way" | "guideId" | "words" | "attachments" | "preparedOn">,
  from: readonly State[],
  at: number,
  nextAt = at,
): Promise<void> {
  const gone = await erasedAmong(sql, tasks);
  await moveTasks(sql, [...gone], { from, to: "cancelled", reason: "erased", actor: "system", at });
  await forgetHandOvers(sql, [...gone]);
  const ids = tasks.map(({ id }) => id).filter((id) => !gone.has(id));
  const moved = new Set(
    await moveTasks(sql, ids, { from, to: "offered", actor: "system", at, set: { hand_over_id: null } }),
  );
  // a bot's words and those a guide puts into the chat wait for another approval
  if (handOver.way !== "mass") return;
  const { channel, way, guideId, words, attachments, preparedOn } = handOver;
  const lines = tasks
    .filter(({ id }) => moved.has(id))
    .map((task) => ({ channel, way, guideId, words, attachments, preparedOn, nextAt, task }));
  await putHandOvers(sql, groupOutgoing(lines), () => setup.world.id());
}

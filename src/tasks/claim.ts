// Claiming hand-overs to call: checked once more, written down as being called, committed before the call.
import type { FollowUp } from "../channels/port.js";
import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { judge, turnAway } from "./checks.js";
import type { People } from "./facts.js";
import { dueHandOvers, type HandOverRow, handOversWhere, type Link, linksOf, recount } from "./hand-overs.js";
import type { State } from "./life.js";
import { moveHeld } from "./moves.js";
import { quietAt } from "./quiet-hours.js";
import { noteLimits } from "./receipts.js";
import { inListOrder, type TaskRow, tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";

/** A hand-over that is about to be called. */
export interface Claimed {
  handOver: HandOverRow;
  followUp: FollowUp;
  /** by customer, in the order of the follow-up's customers */
  tasks: ReadonlyMap<string, { id: number; customerId: number }>;
}

const CLAIMABLE: readonly State[] = ["offered", "approved", "sending"];
/** As many as MySQL looks up by their keys in one statement. */
const MOST_AT_ONCE = 190;
const MOST_TASKS = 2_000;

/**
 * Claims what is due on these channels, in one short transaction. Tasks that may not go out any more go where their
 * verdict says; a hand-over left without customers is dropped. Empty when nothing is due, work is stopped or it is quiet.
 */
export async function claimDue(
  setup: TaskSetup,
  channels: readonly string[],
): Promise<{ due: number; claimed: Claimed[] }> {
  const now = setup.world.now();
  const today = dayOf(setup, now);
  return setup.store.write(async (sql) => {
    if ((await stoppedSince(sql)) || (await quietAt(setup, sql, now)) !== null)
      return { due: 0, claimed: [] };
    const due = await dueOn(sql, channels, now, today);
    if (due.length === 0) return { due: 0, claimed: [] };
    const links = await linksOf(
      sql,
      due.map(({ id }) => id),
    );
    const tasks = await tasksOf(
      sql,
      links.map(({ taskId }) => taskId),
      "lock",
    );
    // of two tasks of one customer the one that stands higher on the list goes
    const { go, turned, people } = await judge(
      setup,
      sql,
      inListOrder(tasks.filter(({ state }) => CLAIMABLE.includes(state))),
      today,
    );
    const full = turned.filter(({ verdict }) => verdict.reason === "receive_limit");
    await noteLimits(
      sql,
      full.map(({ task }) => task.id),
      today,
      "ledger",
    );
    await turnAway(sql, turned, CLAIMABLE, now);
    await approveAutomatic(sql, due, links, go, now);
    await moveHeld(sql, go, {
      ...{ from: ["offered", "approved"], to: "sending", actor: "system", at: now },
      // the call's answer moves them on in a moment, or marks them where they stay
      figures: "later",
    });
    await begin(sql, due, links, go, now);
    return { due: due.length, claimed: claimedOf(people, due, links, go, now) };
  });
}

/** What a bot sends without a tap is approved by the clock: seen as such in the task's history. */
async function approveAutomatic(
  sql: Sql,
  due: readonly HandOverRow[],
  links: readonly Link[],
  go: readonly TaskRow[],
  at: number,
): Promise<void> {
  const bots = new Set(due.filter(({ way }) => way === "bot").map(({ id }) => id));
  const byBot = new Set(links.filter(({ handOverId }) => bots.has(handOverId)).map(({ taskId }) => taskId));
  await moveHeld(
    sql,
    go.filter(({ id }) => byBot.has(id)),
    { from: ["offered"], to: "approved", reason: "automatic", actor: "system", at },
  );
}

/** Words that go without a guide's tap here are made anew in the morning; approved ones stay what was approved. */
const FRESH = `(prepared_on = ? OR way = 'page' OR (way = 'bot' AND NOT EXISTS (SELECT 1 FROM hand_over_task l
  JOIN task t ON t.id = l.task_id WHERE l.hand_over_id = hand_over.id AND t.state = 'offered')))`;

/** What is due, as far as one transaction carries; words of an earlier day are left to be made anew. */
async function dueOn(
  sql: Sql,
  channels: readonly string[],
  now: number,
  today: ShopDay,
): Promise<HandOverRow[]> {
  if (channels.length === 0) return [];
  const rows = await handOversWhere(
    sql,
    `state = 'ready' AND next_at <= ? AND channel IN (${marks(channels.length)})
       AND ${FRESH} ORDER BY next_at, id LIMIT ${MOST_AT_ONCE}${sql.dialect.forUpdate}`,
    [now, ...channels, today],
  );
  let tasks = 0;
  return rows.filter(({ customers }, at) => {
    tasks += customers;
    return at === 0 || tasks <= MOST_TASKS;
  });
}

/** Leaves only those who go in the hand-overs, and marks these as being called. */
async function begin(
  sql: Sql,
  due: readonly HandOverRow[],
  links: readonly Link[],
  go: readonly TaskRow[],
  now: number,
): Promise<void> {
  if (due.length === 0) return;
  const going = new Set(go.map(({ id }) => id));
  const stay = links.filter(({ taskId }) => !going.has(taskId));
  const ids = due.map(({ id }) => id);
  if (stay.length > 0) {
    await sql.run(
      `DELETE FROM hand_over_task WHERE hand_over_id IN (${marks(ids.length)})
         AND task_id IN (${marks(stay.length)})`,
      [...ids, ...stay.map(({ taskId }) => taskId)],
    );
    await recount(sql, ids);
  }
  // COALESCE keeps SQLite from reading all that are ready by the key (state, next_at)
  await sql.run(
    `UPDATE hand_over SET state = 'creating', called_at = ?, tries = tries + 1
     WHERE COALESCE(state, '') = 'ready' AND id IN (${marks(ids.length)})`,
    [now, ...ids],
  );
}

function claimedOf(
  people: People,
  due: readonly HandOverRow[],
  links: readonly Link[],
  go: readonly TaskRow[],
  now: number,
): Claimed[] {
  const going = new Set(go.map(({ id }) => id));
  const byHandOver = grouped(
    links.filter(({ taskId }) => going.has(taskId)),
    ({ handOverId }) => handOverId,
  );
  return due.flatMap((handOver) => {
    const guide = people.guides.get(handOver.guideId);
    const tasks = new Map<string, { id: number; customerId: number }>();
    for (const { taskId, customerId } of byHandOver.get(handOver.id) ?? []) {
      const customer = people.customers.get(customerId);
      if (customer) tasks.set(customer.externalUserid, { id: taskId, customerId });
    }
    if (!guide || tasks.size === 0) return [];
    const followUp = {
      ...{ ref: handOver.ref, guideUserid: guide.userid, text: handOver.words },
      externalUserids: [...tasks.keys()],
    };
    const called = { ...handOver, state: "creating" as const, calledAt: now, tries: handOver.tries + 1 };
    return [{ handOver: called, followUp, tasks }];
  });
}

/** Ready hand-overs whose words were made on an earlier day. */
export async function staleTasks(sql: Sql, now: number, today: ShopDay): Promise<number[]> {
  const due = await dueHandOvers(sql, "ready", now, MOST_TASKS);
  // of a bot's those nobody approved; the others are not open any more and stay as they are
  const stale = due.filter(({ preparedOn, way }) => way !== "page" && preparedOn !== today);
  return (
    await linksOf(
      sql,
      stale.map(({ id }) => id),
    )
  ).map(({ taskId }) => taskId);
}

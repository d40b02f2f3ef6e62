// What became of hand-overs: read from the channel for those outstanding, and settled customer by customer.
import { type Channel, ChannelError, type HandOverOutcome } from "../channels/port.js";
import { erasedId, isErased } from "../customers/known-ids.js";
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { pollDelay, timing } from "./backoff.js";
import { type Delivery, deliver } from "./deliver.js";
import { guidesOf } from "./facts.js";
import { changeHandOver, changeHandOvers, type HandOverChange } from "./hand-over-changes.js";
import { dueHandOvers, type HandOverRow, type HandOverState } from "./hand-overs.js";
import type { Reason, State } from "./life.js";
import { acted, moveTasks } from "./moves.js";
import { putOff } from "./putting-off.js";
import { channelOf, type TaskSetup } from "./setup.js";
import { endFriendships } from "./unfriended.js";

/** A hand-over, what became of it, and whose tasks are in it. */
export interface Answered {
  handOver: HandOverRow;
  outcome: HandOverOutcome;
}

/** A customer of a hand-over. */
export interface Part {
  handOverId: number;
  taskId: number;
  externalUserid: string;
  state: State;
}

/** Read together: enough to fill the channel's lanes, few enough to settle in one short transaction. */
const BATCH = 100;

/** Reads what is outstanding and due to be read, and settles it. Gives how many hand-overs were read. */
export async function pollOutstanding(setup: TaskSetup): Promise<number> {
  let read = 0;
  const now = setup.world.now();
  for (;;) {
    const due = await dueHandOvers(setup.store.read, "waiting", now, BATCH);
    if (due.length === 0) return read;
    const answers = await readOutcomes(setup, due);
    const sent = await setup.store.write((sql) => settle(setup, sql, answers, ["waiting"]));
    if (sent > 0) await setup.onDelivered?.();
    read += due.length;
  }
}

/** Asks each hand-over's channel; what cannot be read now comes back `waiting`. */
async function readOutcomes(setup: TaskSetup, handOvers: readonly HandOverRow[]): Promise<Answered[]> {
  const guides = await guidesOf(setup.store.read, [...new Set(handOvers.map(({ guideId }) => guideId))]);
  const userids = new Map(guides.map(({ id, userid }) => [id, userid]));
  const answered: Answered[] = [];
  for (const [channel, ofOne] of grouped(handOvers, (one) => channelOf(setup.channels, one))) {
    const outcomes = channel ? await askChannel(setup, channel, ofOne, userids) : [];
    const byRef = new Map(outcomes.map((outcome) => [outcome.ref, outcome]));
    for (const handOver of ofOne) {
      const waiting: HandOverOutcome = { ref: handOver.ref, state: "waiting", customers: [] };
      answered.push({ handOver, outcome: byRef.get(handOver.ref) ?? waiting });
    }
  }
  return answered;
}

async function askChannel(
  setup: TaskSetup,
  channel: Channel,
  handOvers: readonly HandOverRow[],
  userids: ReadonlyMap<number, string>,
): Promise<HandOverOutcome[]> {
  try {
    const asked = handOvers.map(({ ref, providerRef, guideId }) => ({
      ...{ ref, providerRef: providerRef ?? "", guideUserid: userids.get(guideId) ?? "" },
    }));
    return await channel.outcomes(asked);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ channel: channel.name, err: error.message }, "outcomes could not be read");
    return [];
  }
}

/** Whose tasks are in these hand-overs. */
function partsOf(sql: Sql, handOverIds: readonly number[]): Promise<Part[]> {
  return selectIn<Part>(
    sql,
    `SELECT h.hand_over_id AS handOverId, h.task_id AS taskId, c.external_userid AS externalUserid, t.state
     FROM hand_over_task h JOIN task t ON t.id = h.task_id JOIN customer c ON c.id = h.customer_id
     WHERE h.hand_over_id IN`,
    handOverIds,
  );
}

/** Writes outcomes down, as part of a transaction; only of hand-overs still in one of `from`. Gives tasks now sent. */
export async function settle(
  setup: TaskSetup,
  sql: Sql,
  answers: readonly Answered[],
  from: readonly HandOverState[],
): Promise<number> {
  const now = setup.world.now();
  const parts = grouped(
    await partsOf(
      sql,
      answers.map(({ handOver }) => handOver.id),
    ),
    ({ handOverId }) => handOverId,
  );
  const deliveries: Delivery[] = [];
  const waiting = grouped(
    answers.filter(({ outcome }) => outcome.state === "waiting"),
    ({ handOver }) => JSON.stringify(changeOfWaiting(handOver, parts.get(handOver.id) ?? [], now)),
  );
  for (const [change, alike] of waiting)
    await changeHandOvers(
      sql,
      alike.map(({ handOver }) => handOver.id),
      from,
      JSON.parse(change) as HandOverChange,
    );
  for (const { handOver, outcome } of answers) {
    const own = parts.get(handOver.id) ?? [];
    if (outcome.state === "confirmed")
      deliveries.push(...(await settleConfirmed(setup, sql, handOver, outcome, own, from)));
    else if (outcome.state !== "waiting") await settleOther(sql, handOver, outcome.state, own, from, now);
  }
  return (await deliver(setup, sql, deliveries, { actor: "system", at: now })).length;
}

/** When it is looked at next; taken back when nobody waits for it any more. */
function changeOfWaiting({ calledAt }: HandOverRow, parts: readonly Part[], now: number): HandOverChange {
  const forNobody = !parts.some((part) => part.state === "handed_over");
  return forNobody ? { state: "stopping", nextAt: now } : { nextAt: now + pollDelay(now - calledAt) };
}

async function settleOther(
  sql: Sql,
  handOver: HandOverRow,
  state: "stopped" | "gone",
  parts: readonly Part[],
  from: readonly HandOverState[],
  now: number,
): Promise<void> {
  const next = state === "gone" ? ("asking" as const) : ("stopped" as const);
  if (!(await changeHandOver(sql, handOver.id, from, { state: next, nextAt: now }))) return;
  // stopped by somebody else, in the chat system itself: that is a no
  const move =
    state === "gone" ? ({ to: "unknown" } as const) : ({ to: "failed", reason: "channel_refused" } as const);
  await moveTasks(
    sql,
    parts.map(({ taskId }) => taskId),
    { from: ["handed_over"], ...move, actor: "system", at: now },
  );
}

/** Gives the deliveries; all other results are written down at once. */
async function settleConfirmed(
  setup: TaskSetup,
  sql: Sql,
  handOver: HandOverRow,
  outcome: HandOverOutcome,
  parts: readonly Part[],
  from: readonly HandOverState[],
): Promise<Delivery[]> {
  const now = setup.world.now();
  const results = new Map(outcome.customers.map((customer) => [customer.externalUserid, customer]));
  // of one erased meanwhile only the trace is left
  if (parts.some(({ externalUserid }) => isErased(externalUserid)))
    for (const customer of outcome.customers) results.set(erasedId(customer.externalUserid), customer);
  const times = outcome.customers.flatMap(({ at }) => at ?? []);
  const confirmedAt =
    handOver.confirmedAt ?? outcome.confirmedAt ?? (times.length ? Math.min(...times) : now);
  const resultOf = (part: Part) => results.get(part.externalUserid)?.result ?? "open";
  const open = parts.filter((part) => resultOf(part) === "open");
  const givenUp = now - confirmedAt > timing.openFor;
  const change =
    open.length > 0 && !givenUp
      ? { state: "waiting" as const, confirmedAt, nextAt: now + pollDelay(now - confirmedAt) }
      : { state: "confirmed" as const, confirmedAt };
  if (!(await changeHandOver(sql, handOver.id, from, change))) return [];
  const ids = (result: string) =>
    parts.filter((part) => resultOf(part) === result).map((part) => part.taskId);
  const end = (some: readonly number[], to: State, reason: Reason) =>
    moveTasks(sql, some, {
      ...{ from: ["handed_over", "unknown"], to, reason, actor: "system", at: now },
      set: acted(confirmedAt),
    });
  await end(ids("not_a_friend"), "skipped", "not_a_friend");
  await endFriendships(sql, ids("not_a_friend"), shopDayOf(now, setup.config.zone));
  await end(ids("refused"), "failed", "channel_refused");
  if (givenUp) await end(ids("open"), "failed", "channel_fault");
  await putOff(setup, sql, ids("receive_limit"), ["handed_over"], now, confirmedAt);
  return parts
    .filter((part) => resultOf(part) === "sent")
    .map((part) => ({
      ...{ taskId: part.taskId, words: handOver.words, way: handOver.way, actedAt: confirmedAt },
      proven: channelOf(setup.channels, handOver)?.promises.provesDelivery ?? false,
      sentAt: results.get(part.externalUserid)?.at ?? confirmedAt,
    }));
}

// What the channel answered, written down: many answers in one transaction.
import type { ChannelError, DeliveryReason, HandedOver } from "../channels/port.js";
import { grouped } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { lookDelay, pollDelay, retryDelay, timing } from "./backoff.js";
import type { Claimed } from "./claim.js";
import { type Delivery, deliver } from "./deliver.js";
import { changeHandOver, referHandOvers } from "./hand-over-changes.js";
import { type Draft, putHandOvers } from "./hand-overs.js";
import type { Reason, State } from "./life.js";
import { markFigures, moveTasks } from "./moves.js";
import { putOff } from "./putting-off.js";
import type { TaskSetup } from "./setup.js";
import { endFriendships } from "./unfriended.js";

/** What became of one call. `not_begun`: it surely never left us; it may be made at `nextAt`. */
export type CallResult = { claimed: Claimed } & (
  | { kind: "taken"; answer: HandedOver }
  | { kind: "error"; error: ChannelError }
  | { kind: "not_begun"; nextAt: number }
);

/** How many tasks went where. */
export interface Booked {
  handedOver: number;
  sent: number;
  unknown: number;
  failed: number;
  again: number;
}

/** WeCom's errcodes that say: no contact of this guide (84061, 84084), nobody left to send to (41048). */
const NO_FRIENDS = new Set([84061, 84084, 41048]);
/** Those that say it of this very pair. */
const SURELY_NO_FRIEND = new Set([84061, 84084]);
/** Those that may come from a single customer of many (40096: a bad id). */
const ONE_OF_MANY = new Set([84061, 84084, 40096]);
/** A call may be on its way although somebody counted it as lost already: its own answer counts. */
const CALLED: readonly State[] = ["sending", "unknown"];

/** Tasks to move once all answers have been read. */
interface Sorted {
  handedOver: number[];
  unknown: number[];
  failed: Map<Reason, number[]>;
  limited: number[];
  /** tasks whose guide and customer are no contacts */
  strangers: number[];
  deliveries: Delivery[];
  drafts: Draft[];
  /** how many tasks go on being sent, and those of them whose first call this was */
  again: number;
  begun: number[];
}

/** Writes answers down, as part of a transaction. */
export async function book(setup: TaskSetup, sql: Sql, results: readonly CallResult[]): Promise<Booked> {
  const now = setup.world.now();
  const sorted: Sorted = {
    ...{
      handedOver: [],
      unknown: [],
      failed: new Map(),
      limited: [],
      strangers: [],
      deliveries: [],
      drafts: [],
    },
    ...{ again: 0, begun: [] },
  };
  await bookTaken(sql, results, sorted, now);
  for (const result of results) await bookOther(setup, sql, result, sorted, now);
  const move = { from: CALLED, actor: "system", at: now };
  const handedOver = await moveTasks(sql, sorted.handedOver, { ...move, to: "handed_over" });
  const unknown = await moveTasks(sql, sorted.unknown, { ...move, from: ["sending"], to: "unknown" });
  let failed = 0;
  for (const [reason, ids] of sorted.failed)
    failed += (
      await moveTasks(sql, ids, { ...move, to: reason === "not_a_friend" ? "skipped" : "failed", reason })
    ).length;
  const halved = sorted.drafts.flatMap(({ tasks }) => tasks.map(({ id }) => id));
  await markFigures(sql, [...sorted.begun, ...halved]);
  await endFriendships(sql, sorted.strangers, shopDayOf(now, setup.config.zone));
  await putOff(setup, sql, sorted.limited, ["sending"], now);
  const sent = await deliver(setup, sql, sorted.deliveries, move);
  await putHandOvers(sql, sorted.drafts, () => setup.world.id());
  return {
    ...{ handedOver: handedOver.length, sent: sent.length, unknown: unknown.length, failed },
    again: sorted.again,
  };
}

async function bookOther(setup: TaskSetup, sql: Sql, result: CallResult, sorted: Sorted, now: number) {
  const { handOver, tasks } = result.claimed;
  if (result.kind === "taken") return;
  const ids = [...tasks.values()].map(({ id }) => id);
  if (result.kind === "not_begun") {
    // tries counts calls, and there was none
    const back = { state: "ready" as const, nextAt: result.nextAt, tries: handOver.tries - 1 };
    if (await changeHandOver(sql, handOver.id, ["creating"], back)) staysSending(sorted, handOver, ids);
    return;
  }
  const { kind, message, code, retryAfter } = result.error;
  const error = message.slice(0, 250);
  if (kind === "unknown") {
    const lost = { state: "unknown" as const, nextAt: now + lookDelay(0), error };
    if (await changeHandOver(sql, handOver.id, ["creating"], lost)) sorted.unknown.push(...ids);
  } else if (kind === "fix") {
    const split = ids.length > 1 && code !== undefined && ONE_OF_MANY.has(code);
    const from = split ? (["creating"] as const) : (["creating", "unknown"] as const);
    if (!(await changeHandOver(sql, handOver.id, from, { state: "failed", error }))) return;
    if (split) sorted.drafts.push(...halves(result.claimed, now));
    else {
      if (code !== undefined && SURELY_NO_FRIEND.has(code)) sorted.strangers.push(...ids);
      add(sorted.failed, code && NO_FRIENDS.has(code) ? "not_a_friend" : "channel_refused", ids);
    }
  } else {
    const wait = kind === "operations" ? Math.max(retryAfter ?? 0, timing.rest) : (retryAfter ?? 0);
    const nextAt = now + retryDelay(handOver.tries, setup.world.random(), wait);
    const again = { state: "ready" as const, nextAt, error };
    if (await changeHandOver(sql, handOver.id, ["creating"], again)) staysSending(sorted, handOver, ids);
  }
}

/** Called again later. Only the first claim changed their state. */
function staysSending(sorted: Sorted, { tries }: Claimed["handOver"], ids: readonly number[]): void {
  sorted.again += ids.length;
  if (tries === 1) sorted.begun.push(...ids);
}

/** What was taken, all together: a statement each would take longer than the calls. */
async function bookTaken(
  sql: Sql,
  results: readonly CallResult[],
  sorted: Sorted,
  now: number,
): Promise<void> {
  const taken = results.filter((result) => result.kind === "taken");
  for (const [delivered, alike] of grouped(taken, ({ answer }) => answer.delivered)) {
    const refs = new Map(alike.map(({ claimed, answer }) => [claimed.handOver.id, answer.providerRef]));
    const change = delivered
      ? { state: "confirmed" as const, confirmedAt: now, error: null }
      : { state: "waiting" as const, nextAt: now + pollDelay(0), error: null };
    const booked = await referHandOvers(sql, refs, ["creating", "unknown"], change);
    for (const { claimed, answer } of alike)
      if (booked.has(claimed.handOver.id)) sortTaken(claimed, answer, sorted, now);
  }
}

function sortTaken(
  { handOver, tasks, followUp }: Claimed,
  answer: HandedOver,
  sorted: Sorted,
  now: number,
): void {
  const refused = new Map(answer.refused.map(({ externalUserid, reason }) => [externalUserid, reason]));
  for (const externalUserid of followUp.externalUserids) {
    const id = tasks.get(externalUserid)?.id;
    const reason = refused.get(externalUserid);
    if (id === undefined) continue;
    if (reason) refuse(sorted, id, reason);
    else if (answer.delivered)
      sorted.deliveries.push({
        ...{ taskId: id, words: followUp.text, way: handOver.way },
        sentAt: now,
        actedAt: now,
      });
    else sorted.handedOver.push(id);
  }
}

function refuse(sorted: Sorted, id: number, reason: DeliveryReason): void {
  if (reason === "receive_limit") sorted.limited.push(id);
  else add(sorted.failed, reason === "not_a_friend" ? reason : "channel_refused", [id]);
}

/** One bad customer must not keep the words from the others: a refused group is called again in two halves. */
function halves({ handOver, tasks }: Claimed, now: number): Draft[] {
  const all = [...tasks.values()];
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)].map((part) => ({
    ...{ channel: handOver.channel, way: handOver.way, guideId: handOver.guideId, words: handOver.words },
    ...{ attachments: handOver.attachments, preparedOn: handOver.preparedOn, nextAt: now, tasks: part },
  }));
}

function add(map: Map<Reason, number[]>, reason: Reason, ids: readonly number[]): void {
  map.set(reason, [...(map.get(reason) ?? []), ...ids]);
}

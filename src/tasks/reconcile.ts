// Calls without an answer: found out from the channel, else from the guide; never simply repeated.
import { ChannelError, type Found } from "../channels/port.js";
import { erasedId } from "../customers/known-ids.js";
import { askGuides, neverTookPlace } from "./asking.js";
import { lookDelay, timing } from "./backoff.js";
import { guidesOf, peopleOf } from "./facts.js";
import { changeHandOver } from "./hand-over-changes.js";
import { dueHandOvers, type HandOverRow, handOversWhere, linksOf } from "./hand-overs.js";
import { moveTasks } from "./moves.js";
import { provePages } from "./page-proof.js";
import { tasksOf } from "./rows.js";
import { channelOf, type TaskSetup } from "./setup.js";
import { finishWithdrawing } from "./withdrawing.js";

/** What a pass found out, in hand-overs. */
export interface Reconciled {
  lost: number;
  found: number;
  absent: number;
  asked: number;
}

const BATCH = 200;
const KNOWN_AROUND = 15 * 60_000;

/** Counts calls as lost that never got an answer, looks for lost ones, asks guides about the rest; ends what was
 *  being taken back when a process died or the channel was out of reach. */
export async function reconcile(setup: TaskSetup): Promise<Reconciled> {
  if ((await provePages(setup)) > 0) await setup.onDelivered?.();
  const result: Reconciled = { lost: await countLost(setup), found: 0, absent: 0, asked: 0 };
  const due = await dueHandOvers(setup.store.read, "unknown", setup.world.now(), BATCH);
  for (const handOver of due) {
    const verdict = await lookFor(setup, handOver);
    if (verdict === "found") result.found++;
    if (verdict === "absent") result.absent++;
  }
  result.asked = await askGuides(setup);
  await finishWithdrawing(setup);
  return result;
}

/** A process died, or its database did, between a call and its answer. Words put into a chat go to asking at once. */
async function countLost(setup: TaskSetup): Promise<number> {
  const now = setup.world.now();
  const called = await handOversWhere(
    setup.store.read,
    `state = 'creating' AND called_at <= CASE WHEN way = 'page' THEN ? ELSE ? END LIMIT ${BATCH}`,
    [now - timing.reportWithin, now - timing.answerWithin],
  );
  for (const handOver of called) {
    const page = handOver.way === "page";
    await setup.store.write(async (sql) => {
      const change = page
        ? { state: "asking" as const, nextAt: now }
        : { state: "unknown" as const, nextAt: Math.max(now, handOver.calledAt + lookDelay(0)) };
      if (!(await changeHandOver(sql, handOver.id, ["creating"], change))) return;
      const ids = (await linksOf(sql, [handOver.id])).map(({ taskId }) => taskId);
      await moveTasks(sql, ids, { from: ["sending"], to: "unknown", actor: "system", at: now });
    });
  }
  return called.length;
}

async function lookFor(setup: TaskSetup, handOver: HandOverRow): Promise<"found" | "absent" | "later"> {
  const found = await find(setup, handOver);
  const now = setup.world.now();
  if (!found) {
    const again = { nextAt: now + timing.rest };
    await setup.store.write((sql) => changeHandOver(sql, handOver.id, ["unknown"], again));
    return "later";
  }
  const looks = handOver.looks + 1;
  if (found.state === "found") {
    const { providerRef } = found;
    await setup.store.write(async (sql) => {
      const waiting = { state: "waiting" as const, providerRef, nextAt: now, looks };
      if (!(await changeHandOver(sql, handOver.id, ["unknown"], waiting))) return;
      const ids = (await linksOf(sql, [handOver.id])).map(({ taskId }) => taskId);
      await moveTasks(sql, ids, { from: ["unknown"], to: "handed_over", actor: "system", at: now });
    });
    return "found";
  }
  const isOld = now - handOver.calledAt >= timing.absentAfter;
  if (found.state === "absent" && isOld && looks >= timing.absentLooks) {
    await setup.store.write(async (sql) => {
      if (!(await changeHandOver(sql, handOver.id, ["unknown"], { state: "absent", looks }))) return;
      const links = await linksOf(sql, [handOver.id]);
      await neverTookPlace(
        setup,
        sql,
        handOver,
        await tasksOf(
          sql,
          links.map(({ taskId }) => taskId),
          "lock",
        ),
      );
    });
    return "absent";
  }
  const settles = Math.max(now + lookDelay(looks), handOver.calledAt + timing.absentAfter);
  const asks = found.state === "cannot_tell" && (looks >= timing.mostLooks || !canLook(setup, handOver));
  const next = asks ? { state: "asking" as const, nextAt: now } : { nextAt: settles };
  await setup.store.write((sql) => changeHandOver(sql, handOver.id, ["unknown"], { ...next, looks }));
  return "later";
}

function canLook(setup: TaskSetup, handOver: HandOverRow): boolean {
  return channelOf(setup.channels, handOver)?.promises.reconciles ?? false;
}

/** null: the channel is out of reach. */
async function find(setup: TaskSetup, handOver: HandOverRow): Promise<Found | null> {
  const { read } = setup.store;
  const channel = channelOf(setup.channels, handOver);
  const [guide] = await guidesOf(read, [handOver.guideId]);
  if (!channel?.promises.reconciles || !guide) return { state: "cannot_tell" };
  const links = await linksOf(read, [handOver.id]);
  const people = await peopleOf(
    read,
    links.map(({ customerId }) => ({ customerId, guideId: handOver.guideId })),
  );
  const around = await read.rows<{ ref: string }>(
    `SELECT provider_ref AS ref FROM hand_over
     WHERE called_at BETWEEN ? AND ? AND channel = ? AND provider_ref IS NOT NULL`,
    [handOver.calledAt - KNOWN_AROUND, handOver.calledAt + KNOWN_AROUND, handOver.channel],
  );
  const ids = new Set([...people.customers.values()].map(({ externalUserid }) => externalUserid));
  try {
    return await channel.find({
      ...{ ref: handOver.ref, guideUserid: guide.userid, text: handOver.words, calledAt: handOver.calledAt },
      externalUserids: [...ids],
      // of one erased meanwhile only the trace is left: what lies in the chat system for them must be taken back
      isTheirs: (id) => ids.has(id) || ids.has(erasedId(id)),
      knownRefs: around.map(({ ref }) => ref),
    });
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn(
      { handOverId: handOver.id, err: error.message },
      "a lost hand-over could not be looked for",
    );
    return { state: "cannot_tell" };
  }
}

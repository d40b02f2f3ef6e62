// What became of mass-send tasks: first whether the guide confirmed, then what each customer got.
import {
  ChannelError,
  type DeliveryReason,
  type HandOverOutcome,
  type OutstandingHandOver,
} from "../port.js";
import type { WecomClient } from "./client.js";
import { hasCode } from "./errors.js";
import { inParallel } from "./parallel.js";
import { massMembers, massResults } from "./requests.js";

/** get_groupmsg_task is known to answer 45033 under parallel polling. */
export const pollers = 2;

const dispatching = 41063;
const stopped = 41093;
const guideLeft = 60111;
const noSuchTask = [41046, 41047];

/**
 * Reads hand-overs two at a time. One that cannot be read now comes back `waiting`; when a limit or the set-up stops
 * us, the rest is not asked for. Throws only when not one could be read.
 */
export async function readOutcomes(
  client: WecomClient,
  handOvers: readonly OutstandingHandOver[],
): Promise<HandOverOutcome[]> {
  let failure: ChannelError | undefined;
  let readable = 0;
  let halted = false;
  const outcomes = await inParallel(handOvers, pollers, async (handOver) => {
    if (halted) return waiting(handOver);
    try {
      const outcome = await readOutcome(client, handOver);
      readable++;
      return outcome;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      failure ??= error;
      if (error.kind === "wait" || error.kind === "operations") halted = true;
      return waiting(handOver);
    }
  });
  if (failure && readable === 0) throw failure;
  return outcomes;
}

async function readOutcome(client: WecomClient, handOver: OutstandingHandOver): Promise<HandOverOutcome> {
  const task = await readTask(client, handOver);
  if (task === "waiting") return waiting(handOver);
  if (task === "gone") return { ref: handOver.ref, state: "gone", customers: [] };
  const customers = await readCustomers(client, handOver);
  if (task === "stopped") {
    // the guide may have confirmed a moment before the stop: only the customers' results tell
    const sent = customers.some((customer) => customer.result !== "open");
    return { ref: handOver.ref, state: sent ? "confirmed" : "stopped", customers: sent ? customers : [] };
  }
  return { ref: handOver.ref, state: "confirmed", customers, ...confirmedAt(task.sendTime) };
}

type Task = "waiting" | "gone" | "stopped" | { sendTime: number };

async function readTask(client: WecomClient, handOver: OutstandingHandOver): Promise<Task> {
  try {
    const members = await massMembers(client, handOver.providerRef);
    const member = members.find((one) => sameUser(one.userid, handOver.guideUserid));
    // a member out of the app's sight is not listed: we cannot tell
    return !member || member.status === 0 ? "waiting" : { sendTime: member.send_time ?? 0 };
  } catch (error) {
    if (hasCode(error, dispatching)) return "waiting";
    if (hasCode(error, stopped)) return "stopped";
    if (hasCode(error, ...noSuchTask)) return "gone";
    throw error;
  }
}

async function readCustomers(
  client: WecomClient,
  handOver: OutstandingHandOver,
): Promise<HandOverOutcome["customers"]> {
  try {
    const rows = await massResults(client, handOver.providerRef, handOver.guideUserid);
    return rows.flatMap((row) =>
      row.external_userid
        ? [{ externalUserid: row.external_userid, result: resultOf(row.status), ...at(row.send_time) }]
        : [],
    );
  } catch (error) {
    // a guide who left confirmed it all right; what their customers got is not told any more
    if (hasCode(error, dispatching, stopped, guideLeft)) return [];
    throw error;
  }
}

function resultOf(status: number): "open" | "sent" | DeliveryReason {
  if (status === 0) return "open";
  if (status === 1) return "sent";
  if (status === 2) return "not_a_friend";
  if (status === 3) return "receive_limit";
  return "refused";
}

function at(seconds: number | null | undefined): { at?: number } {
  return seconds ? { at: seconds * 1000 } : {};
}

function confirmedAt(seconds: number): { confirmedAt?: number } {
  return seconds ? { confirmedAt: seconds * 1000 } : {};
}

function waiting(handOver: OutstandingHandOver): HandOverOutcome {
  return { ref: handOver.ref, state: "waiting", customers: [] };
}

/** Userids do not differ by case, and some answers come back lower-cased. */
export function sameUser(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

// Sending: claims what is due, calls the channel a few at a time, writes the answers down in groups.
import PQueue from "p-queue";
import { type Channel, ChannelError } from "../channels/port.js";
import { timing } from "./backoff.js";
import type { Booked, CallResult } from "./booking.js";
import { type Claimed, claimDue, staleTasks } from "./claim.js";
import { enclosed } from "./enclosing.js";
import { ledgerOf } from "./ledger.js";
import { prepareAnew } from "./preparing.js";
import { channelOf, dayOf, type TaskSetup } from "./setup.js";

/** Calls open at once; the adapters keep as many sockets. */
const WIDTH = 16;

export type Sender = ReturnType<typeof senderOf>;

/** The sender of this process. It remembers which channel rests. */
export function senderOf(setup: TaskSetup) {
  const rests = restsOf(setup);
  return {
    /** Sends all that is due now; gives what became of the tasks. */
    async dispatchDue(): Promise<Booked> {
      const sum: Booked = { handedOver: 0, sent: 0, unknown: 0, failed: 0, again: 0 };
      const now = setup.world.now();
      await prepareAnew(setup, await staleTasks(setup.store.read, now, dayOf(setup, now)));
      const ledger = ledgerOf(setup, sum);
      const lanes = new PQueue({ concurrency: widthOf(setup) });
      for (let isBusy = false; ; ) {
        const { due, claimed } = await claimDue(setup, rests.awake());
        if (due === 0 && !isBusy) return sum;
        isBusy = due > 0;
        for (const one of claimed) void lanes.add(async () => ledger.add(await call(setup, rests, one)));
        // the next are claimed while these are called; what waits too long is not called at all
        if (isBusy) await lanes.onSizeLessThan(lanes.concurrency * 2);
        else await ledger.closed(lanes);
      }
    },
  };
}

/** The channels that words leave by. */
function distinctOf({ channels }: TaskSetup): Channel[] {
  const { mass, bot } = channels;
  return mass.name === bot.name ? [mass] : [mass, bot];
}

/** No more calls at once than the narrowest channel takes: what waits inside it would be counted as called. */
function widthOf(setup: TaskSetup): number {
  return Math.min(WIDTH, ...distinctOf(setup).map(({ atOnce }) => atOnce ?? WIDTH));
}

type Rests = ReturnType<typeof restsOf>;

/** Which channels are left alone for a while: a limit was reached, or the set-up is broken. */
function restsOf(setup: TaskSetup) {
  /** channel name → epoch ms until which nothing is handed to it */
  const until = new Map<string, number>();
  return {
    until: (name: string) => until.get(name) ?? 0,
    awake: () =>
      distinctOf(setup)
        .filter(
          (channel) => (until.get(channel.name) ?? 0) <= setup.world.now() && (channel.isThere?.() ?? true),
        )
        .map(({ name }) => name),
    note(name: string, error: ChannelError): void {
      const now = setup.world.now();
      const said = { channel: name, code: error.code, err: error.message };
      if (error.kind === "operations") {
        until.set(name, now + Math.max(error.retryAfter ?? 0, timing.rest));
        setup.log.error(said, "sending rests: the channel must be mended");
      } else if (error.kind === "wait") {
        until.set(name, now + (error.retryAfter ?? timing.limit));
        setup.log.warn(said, "sending rests: a limit was reached");
      } else setup.log.warn(said, "a hand-over failed");
    },
  };
}

async function call(setup: TaskSetup, rests: Rests, claimed: Claimed): Promise<CallResult> {
  const { handOver } = claimed;
  const now = setup.world.now();
  const restsUntil = rests.until(handOver.channel);
  if (restsUntil > now) return { kind: "not_begun", claimed, nextAt: restsUntil };
  // written down too long ago: somebody else may count it as lost already
  if (now - handOver.calledAt > timing.beginWithin) return { kind: "not_begun", claimed, nextAt: now };
  const channel = channelOf(setup.channels, handOver);
  if (!channel) return { kind: "not_begun", claimed, nextAt: now + timing.rest };
  const result = await callChannel(setup, channel, claimed);
  if (result.kind === "error") rests.note(handOver.channel, result.error);
  return result;
}

async function callChannel(setup: TaskSetup, channel: Channel, claimed: Claimed): Promise<CallResult> {
  const { handOver, followUp } = claimed;
  try {
    const attachments = enclosed(setup, channel, handOver.attachments, followUp.guideUserid);
    const whole = attachments.length > 0 ? { ...followUp, attachments } : followUp;
    return { kind: "taken", claimed, answer: await channel.handOver(whole) };
  } catch (error) {
    if (error instanceof ChannelError) return { kind: "error", claimed, error };
    // a fault of ours: the call may have been made all the same
    return { kind: "error", claimed, error: new ChannelError("unknown", `fault: ${String(error)}`) };
  }
}

// Whether a task may still go out, asked in the transaction that sends it: consent, contact, owner, anchor, caps.
import type { Trigger } from "../journeys/spec.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { Reason, State } from "./life.js";
import type { Received } from "./receipts.js";

/** What is true of one task at the moment of sending. */
export interface SendFacts {
  task: { anchorOn: ShopDay; expiresOn: ShopDay; occurrence: number; childNo: number; guideId: number } & {
    /** the owner on leave for whom the guide stands in */
    deputyOf: number | null;
  };
  trigger: Pick<Trigger, "anchor" | "repeat">;
  /** its journey sends nothing now */
  resting: "paused" | "archived" | null;
  /** null: erased */
  customer: { optedOut: boolean; stopped: boolean; ownerId: number | null; declined: boolean } | null;
  contactEnded: boolean;
  guideGone: boolean;
  /** the guide is on leave today */
  onLeave: boolean;
  /** of a deputy's task: the leave it was given away for has been taken back */
  leaveOver: boolean;
  /** the anchor this task counts from, as it stands now */
  anchor: { onDate: ShopDay; cycleOn: number } | null;
  /** of siblings whom the words speak of too, one has another date now */
  siblingsMoved: boolean;
  /** whether the child has been born, for what counts from the due date */
  born: boolean;
  /** what it asks for is known meanwhile; absent: it asks for nothing */
  answered?: boolean;
  /** follow-ups this customer has had, and is about to get, today and in this calendar month */
  sentToday: number;
  sentThisMonth: number;
  /** of a mass send: mass messages the customer received, ours and the guides' own; absent: it goes another way */
  received?: Received;
}

export interface Caps {
  customerPerDay: number;
  customerPerMonth: number;
  /** what the channel lets a customer receive of mass messages; absent: any number */
  receive?: { perDay: number; perMonth: number };
}

/** Go, or where the task goes instead. `releaseOn` and `guideId` are set on the way. */
export type Verdict =
  | { go: true }
  | {
      go: false;
      to: State;
      reason: Reason | null;
      releaseOn?: ShopDay;
      guideId?: number;
      /** the anchor that planning must look at again */
      mark?: Trigger["anchor"];
    };

/** Judges one task on a day. */
export function recheck(facts: SendFacts, caps: Caps, today: ShopDay): Verdict {
  const { task, trigger, customer } = facts;
  if (facts.resting === "archived") return { go: false, to: "cancelled", reason: "archived" };
  if (facts.resting === "paused") return { ...later(task.expiresOn, today), reason: "paused" };
  if (!customer) return skip("erased");
  // nothing goes to the customer, and who wants no messages may be the very matter
  const isForGuide = trigger.anchor === "urgent_reply";
  if (customer.optedOut && !isForGuide) return skip("opted_out");
  if (customer.stopped && trigger.anchor.startsWith("child_")) return skip("stopped");
  if (facts.answered) return { go: false, to: "cancelled", reason: "superseded" };
  const guide = guideVerdict(facts, customer, today);
  if (guide) return guide;
  if (isForGuide) return { go: true };
  const anchor = anchorVerdict(facts, today);
  if (anchor) return anchor;
  if (facts.sentToday >= caps.customerPerDay || facts.sentThisMonth >= caps.customerPerMonth)
    return addDays(today, 1) > task.expiresOn
      ? skip("cap")
      : { ...later(task.expiresOn, today), reason: "cap" };
  return isFull(facts, caps)
    ? addDays(today, 1) > task.expiresOn
      ? skip("receive_limit")
      : { ...later(task.expiresOn, today), reason: "receive_limit" }
    : { go: true };
}

function isFull({ received }: SendFacts, { receive }: Caps): boolean {
  if (!received || !receive) return false;
  return received.full || received.today >= receive.perDay || received.month >= receive.perMonth;
}

function guideVerdict(
  { task, guideGone, onLeave, leaveOver, contactEnded }: SendFacts,
  { ownerId, declined }: NonNullable<SendFacts["customer"]>,
  today: ShopDay,
): Verdict | null {
  const held = (reason: Reason): Verdict =>
    declined ? skip("transfer_declined") : { go: false, to: "held", reason };
  if (ownerId === null) return held("no_guide");
  if (ownerId !== (task.deputyOf ?? task.guideId))
    return { ...later(task.expiresOn, today), reason: null, guideId: ownerId };
  const releaseOn = today < task.expiresOn ? today : task.expiresOn;
  const anew = { go: false, to: "planned", reason: null, releaseOn } as const;
  if (task.deputyOf !== null)
    return guideGone || onLeave || leaveOver || contactEnded ? { ...anew, guideId: ownerId } : null;
  if (guideGone) return held("guide_left");
  if (onLeave) return anew;
  return contactEnded ? skip("not_a_friend") : null;
}

function anchorVerdict(
  { task, trigger, anchor, born, siblingsMoved }: SendFacts,
  today: ShopDay,
): Verdict | null {
  if (trigger.anchor === "child_due" && born) return { go: false, to: "cancelled", reason: "superseded" };
  // only an order sets or clears an anchor that falls due each cycle; a day agreed on gives way to another
  if (trigger.repeat === "each" && anchor?.cycleOn !== task.occurrence && trigger.anchor !== "next_touch")
    return skip("bought_already");
  if (!anchor || (trigger.repeat === "each" && anchor.cycleOn !== task.occurrence))
    return { go: false, to: "cancelled", reason: "anchor_corrected" };
  if (anchor.onDate === task.anchorOn && !siblingsMoved) return null;
  // planning moves it to its new day, or cancels it: it did so without this task, which was on its way then
  return { ...later(task.expiresOn, today), reason: "anchor_corrected", mark: trigger.anchor };
}

function skip(reason: Reason): Verdict {
  return { go: false, to: "skipped", reason };
}

/** Back to planned, for tomorrow where there is one. */
export function later(expiresOn: ShopDay, today: ShopDay): { go: false; to: "planned"; releaseOn: ShopDay } {
  const tomorrow = addDays(today, 1);
  return { go: false, to: "planned", releaseOn: tomorrow <= expiresOn ? tomorrow : today };
}

// What a changed anchor makes of a task that is not out yet: kept, moved, given to another guide, cancelled, planned again. Pure.
import type { TouchpointSpec } from "../journeys/spec.js";
import { dueDayOf } from "../journeys/triggers.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { Reason, State } from "./life.js";

/** A task as far as a correction asks. */
export interface CorrectableTask {
  state: State;
  reason: Reason | null;
  occurrence: number;
  guideId: number | null;
  /** the owner on leave for whom the guide stands in */
  deputyOf: number | null;
  dueOn: ShopDay;
  anchorOn: ShopDay;
  releasedOn: ShopDay | null;
  /** null: it never was before the guide */
  offeredAt: number | null;
}

/** The anchor as it stands now. */
export interface AnchorNow {
  onDate: ShopDay;
  /** yyyymmdd */
  cycleOn: number;
  /** the owner */
  guideId: number | null;
  /** the customer's, for what waits for a calendar day */
  bucket?: number;
}

/** What the rule needs besides the task and its anchor. */
export interface CorrectionFacts {
  today: ShopDay;
  /** why there is no anchor, where there is none */
  gone: Reason;
  /** the customer did not want the guide they were handed over to */
  declined: boolean;
  /** whether the task, had it never been made, would be made: publish date, import switch */
  wouldBeMade(dueOn: ShopDay): boolean;
  /** whether the customer is not in the touchpoint's audience */
  outside: boolean;
}

type SpecDates = Pick<TouchpointSpec, "trigger" | "graceDays" | "send">;

/** Where the task goes; what is left out stays. */
export interface Correction {
  to: State;
  reason: Reason | null;
  dates?: NewDates;
  guideId?: number | null;
  /** it was before a guide and is so no more: release and list are forgotten */
  withdrawn?: true;
}

export interface NewDates {
  dueOn: ShopDay;
  anchorOn: ShopDay;
  expiresOn: ShopDay;
  releaseOn: ShopDay;
  /** null: to be decided by release */
  releasedOn: ShopDay | null;
  late: boolean;
}

/** States that a correction may touch, besides what was cancelled before anybody saw it. What the channel has is not
 *  among them: sending looks at the anchor itself. */
export const CORRECTABLE: readonly State[] = ["planned", "held", "offered", "needs_data", "approved"];

/** Reasons for which a cancelled task comes back when its identity falls due again. */
export const COMES_BACK: readonly Reason[] = [
  ...(["anchor_corrected", "superseded", "bought_already", "stopped", "archived", "audience_left"] as const),
];

/** What becomes of a task whose anchor is now `anchor` (null: gone); null when it stays as it is. */
export function correction(
  task: CorrectableTask,
  anchor: AnchorNow | null,
  spec: SpecDates,
  facts: CorrectionFacts,
): Correction | null {
  const dates = anchor && datesBy(task, anchor, spec, facts.today);
  if (task.state === "cancelled") return anchor && dates && backAgain(task, anchor, dates, facts);
  if (!CORRECTABLE.includes(task.state)) return null;
  if (!anchor) return { to: "cancelled", reason: facts.gone };
  if (!dates)
    return { to: "cancelled", reason: bought(task, anchor, spec) ? "bought_already" : "anchor_corrected" };
  if (facts.outside) return { to: "cancelled", reason: "audience_left" };
  const isMoved = dates.dueOn !== task.dueOn || dates.anchorOn !== task.anchorOn;
  if (isMoved && dates.expiresOn < facts.today) return { to: "cancelled", reason: "anchor_corrected" };
  const isOthers = anchor.guideId !== (task.deputyOf ?? task.guideId);
  if (!isMoved && !isOthers) return null;
  if (facts.declined && anchor.guideId === null) return { to: "skipped", reason: "transfer_declined" };
  const change = {
    ...(isMoved ? { dates } : {}),
    ...(isOthers ? { guideId: anchor.guideId } : {}),
  };
  const isWaiting = task.state === "planned" || task.state === "held";
  // words not made yet, or made anew whenever the guide looks, need not leave the guide's list for another date
  const mayStay = !isOthers && dates.dueOn <= facts.today && staysListed(task, spec);
  if (!isWaiting && mayStay) return { to: task.state, reason: task.reason, ...change };
  const withdrawn = isWaiting ? {} : ({ withdrawn: true } as const);
  return { ...stateFor(task, anchor, isMoved), ...change, ...withdrawn };
}

function backAgain(
  task: CorrectableTask,
  { guideId }: AnchorNow,
  dates: NewDates,
  { today, wouldBeMade, outside }: CorrectionFacts,
): Correction | null {
  const wasSeen = task.offeredAt !== null;
  if (wasSeen || !task.reason || !COMES_BACK.includes(task.reason)) return null;
  if (outside || dates.expiresOn < today || !wouldBeMade(dates.dueOn)) return null;
  return { to: "planned", reason: null, dates: { ...dates, releasedOn: null }, guideId };
}

/** Held without an owner, or while the owner has left; else planned. */
function stateFor(
  task: CorrectableTask,
  anchor: AnchorNow,
  isMoved: boolean,
): Pick<Correction, "to" | "reason"> {
  if (anchor.guideId === null) return { to: "held", reason: "no_guide" };
  if (task.state === "held" && task.reason === "guide_left" && anchor.guideId === task.guideId)
    return { to: "held", reason: "guide_left" };
  return { to: "planned", reason: isMoved ? "anchor_corrected" : null };
}

function staysListed({ state }: CorrectableTask, { send }: SpecDates): boolean {
  return state === "needs_data" || (state === "offered" && (send === "page" || send === "hand"));
}

function isOtherCycle({ occurrence }: CorrectableTask, anchor: AnchorNow, { trigger }: SpecDates): boolean {
  return trigger.repeat === "each" && anchor.cycleOn !== occurrence;
}

/** A later cycle was opened by an order; an earlier one is back because an order was taken back. */
function bought(task: CorrectableTask, anchor: AnchorNow, spec: SpecDates): boolean {
  const isOrders = spec.trigger.anchor !== "next_touch";
  return isOrders && isOtherCycle(task, anchor, spec) && anchor.cycleOn > task.occurrence;
}

/** The dates the task's identity has by the anchor; null when the anchor gives this identity no day. */
function datesBy(task: CorrectableTask, anchor: AnchorNow, spec: SpecDates, today: ShopDay): NewDates | null {
  const { trigger, graceDays } = spec;
  if (isOtherCycle(task, anchor, spec)) return null;
  const dueOn = dueDayOf(trigger, anchor.onDate, task.occurrence, anchor.bucket);
  if (dueOn === undefined) return null;
  const isDue = dueOn <= today;
  return {
    ...{ dueOn, anchorOn: anchor.onDate, expiresOn: addDays(dueOn, graceDays), late: dueOn < today },
    releaseOn: isDue ? today : dueOn,
    releasedOn: isDue && task.releasedOn === today ? today : null,
  };
}

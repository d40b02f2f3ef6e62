// What became, or will become, of every touchpoint for one customer; where there is no task, exactly one reason. Pure.
import type { Trigger } from "../../journeys/spec.js";
import { dueDays, occurrenceOn } from "../../journeys/triggers.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import type { Reason, State } from "../life.js";

/** Why there is no row at all. They are read from today's data, so each line that has one says so (`computed`). */
export const NO_ROW_REASONS = ["no_anchor", "not_in_audience", "before_publish", "import_quiet"] as const;
export type NoRowReason = (typeof NO_ROW_REASONS)[number];

/** A touchpoint as far as a customer's timeline asks. */
export interface ExplainedTouchpoint {
  id: number;
  key: string;
  name: string;
  journeyName: string;
  trigger: Trigger;
  graceDays: number;
  plansFrom: ShopDay;
  /** null: no day is planned yet */
  plannedThrough: ShopDay | null;
  isPaused: boolean;
  /** by today's data */
  inAudience: boolean;
  /** the customer's arm keeps this touchpoint back */
  heldOut: boolean;
}

/** A date the touchpoint counts from, of the customer (child 0) or one child. */
export interface ExplainedAnchor {
  childNo: number;
  onDate: ShopDay;
  /** yyyymmdd */
  cycleOn: number;
  /** due days up to here do not count: an import that triggers nothing brought the date */
  quietThrough: ShopDay | null;
}

/** A task there is. Instants are epoch ms. */
export interface ExplainedTask {
  touchpointId: number;
  occurrence: number;
  childNo: number;
  state: State;
  reason: Reason | null;
  dueOn: ShopDay;
  anchorOn: ShopDay;
  releaseOn: ShopDay;
  expiresOn: ShopDay;
  sentAt: number | null;
  repliedAt: number | null;
  guideName: string | null;
}

/** What is true of the customer now, for what has not been planned yet. */
export interface CustomerNow {
  optedOut: boolean;
  stopped: boolean;
  hasGuide: boolean;
}

/** One line of a timeline. `to_come`: its row is made on its day. `none`: there is no row, and none will be. */
export interface TimelineEntry {
  touchpoint: ExplainedTouchpoint;
  childNo: number;
  dueOn: ShopDay | null;
  anchorOn: ShopDay | null;
  state: State | "to_come" | "none";
  reason: Reason | NoRowReason | null;
  /** read from today's data, not written down */
  computed: boolean;
  task: ExplainedTask | null;
}

/** How far a timeline looks ahead, and back for what comes every year, in days. */
const AHEAD = 400;

/** All lines of one touchpoint: its tasks, and the due days its anchors give for which there is no task. */
export function linesOf(
  touchpoint: ExplainedTouchpoint,
  anchors: readonly ExplainedAnchor[],
  tasks: readonly ExplainedTask[],
  customer: CustomerNow,
  today: ShopDay,
): TimelineEntry[] {
  const own = tasks.filter(({ touchpointId }) => touchpointId === touchpoint.id);
  const lines = own.map((task) => lineOfTask(touchpoint, task));
  const known = new Set(own.map(({ childNo, occurrence }) => `${childNo} ${occurrence}`));
  for (const anchor of anchors) {
    for (const dueOn of daysOf(touchpoint.trigger, anchor.onDate, today)) {
      const occurrence = occurrenceOn(touchpoint.trigger, dueOn) ?? anchor.cycleOn;
      if (known.has(`${anchor.childNo} ${occurrence}`)) continue;
      lines.push(lineWithoutTask(touchpoint, anchor, dueOn, customer, today));
    }
  }
  if (lines.length === 0) lines.push({ ...without(touchpoint, 0, null, null), reason: "no_anchor" });
  return lines;
}

/** By due day, those without one last. */
export function inTimeOrder(lines: readonly TimelineEntry[]): TimelineEntry[] {
  const dayOf = ({ dueOn }: TimelineEntry) => dueOn ?? "9999-12-31";
  return [...lines].sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0));
}

function lineOfTask(touchpoint: ExplainedTouchpoint, task: ExplainedTask): TimelineEntry {
  const { childNo, dueOn, anchorOn, state, reason } = task;
  return { touchpoint, childNo, dueOn, anchorOn, state, reason, computed: false, task };
}

function without(
  touchpoint: ExplainedTouchpoint,
  childNo: number,
  dueOn: ShopDay | null,
  anchorOn: ShopDay | null,
): TimelineEntry {
  return { touchpoint, childNo, dueOn, anchorOn, state: "none", reason: null, computed: true, task: null };
}

/** The due days worth a line: of what comes back the last and the next, of all else the only one. */
function daysOf(trigger: Trigger, anchorOn: ShopDay, today: ShopDay): ShopDay[] {
  if (trigger.repeat !== "yearly") return dueDays(trigger, anchorOn, "0001-01-01", "9999-12-31");
  const days = dueDays(trigger, anchorOn, addDays(today, -AHEAD), addDays(today, AHEAD));
  const last = days.filter((day) => day < today).slice(-1);
  const next = days.filter((day) => day >= today).slice(0, 1);
  return [...last, ...next];
}

function lineWithoutTask(
  touchpoint: ExplainedTouchpoint,
  anchor: ExplainedAnchor,
  dueOn: ShopDay,
  customer: CustomerNow,
  today: ShopDay,
): TimelineEntry {
  const line = without(touchpoint, anchor.childNo, dueOn, anchor.onDate);
  const { plannedThrough, plansFrom, graceDays } = touchpoint;
  if (dueOn < plansFrom) return { ...line, reason: "before_publish" };
  if (anchor.quietThrough !== null && dueOn <= anchor.quietThrough)
    return { ...line, reason: "import_quiet" };
  if (!touchpoint.inAudience) return { ...line, reason: "not_in_audience" };
  const isAhead = plannedThrough === null || dueOn > plannedThrough || addDays(dueOn, graceDays) >= today;
  // the date became known when its grace was over
  if (!isAhead) return { ...line, reason: "no_anchor" };
  return { ...line, state: "to_come", reason: foreseen(touchpoint, anchor, customer) };
}

/** Why a coming task will not go out, as far as it can be told today. */
function foreseen(
  touchpoint: ExplainedTouchpoint,
  { childNo }: ExplainedAnchor,
  customer: CustomerNow,
): Reason | null {
  if (touchpoint.isPaused) return "paused";
  if (touchpoint.heldOut) return "held_out";
  if (customer.optedOut) return "opted_out";
  if (customer.stopped && childNo > 0) return "stopped";
  return customer.hasGuide ? null : "no_guide";
}

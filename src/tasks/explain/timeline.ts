// What became, or will become, of every touchpoint for one customer; where there is no task, exactly one reason. Pure.

import { calendarDayIn, isDayTrigger, turnOf } from "../../journeys/days.js";
import type { Trigger } from "../../journeys/spec.js";
import { dueDays, occurrenceOn } from "../../journeys/triggers.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import type { NamedDays } from "../../org/calendar-rules.js";
import type { Reason, State } from "../life.js";
import { type Absences, type StandIn, standInFor } from "./absence.js";

/** Why there is no row at all. They are read from today's data, so each line that has one says so (`computed`). */
export type NoRowReason = "no_anchor" | "not_in_audience" | "before_publish" | "import_quiet";

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
  /** from when the owner is gone with nobody named who takes over */
  guideLeftOn: ShopDay | null;
  /** 0 to 9,999 */
  bucket: number;
  /** as of an anchor, of calendar days */
  quietThrough: ShopDay | null;
  joinedOn: ShopDay | null;
  /** the leaves of those who know the customer; null: there is no owner */
  absences: Absences | null;
}

/** The day it is told on, and the calendar's dates. */
export interface Telling {
  today: ShopDay;
  named: NamedDays;
}

/** One line of a timeline. `to_come`: its row is made on its day. `none`: there is no row, and none will be. */
export interface TimelineEntry {
  touchpoint: ExplainedTouchpoint;
  childNo: number;
  /** which due date of the touchpoint's it is; null: it has none */
  occurrence: number | null;
  dueOn: ShopDay | null;
  anchorOn: ShopDay | null;
  state: State | "to_come" | "none";
  reason: Reason | NoRowReason | null;
  /** read from today's data, not written down */
  computed: boolean;
  task: ExplainedTask | null;
  /** what is to come, when the owner is on leave on its day */
  standIn: StandIn | null;
}

/** How far a timeline looks ahead, and back for what comes every year, in days. */
const AHEAD = 400;

/** A due day of one occurrence. */
interface Due {
  childNo: number;
  occurrence: number;
  dueOn: ShopDay;
  anchorOn: ShopDay;
  quietThrough: ShopDay | null;
}

/** All lines of one touchpoint: its tasks, and the due days of its anchors or calendar days for which there is no task. */
export function linesOf(
  touchpoint: ExplainedTouchpoint,
  anchors: readonly ExplainedAnchor[],
  tasks: readonly ExplainedTask[],
  customer: CustomerNow,
  telling: Telling,
): TimelineEntry[] {
  const own = tasks.filter(({ touchpointId }) => touchpointId === touchpoint.id);
  const lines = own.map((task) => lineOfTask(touchpoint, task));
  const known = new Set(own.map(({ childNo, occurrence }) => `${childNo} ${occurrence}`));
  for (const due of duesOf(touchpoint.trigger, anchors, customer, telling)) {
    if (known.has(`${due.childNo} ${due.occurrence}`)) continue;
    lines.push(lineWithoutTask(touchpoint, due, customer, telling.today));
  }
  if (lines.length === 0) lines.push({ ...without(touchpoint, NO_DUE), reason: "no_anchor" });
  return lines;
}

/** By due day, those without one last. */
export function inTimeOrder(lines: readonly TimelineEntry[]): TimelineEntry[] {
  const dayOf = ({ dueOn }: TimelineEntry) => dueOn ?? "9999-12-31";
  return [...lines].sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0));
}

function lineOfTask(touchpoint: ExplainedTouchpoint, task: ExplainedTask): TimelineEntry {
  const { childNo, occurrence, dueOn, anchorOn, state, reason } = task;
  const own = { childNo, occurrence: Number(occurrence), dueOn, anchorOn, state, reason };
  return { touchpoint, ...own, computed: false, task, standIn: null };
}

const NO_DUE = { childNo: 0, occurrence: null, dueOn: null, anchorOn: null };

function without(
  touchpoint: ExplainedTouchpoint,
  due: Pick<TimelineEntry, "childNo" | "occurrence" | "dueOn" | "anchorOn">,
): TimelineEntry {
  const nothing = { state: "none", reason: null, computed: true, task: null, standIn: null } as const;
  return { touchpoint, ...due, ...nothing };
}

/** The due days worth a line: of what comes back the last and the next, of all else the only one. */
function duesOf(
  trigger: Trigger,
  anchors: readonly ExplainedAnchor[],
  { bucket, quietThrough, joinedOn }: CustomerNow,
  { today, named }: Telling,
): Due[] {
  const isYearly = trigger.repeat === "yearly";
  if (isDayTrigger(trigger)) {
    const year = Number(today.slice(0, 4));
    const years = [year - 1, year, year + 1].flatMap((occurrence): Due[] => {
      const anchorOn = calendarDayIn(trigger.day, occurrence, named);
      if (anchorOn === undefined) return [];
      return [{ childNo: 0, occurrence, dueOn: turnOf(trigger, anchorOn, bucket), anchorOn, quietThrough }];
    });
    const worth = isYearly ? lastAndNext(years, today) : years;
    const since = worth.filter(({ dueOn }) => joinedOn === null || dueOn >= joinedOn);
    return since.length > 0 ? since : worth;
  }
  return anchors.flatMap(({ onDate, cycleOn, ...anchor }) => {
    const [from, to] = isYearly
      ? [addDays(today, -AHEAD), addDays(today, AHEAD)]
      : ["0001-01-01", "9999-12-31"];
    const dues = dueDays(trigger, onDate, from, to).map((dueOn): Due => {
      const occurrence = occurrenceOn(trigger, dueOn) ?? cycleOn;
      return { ...anchor, occurrence, dueOn, anchorOn: onDate };
    });
    return isYearly ? lastAndNext(dues, today) : dues;
  });
}

function lastAndNext(dues: readonly Due[], today: ShopDay): Due[] {
  const last = dues.filter(({ dueOn }) => dueOn < today).slice(-1);
  const next = dues.filter(({ dueOn }) => dueOn >= today).slice(0, 1);
  return [...last, ...next];
}

function lineWithoutTask(
  touchpoint: ExplainedTouchpoint,
  { childNo, occurrence, dueOn, anchorOn, quietThrough }: Due,
  customer: CustomerNow,
  today: ShopDay,
): TimelineEntry {
  const line = without(touchpoint, { childNo, occurrence, dueOn, anchorOn });
  const { plannedThrough, plansFrom, graceDays } = touchpoint;
  if (dueOn < plansFrom) return { ...line, reason: "before_publish" };
  if (quietThrough !== null && dueOn <= quietThrough) return { ...line, reason: "import_quiet" };
  if (!touchpoint.inAudience) return { ...line, reason: "not_in_audience" };
  const isAhead = plannedThrough === null || dueOn > plannedThrough || addDays(dueOn, graceDays) >= today;
  // the date became known when its grace was over
  if (!isAhead) return { ...line, reason: "no_anchor" };
  const reason = foreseen(touchpoint, { childNo, dueOn }, customer);
  const first = dueOn > today ? dueOn : today;
  const standIn =
    reason === null && customer.absences
      ? standInFor(customer.absences, first, addDays(dueOn, graceDays))
      : null;
  if (standIn === "nobody") return { ...line, state: "to_come", reason: "no_guide" };
  return { ...line, state: "to_come", reason, standIn };
}

/** Why a coming task will not go out, as far as it can be told today. */
function foreseen(
  touchpoint: ExplainedTouchpoint,
  { childNo, dueOn }: Pick<Due, "childNo" | "dueOn">,
  customer: CustomerNow,
): Reason | null {
  if (touchpoint.isPaused) return "paused";
  if (touchpoint.heldOut) return "held_out";
  if (customer.optedOut) return "opted_out";
  if (customer.stopped && childNo > 0) return "stopped";
  if (customer.guideLeftOn !== null && customer.guideLeftOn <= dueOn) return "guide_left";
  return customer.hasGuide ? null : "no_guide";
}

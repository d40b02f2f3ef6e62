// What a journey is once its file has been read: touchpoints, each a trigger, an audience, words and a policy.
import { createHash } from "node:crypto";
import type { ShopDay } from "../kernel/calendar.js";
import type { Attachment } from "./attachments.js";
import type { Audience } from "./audience.js";
import type { ExperimentPlan, Variant } from "./experiments.js";
import type { OutcomeForm } from "./outcome-form.js";
import type { Askable } from "./words.js";

/** The dated facts touchpoints count from (the table `anchor`, column `kind`). */
export const ANCHOR_KINDS = [
  "joined",
  "guide_assigned",
  "first_order",
  "last_order",
  "child_due",
  "child_born",
  "customer_birthday",
  "supply_ends",
  "at_risk",
  "next_touch",
  "urgent_reply",
] as const;
export type AnchorKind = (typeof ANCHOR_KINDS)[number];

/** What a trigger counts from: a dated fact, or a calendar day. */
export type TriggerAnchor = AnchorKind | "day";

export const REPEATS = ["once", "yearly", "each"] as const;
export type Repeat = (typeof REPEATS)[number];

export const UNITS = ["days", "weeks", "months"] as const;
export type Unit = (typeof UNITS)[number];

/** A signed distance from the anchor's own day: negative before it, 0 on it. */
export interface Offset {
  unit: Unit;
  n: number;
}

/** When a touchpoint falls due: so long before or after a dated fact of the customer's, or around a calendar day. */
export type Trigger = AnchorTrigger | DayTrigger;

export interface AnchorTrigger {
  anchor: AnchorKind;
  offset: Offset;
  repeat: Repeat;
}

/** Due for all customers around a calendar day, once a year; the year is the occurrence. */
export interface DayTrigger {
  anchor: "day";
  day: DayRef;
  /** in days or weeks */
  offset: Offset;
  /** `once`: on the dates given and never more */
  repeat: "yearly" | "once";
  /** how many days customers are spread over, 1: all on the same */
  spreadDays: number;
}

/** A calendar day: every year on a month and day "06-18", on these dates (one a year), or by a name of the calendar. */
export type DayRef = { monthDay: string } | { dates: readonly ShopDay[] } | { name: string };

/** From the first to be released to the last. */
export const PRIORITIES = ["service", "milestone", "churn", "promotion"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** The ways to the customer. */
export const WAYS = ["mass", "page", "bot", "hand"] as const;
export type Way = (typeof WAYS)[number];

export interface TouchpointSpec {
  key: string;
  name: string;
  trigger: Trigger;
  /** earliest release "HH:MM"; null: the guide's hour */
  at: string | null;
  /** days after the due day in which the task may still go out */
  graceDays: number;
  priority: Priority;
  send: Way;
  /** with `send: bot` alone: the words go by themselves at their time unless the guide skips them before; absent: a tap first */
  automatic?: true;
  audience: Audience;
  /** Handlebars source; null only for the way `hand` */
  words: string | null;
  /** what goes with the words, in this order; a failure of one keeps all of it back */
  attachments?: Attachment[];
  /** what the guide reports of a follow-up by hand; absent: a line of their own */
  form?: OutcomeForm;
  /** the fact it collects: only who lacks it is asked, and telling it completes the task */
  ask?: Askable;
  /** words beside one another, two or more; `words` are those of the first */
  variants?: Variant[];
  /** how the variants are compared; absent: as usual */
  experiment?: ExperimentPlan;
  /** percent of customers who are never sent it, to see what it changes */
  holdOut?: number;
  /** percent of customers who are never sent anything of its journey; the same for all its touchpoints */
  journeyHoldOut?: number;
}

export interface JourneySpec {
  key: string;
  name: string;
  /** in the file's order, which means nothing but the order of lists */
  touchpoints: TouchpointSpec[];
}

export const GRACE_DAYS = { usual: 3, most: 60 };

/** The longest offsets anybody needs: ten years. */
export const MOST: Record<Unit, number> = { days: 3660, weeks: 520, months: 120 };

/** What each anchor may repeat. An anchor that moves with every order or prediction falls due once a cycle
 *  (`each`); a birthday comes back; all others happen once in a life. */
const REPEATS_OF: Record<AnchorKind, readonly Repeat[]> = {
  joined: ["once"],
  guide_assigned: ["once"],
  first_order: ["once"],
  last_order: ["each"],
  child_due: ["once"],
  child_born: ["once", "yearly"],
  customer_birthday: ["yearly"],
  supply_ends: ["each"],
  at_risk: ["each"],
  next_touch: ["each"],
  urgent_reply: ["each"],
};

/** Not a date but a message: tasks of it are made when one comes in, never planned. */
export const URGENT_REPLY = "urgent_reply";

/** Anchors that an order opens, moves or ends: each order begins another cycle. All others last for life. */
export const CYCLIC_KINDS: readonly TriggerAnchor[] = ["last_order", "supply_ends", "at_risk"];

/** Anchors known before their day; of all others nothing can be due before. */
const FORESEEN: readonly AnchorKind[] = ["child_due", "supply_ends", "next_touch"];

/** How far from a calendar day a touchpoint may be, and over how many days customers may be spread. */
export const DAY_LIMITS = { days: 180, weeks: 26, spread: 30 };

/** What is wrong with a trigger: what was expected, and the field it stands in. */
export interface TriggerFault {
  field: "before" | "after" | "on" | "repeat" | "spread_days" | Unit;
  expected: string;
}

/** What is wrong with a trigger, fault by fault. */
export function triggerFaults(trigger: Trigger): TriggerFault[] {
  if (trigger.anchor === "day") return dayFaults(trigger);
  const { anchor, offset, repeat } = trigger;
  const faults: TriggerFault[] = [];
  const { unit, n } = offset;
  if (!REPEATS_OF[anchor].includes(repeat)) {
    const allowed = REPEATS_OF[anchor].join(" or ");
    faults.push({ field: "repeat", expected: `repeat: ${allowed} with ${anchor}, not ${repeat}` });
  }
  if (n < 0 && repeat !== "yearly" && !FORESEEN.includes(anchor))
    faults.push({ field: "before", expected: `after: ${anchor} is not known before its day` });
  if (unit === "months" && repeat === "yearly")
    faults.push({ field: "months", expected: "days or weeks with repeat: yearly" });
  if (anchor === URGENT_REPLY && n !== 0)
    faults.push({ field: unit, expected: "days: 0 with urgent_reply: it cannot wait" });
  if (Math.abs(n) > MOST[unit]) faults.push({ field: unit, expected: `0 to ${MOST[unit]} ${unit}` });
  return faults;
}

function dayFaults({ day, offset: { unit, n }, repeat, spreadDays }: DayTrigger): TriggerFault[] {
  const faults: TriggerFault[] = [];
  const own = "dates" in day ? "once" : "yearly";
  if (repeat !== own)
    faults.push({ field: "repeat", expected: `repeat: ${own} with such a day, not ${repeat}` });
  if (unit === "months") faults.push({ field: unit, expected: "days or weeks from a calendar day" });
  else if (Math.abs(n) > DAY_LIMITS[unit])
    faults.push({ field: unit, expected: `0 to ${DAY_LIMITS[unit]} ${unit} from a calendar day` });
  if (!Number.isInteger(spreadDays) || spreadDays < 1 || spreadDays > DAY_LIMITS.spread)
    faults.push({ field: "spread_days", expected: `1 to ${DAY_LIMITS.spread} days` });
  return faults;
}

/** The journey as one text that is the same for the same meaning: keys in order, touchpoints by key, words in full. */
export function canonical(journey: JourneySpec): string {
  const touchpoints = [...journey.touchpoints].sort((a, b) => (a.key < b.key ? -1 : 1));
  return stableJson({ ...journey, touchpoints });
}

/** SHA-256 (hex) of the canonical text: equal for two files that say the same. */
export function digestOf(journey: JourneySpec): string {
  return createHash("sha256").update(canonical(journey)).digest("hex");
}

/** JSON with the keys of every object in order. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

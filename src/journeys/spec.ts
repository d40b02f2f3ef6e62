// What a journey is once its file has been read: touchpoints, each a trigger, an audience, words and a policy.
import { createHash } from "node:crypto";
import type { Attachment } from "./attachments.js";
import type { Audience } from "./audience.js";
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
] as const;
export type AnchorKind = (typeof ANCHOR_KINDS)[number];

export const REPEATS = ["once", "yearly", "each"] as const;
export type Repeat = (typeof REPEATS)[number];

export const UNITS = ["days", "weeks", "months"] as const;
export type Unit = (typeof UNITS)[number];

/** A signed distance from the anchor's own day: negative before it, 0 on it. */
export interface Offset {
  unit: Unit;
  n: number;
}

/** When a touchpoint falls due. */
export interface Trigger {
  anchor: AnchorKind;
  offset: Offset;
  repeat: Repeat;
}

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
  audience: Audience;
  /** Handlebars source; null only for the way `hand` */
  words: string | null;
  /** what goes with the words, in this order; a failure of one keeps all of it back */
  attachments?: Attachment[];
  /** what the guide reports of a follow-up by hand; absent: a line of their own */
  form?: OutcomeForm;
  /** the fact it collects: only who lacks it is asked, and telling it completes the task */
  ask?: Askable;
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
};

/** Anchors that an order opens, moves or ends: each order begins another cycle. All others last for life. */
export const CYCLIC_KINDS: readonly AnchorKind[] = ["last_order", "supply_ends", "at_risk"];

/** Anchors known before their day; of all others nothing can be due before. */
const FORESEEN: readonly AnchorKind[] = ["child_due", "supply_ends", "next_touch"];

/** What is wrong with a trigger, each fault as what was expected and the field it stands in. */
export function triggerFaults({
  anchor,
  offset,
  repeat,
}: Trigger): { field: "before" | "repeat" | Unit; expected: string }[] {
  const faults: ReturnType<typeof triggerFaults> = [];
  const { unit, n } = offset;
  if (!REPEATS_OF[anchor].includes(repeat)) {
    const allowed = REPEATS_OF[anchor].join(" or ");
    faults.push({ field: "repeat", expected: `repeat: ${allowed} with ${anchor}, not ${repeat}` });
  }
  if (n < 0 && repeat !== "yearly" && !FORESEEN.includes(anchor))
    faults.push({ field: "before", expected: `after: ${anchor} is not known before its day` });
  if (unit === "months" && repeat === "yearly")
    faults.push({ field: "months", expected: "days or weeks with repeat: yearly" });
  if (Math.abs(n) > MOST[unit]) faults.push({ field: unit, expected: `0 to ${MOST[unit]} ${unit}` });
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

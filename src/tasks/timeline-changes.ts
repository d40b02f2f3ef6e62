// What a change makes of a customer's coming follow-ups: which move to another day, which go, which come. Pure.
import { grouped } from "../infra/batches.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { TimelineEntry } from "./explain/timeline.js";
import { isTerminal } from "./life.js";

/** One follow-up that is another than before. */
export interface TimelineChange {
  what: "moved" | "dropped" | "added";
  touchpoint: string;
  journey: string;
  childNo: number;
  /** null: it was not to come */
  from: ShopDay | null;
  /** null: it is not to come any more */
  to: ShopDay | null;
  /** it stands on a guide's list, or waits for their tap */
  isOut: boolean;
}

/** All changes, by day, and how many follow-ups stay as they are. */
export interface TimelineChanges {
  moved: number;
  dropped: number;
  added: number;
  kept: number;
  lines: TimelineChange[];
}

/** What has become of the follow-ups still to come. */
export function changesBetween(
  before: readonly TimelineEntry[],
  after: readonly TimelineEntry[],
): TimelineChanges {
  const now = grouped(after.filter(isToCome), keyOf);
  const then = grouped(before.filter(isToCome), keyOf);
  const pairs = [...new Set([...then.keys(), ...now.keys()])].flatMap((key) =>
    paired(then.get(key) ?? [], now.get(key) ?? []),
  );
  const lines = pairs.flatMap(([old, one]) => lineOf(old, one) ?? []).sort(byDay);
  const count = (kind: TimelineChange["what"]) => lines.filter(({ what }) => what === kind).length;
  return {
    ...{ moved: count("moved"), dropped: count("dropped"), added: count("added") },
    ...{ kept: pairs.length - lines.length, lines },
  };
}

/** Whether a follow-up will still reach its guide or customer, as far as can be told. */
export function isToCome({ state, reason }: TimelineEntry): boolean {
  if (state === "none") return false;
  return state === "to_come" ? reason === null : !isTerminal(state);
}

const keyOf = ({ touchpoint, childNo }: TimelineEntry) => `${touchpoint.id} ${childNo}`;

type Pair = [old: TimelineEntry | undefined, one: TimelineEntry | undefined];

/** The same due date before and after; what is left on both sides is taken for one that moved. */
function paired(then: readonly TimelineEntry[], now: readonly TimelineEntry[]): Pair[] {
  const rest = [...now];
  const left: TimelineEntry[] = [];
  const pairs: Pair[] = [];
  for (const old of then) {
    const at = rest.findIndex(({ occurrence }) => occurrence === old.occurrence);
    if (at < 0) left.push(old);
    else pairs.push([old, rest.splice(at, 1)[0]]);
  }
  for (const old of left) pairs.push([old, rest.shift()]);
  return [...pairs, ...rest.map((one): Pair => [undefined, one])];
}

function lineOf(old: TimelineEntry | undefined, one: TimelineEntry | undefined): TimelineChange | undefined {
  const entry = one ?? old;
  if (!entry || (old && one && old.dueOn === one.dueOn)) return undefined;
  const { touchpoint, childNo } = entry;
  return {
    what: old && one ? "moved" : one ? "added" : "dropped",
    ...{ touchpoint: touchpoint.name, journey: touchpoint.journeyName, childNo },
    ...{ from: old?.dueOn ?? null, to: one?.dueOn ?? null },
    isOut: Boolean(old?.task) && old?.state !== "planned" && old?.state !== "held",
  };
}

function byDay(a: TimelineChange, b: TimelineChange): number {
  const dayOf = ({ from, to }: TimelineChange) => to ?? from ?? "";
  return dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0;
}

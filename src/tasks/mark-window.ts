// Which due days a marked anchor may have missed: those inside the grace before each touchpoint's watermark.
import { isDayTrigger } from "../journeys/days.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { TriggerAnchor } from "../journeys/spec.js";
import { addDays, daysFromTo, type ShopDay } from "../kernel/calendar.js";
import type { NamedDays } from "../org/calendar-rules.js";
import { plansFor } from "./day-plans.js";
import { anchorDates, type DuePlan } from "./plan-sql.js";
import { type PlanState, reachOf } from "./watermark.js";

/** What the window is counted from. */
export interface WindowFacts {
  touchpoints: readonly LiveTouchpoint[];
  states: ReadonlyMap<number, PlanState>;
  today: ShopDay;
}

/** What an anchor makes due behind the watermarks, by `kind date`. */
export type DueByDate = ReadonlyMap<string, readonly DuePlan[]>;

/** Gives what is due behind the watermarks. Counted anew only when a watermark or version moved: marks come by the
 *  thousand, a few hundred at a time. */
export type DueBehind = (facts: WindowFacts) => DueByDate;

/** The key of an anchor in `DueByDate`. */
export function dueKey(kind: TriggerAnchor, onDate: ShopDay): string {
  return `${kind} ${onDate}`;
}

/** A window that remembers what it counted last. */
export function dueBehind(): DueBehind {
  let made = "";
  let byDate: DueByDate = new Map();
  return (facts) => {
    const now = stateOf(facts);
    if (now !== made) byDate = datesOf(facts);
    made = now;
    return byDate;
  };
}

/** The plans of one touchpoint's days behind its watermark, as far as its grace goes back. */
export function daysBehind(
  touchpoint: LiveTouchpoint,
  state: PlanState | undefined,
  today: ShopDay,
  named: NamedDays,
): DuePlan[] {
  const reach = state && reachOf(state);
  if (!state || !reach) return [];
  return daysFromTo(addDays(reach, -touchpoint.spec.graceDays), reach)
    .filter((dueOn) => dueOn >= touchpoint.plansFrom)
    .flatMap((dueOn) => plansFor(touchpoint, state, { dueOn, runDay: today, byHand: false }, named));
}

function stateOf({ touchpoints, states, today }: WindowFacts): string {
  const one = ({ id, versionId }: LiveTouchpoint) => {
    const state = states.get(id);
    return `${id} ${versionId} ${state && reachOf(state)}`;
  };
  return `${today} ${touchpoints.map(one).join()}`;
}

function datesOf({ touchpoints, states, today }: WindowFacts): DueByDate {
  const byDate = new Map<string, DuePlan[]>();
  for (const touchpoint of touchpoints) {
    const { trigger } = touchpoint.spec;
    if (isDayTrigger(trigger)) continue;
    for (const plan of daysBehind(touchpoint, states.get(touchpoint.id), today, new Map())) {
      for (const date of anchorDates(plan)) {
        const key = dueKey(trigger.anchor, date);
        byDate.set(key, [...(byDate.get(key) ?? []), plan]);
      }
    }
  }
  return byDate;
}

// When an experiment may be judged: on days fixed from its beginning, when all that counts has had its time.
import type { ExperimentPlan } from "../../journeys/experiments.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";

/** One of the days on which the figures are judged. */
export interface PlannedLook {
  /** 1 for the first */
  number: number;
  /** share of the decision window, 1 for the last */
  time: number;
  /** what fell due before this day counts */
  until: ShopDay;
  /** the first day on which nothing of it can still be sent or answered */
  readyOn: ShopDay;
}

/** What the days depend on besides the plan. */
interface LookFacts {
  beganOn: ShopDay;
  /** days after the due day in which a task may still go out */
  graceDays: number;
  /** how long after a send an answer counts */
  replyWindowHours: number;
}

/** The looks of a plan in their order. A window of fewer days than looks is judged once a day. */
export function looksOf(
  { days, looks }: Pick<ExperimentPlan, "days" | "looks">,
  facts: LookFacts,
): PlannedLook[] {
  const many = Math.min(looks, days);
  const waits = facts.graceDays + Math.ceil(facts.replyWindowHours / 24);
  return Array.from({ length: many }, (_look, at) => {
    const until = addDays(facts.beganOn, Math.round((days * (at + 1)) / many));
    return { number: at + 1, time: (at + 1) / many, until, readyOn: addDays(until, waits) };
  });
}

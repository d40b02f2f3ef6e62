// Experiments as their pages show them: what each stands at, when it ends, and what is still to be chosen.
import { addDays } from "../../kernel/calendar.js";
import type { ArmPart } from "../../reports/experiments/arm-sql.js";
import type { ExperimentFigures, ExperimentOverview } from "../../reports/experiments/overviews.js";
import { isUnsettled } from "../../reports/experiments/settling.js";
import type { Uplift } from "../../reports/experiments/uplift.js";
import { REPURCHASE_DAYS } from "../../reports/experiments/uplift-figures.js";
import { sayRate } from "../../reports/experiments/verdict-text.js";
import { sayP } from "../../reports/experiments/verdict-words.js";
import { count } from "../format.js";
import { armUrl } from "../reports/task-links.js";
import { isFewUplift, upliftVerdict } from "../reports/uplift-verdict.js";

/** The lines of templates/pages/experiments.hbs, those that wait for a decision first. */
export function listView(found: readonly ExperimentOverview[]): object[] {
  const inOrder = [...found.filter(isUnsettled), ...found.filter((one) => !isUnsettled(one))];
  return inOrder.map(lineOf);
}

function lineOf(one: ExperimentOverview) {
  const { key, name, kind, sentence_zh: sentence, began_on: began, last_due_on: lastDue } = one;
  const what = kind === "variants" ? "话术对比" : "对照组";
  return { key, name, what, sentence, began, lastDue: lastDue ?? "", isWaiting: isUnsettled(one) };
}

/** A touchpoint's uplift. `adjusted`: its p beside all other touchpoints, as the report says it; null: not reckoned yet. */
export function upliftView(uplift: Uplift, adjusted: number | null): object {
  const { from, to, touchpoint_id: touchpoint, assigned, held_out: held, began_on: began } = uplift;
  const p = adjusted ?? uplift.uplift.p;
  const isCompared = uplift.uplift.difference !== null && uplift.sample_ratio?.holds !== false;
  const isTooYoung = began !== null && began > to;
  return {
    ...{ from, to, sentence: uplift.sentence_zh },
    firstFigures: isTooYoung ? addDays(began, REPURCHASE_DAYS + 1) : "",
    verdict: isCompared ? upliftVerdict(uplift, p) : "",
    adjusted: isCompared && adjusted !== null ? sayP(adjusted) : "",
    few: isCompared && isFewUplift(uplift),
    drawn: figure(assigned.occurrences, armUrl({ from, to }, "drawn", { touchpoint })),
    held: figure(held.occurrences, armUrl({ from, to }, "held", { touchpoint })),
  };
}

/** A number that opens to its tasks; nothing has none. */
function figure(n: number, href: string): { text: string; href: string } {
  return { text: count(n), href: n > 0 ? href : "" };
}

/** One experiment of templates/pages/experiment.hbs. */
export function figuresView(one: ExperimentFigures): object {
  const { counted } = one;
  const open = (part: ArmPart, n: number, variant: number | null) =>
    figure(n, counted ? armUrl(counted, part, { touchpoint: counted.touchpoint_id, variant }) : "");
  return {
    ...{ ...lineOf(one), number: one.number, ended: one.ended_on, winner: one.winner },
    ...{ judged: one.last_look_on ?? "", isRunning: one.state === "running" },
    arms: one.arms.map(({ key, share, variant, assigned, sent, replied, rate }) => ({
      ...{ key, share, assigned: open("assigned", assigned, variant) },
      ...{ sent: open("sent", sent, variant), replied: open("replied", replied, variant) },
      rate: sayRate(rate),
    })),
    choice: isUnsettled(one) && one.ended_on === null ? choiceOf(one) : null,
  };
}

/** What is asked once it was judged without a winner. */
function choiceOf({ key, winner, variants, plan, state, looks }: ExperimentFigures): object {
  const [journey = "", touchpoint = ""] = key.split("/");
  return {
    ...{ settle: `/experiments/${key}/settle`, edit: `/journeys/${journey}/draft/t/${touchpoint}` },
    ...{ isMismatch: state === "mismatch", detect: plan?.detect ?? "" },
    saysNumber: (looks.at(-1)?.more_sends ?? 0) > 0,
    variants: variants.map((variant) => ({ key: variant.key, isNow: variant.key === winner })),
  };
}

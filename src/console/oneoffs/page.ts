// One-off tasks in words: the list with its figures, one of them, and the form.

import { sayAudience } from "../../journeys/say-audience.js";
import { WAY_NAMES } from "../../journeys/say-trigger.js";
import { daysBetween, type ShopDay } from "../../kernel/calendar.js";
import type { ReportRow } from "../../reports/report.js";
import { isTerminal, STATE_NAMES, STATES } from "../../tasks/life.js";
import type { ListedOneoff, ShownOneoff } from "../../tasks/oneoffs.js";
import { count, percent, shortDay } from "../format.js";
import { wordsParts } from "../journeys/page.js";
import { rateCell } from "../reports/rows.js";
import { VARIABLE_BUTTONS } from "../words/variables.js";
import { BUYING_STAGE_NAMES, CHILD_STAGE_NAMES, type OneoffForm } from "./form.js";

/** A row of the list. */
export function oneoffRow(one: ListedOneoff, figures: ReportRow, today: ShopDay): object {
  return {
    ...{ key: one.key, name: one.name, way: WAY_NAMES[one.spec.send], isOpen: one.state === "open" },
    ...{ days: `${shortDay(one.on)} – ${shortDay(one.until)}`, left: sayLeft(one, today) },
    ...figuresOf(figures),
  };
}

/** One one-off, for templates/pages/oneoffs/oneoff.hbs. */
export function oneoffPage(
  one: ShownOneoff,
  figures: ReportRow,
  regions: readonly ReportRow[],
  today: ShopDay,
): object {
  const byState = new Map(one.states.map(({ state, tasks }) => [state, tasks]));
  const sum = (is: (state: (typeof STATES)[number]) => boolean) =>
    one.states.reduce((all, { state, tasks }) => all + (is(state) ? tasks : 0), 0);
  return {
    ...oneoffRow(one, figures, today),
    ...{ words: wordsParts(one.spec.words ?? ""), audience: sayAudience(one.spec.audience) },
    all: count(sum(() => true)),
    open: count(sum((state) => !isTerminal(state))),
    states: STATES.filter((state) => byState.has(state)).map((state) => ({
      ...{ name: STATE_NAMES[state], value: count(byState.get(state) ?? 0) },
    })),
    regions: regions.map((row) => ({
      ...{ name: row.name, issued: count(row.issued) },
      ...{
        completion: rateCell(row.completionRate, row.issued),
        reply: rateCell(row.replyRate, row.observed),
      },
    })),
  };
}

/** The form with what was typed. `regions` are the names of all regions, the tops first. */
export function formPage(
  form: OneoffForm,
  faults: Record<string, string>,
  { regions, today, most }: { regions: readonly string[]; today: ShopDay; most: ShopDay },
): object {
  const choices = (names: Readonly<Record<string, string>>, chosen: readonly string[]) =>
    Object.entries(names).map(([value, label]) => ({ value, label, chosen: chosen.includes(value) }));
  const said = (field: string) => faults[field] ?? "";
  return {
    ...{ ...form, today, most },
    regions: regions.map((name) => ({ name, chosen: form.regions.includes(name) })),
    childStages: choices(CHILD_STAGE_NAMES, form.child_stage),
    buyingStages: choices(BUYING_STAGE_NAMES, form.buying_stage),
    ways: (["page", "mass", "hand"] as const).map((way) => ({
      ...{ way, label: WAY_NAMES[way], chosen: form.send === way },
    })),
    variables: VARIABLE_BUTTONS,
    ruleOpen: form.rule !== "" || said("rule") !== "",
    hasFaults: Object.keys(faults).length > 0,
    faults: {
      ...{ name: said("name"), key: said("key"), on: said("on"), until: said("until"), send: said("send") },
      ...{ words: said("words"), audience: said("audience"), rule: said("rule"), form: said("form") },
    },
  };
}

function figuresOf(row: ReportRow): object {
  return {
    ...{ issued: count(row.issued), completed: count(row.completed), replied: count(row.replied) },
    completion: percent(row.completionRate?.value ?? null),
    reply: percent(row.replyRate?.value ?? null),
    few: row.small && row.issued > 0,
  };
}

function sayLeft({ state, on, until }: ListedOneoff, today: ShopDay): string {
  if (state === "closed" || until < today) return "已结束";
  if (on > today) return `${daysBetween(today, on)} 天后开始`;
  return until === today ? "今天截止" : `还有 ${daysBetween(today, until)} 天`;
}

// A one-off task as its form says it: fields to the data its file would hold, faults back to their fields.
import { parse } from "yaml";
import { z } from "zod";
import { BUYING_STAGES, CHILD_STAGES } from "../../customers/stages.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import { sayFormFault } from "../journeys/fault-words.js";

/** What was typed; kept as it is when something is wrong with it. */
export interface OneoffForm {
  name: string;
  key: string;
  on: string;
  until: string;
  send: string;
  words: string;
  regions: string[];
  child_stage: string[];
  buying_stage: string[];
  tags: string;
  levels: string;
  /** a rule in YAML or JSON; it stands instead of the fields above */
  rule: string;
}

export const CHILD_STAGE_NAMES: Readonly<Record<(typeof CHILD_STAGES)[number], string>> = {
  pregnant: "孕期",
  "0-3": "0–3 个月",
  "3-6": "3–6 个月",
  "6-12": "6–12 个月",
  "12-24": "1–2 岁",
  "24-36": "2–3 岁",
};

export const BUYING_STAGE_NAMES: Readonly<Record<string, string>> = {
  ...{ new: "新客", active: "活跃", pre_churn_high: "流失前（易召回）", pre_churn_low: "流失前（难召回）" },
  ...{ churned: "已流失", trial: "试用", potential: "潜客" },
};

const many = z.preprocess(
  (value) => (value === undefined || value === "" ? [] : Array.isArray(value) ? value : [value]),
  z.array(z.string().max(200)).max(200),
);
const text = (most: number) => z.string().max(most).default("");

const shape = z.object({
  ...{ name: text(200), key: text(80), on: text(20), until: text(20), send: text(10).default("page") },
  ...{ words: text(5_000), regions: many, child_stage: many, buying_stage: many },
  ...{ tags: text(1_000), levels: text(500), rule: text(10_000) },
});

/** Reads what was sent, whatever it is: what is missing is empty. */
export function readForm(body: unknown): OneoffForm {
  const parsed = shape.safeParse(body ?? {});
  return parsed.success ? parsed.data : shape.parse({});
}

/** The audience as plain data. Raises `invalid` for a rule that cannot be read. */
export function audienceOf(form: OneoffForm): Record<string, unknown> {
  if (form.rule.trim() !== "") return ruleOf(form.rule);
  const lists = {
    ...{ region: form.regions, tag: split(form.tags), level: split(form.levels) },
    child_stage: form.child_stage.filter((one) => (CHILD_STAGES as readonly string[]).includes(one)),
    buying_stage: form.buying_stage.filter((one) => (BUYING_STAGES as readonly string[]).includes(one)),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

/** The one-off's data, as its file would hold it. Raises `invalid`. */
export function dataOf(form: OneoffForm, freshKey: string): Record<string, unknown> {
  const audience = audienceOf(form);
  return {
    ...{ key: form.key.trim() || freshKey, name: form.name.trim(), send: form.send },
    ...(form.on && { on: form.on }),
    ...(form.until && { until: form.until }),
    ...(Object.keys(audience).length > 0 && { audience }),
    ...(form.words.trim() !== "" && { words: form.words.trim() }),
  };
}

/** The fields a fault may stand at. */
const FIELDS = ["key", "name", "on", "until", "send", "words", "audience", "rule"];

/** A day of the one-off's own: nothing else has one. */
const DAYS = /^(?:\w+: )?a day from (\S+) to (\S+?),/;

/** Faults by field, in words: each stands below its field, those of no field above the form. */
export function faultsByField(refusal: Refusal): Record<string, string> {
  const said: Record<string, string[]> = {};
  for (const fault of refusal.faults) {
    const field = (fault.field ?? fault.where).replace(/^journey\.?/, "").split(/[.[]/)[0] ?? "";
    const place = FIELDS.includes(field) ? field : "form";
    said[place] = [...(said[place] ?? []), sayOne(fault, place)];
  }
  if (refusal.faults.length === 0) said.form = [refusal.message];
  return Object.fromEntries(Object.entries(said).map(([field, all]) => [field, all.join("；")]));
}

function sayOne(fault: Fault, place: string): string {
  const { expected, value, field, where } = fault;
  const days = DAYS.exec(expected);
  if (days) return `${days[1]} 到 ${days[2]} 之间的日期`;
  const about = place === "form" ? `${field ?? where}：` : "";
  return `${about}${value === undefined ? "" : `「${value}」`}${sayFormFault(fault)}`;
}

function ruleOf(written: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(written);
  } catch (error) {
    throw ruleFault(`YAML 或 JSON（${error instanceof Error ? error.message.split("\n")[0] : "读不懂"}）`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw ruleFault("键: 值，例如 tag: [VIP]");
  return value as Record<string, unknown>;
}

function ruleFault(expected: string): Refusal {
  return new Refusal("invalid", "人群规则读不懂。", [{ where: "rule", expected }]);
}

function split(written: string): string[] {
  return [...new Set(written.split(/[,，、;；\s]+/).filter(Boolean))];
}

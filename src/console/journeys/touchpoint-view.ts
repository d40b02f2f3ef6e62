// A touchpoint's form as its template shows it: every choice with its name, every value as typed, every fault at its field.
import { ATTACHMENT_KINDS, ATTACHMENT_NAMES } from "../../journeys/attachments.js";
import { PLAN_LIMITS, USUAL_PLAN } from "../../journeys/experiments.js";
import { ANCHOR_NAMES, PRIORITY_NAMES, WAY_NAMES } from "../../journeys/say-trigger.js";
import { ASKABLE } from "../../journeys/words.js";
import { VARIABLE_BUTTONS } from "../words/variables.js";
import type { AttachmentForm } from "./attachment-form.js";
import { audienceView, type Choice, type Suggestions } from "./audience-view.js";
import type { FormFaults } from "./form-faults.js";
import type { TouchpointForm } from "./touchpoint-form.js";

/** What the form stands in. */
export interface FormFrame {
  journey: string;
  /** the touchpoint's key in the draft; "" for one that is not there yet */
  was: string;
  stamp: string;
  /** of a journey that is not there yet: what it shall be called */
  journeyName: string;
  suggestions: Suggestions;
  /** names of the calendar that may be waited for */
  dayNames: readonly string[];
  faults: FormFaults;
}

const NO_WAY = { value: "", label: "自动：话术因人而异就由导购页面发送，否则群发" };
const ANCHORS: readonly Choice[] = [
  ...(["joined", "guide_assigned", "first_order", "last_order"] as const).map(named),
  { value: "child_born", label: "宝宝出生（满月、满几个月）" },
  named("child_due"),
  { value: "child_birthday", label: "宝宝生日（每年）" },
  { value: "customer_birthday", label: "客户生日（每年）" },
  ...(["supply_ends", "at_risk", "next_touch", "urgent_reply"] as const).map(named),
  { value: "day", label: "日历上的一天（618、双11、节日）" },
];
const DIRECTIONS: readonly Choice[] = [
  { value: "after", label: "之后" },
  { value: "on", label: "当天" },
  { value: "before", label: "之前" },
];
const UNITS: readonly Choice[] = [
  { value: "days", label: "天" },
  { value: "weeks", label: "周" },
  { value: "months", label: "个月" },
];

function named(value: keyof typeof ANCHOR_NAMES): Choice {
  return { value, label: ANCHOR_NAMES[value] };
}

/** Everything templates/pages/journeys/touchpoint-form.hbs names. */
export function touchpointView(form: TouchpointForm, frame: FormFrame): object {
  const { faults } = frame;
  const ofAudience = Object.entries(faults.fields).filter(([field]) => field.startsWith("audience"));
  const atCondition = new Map(ofAudience.map(([field, text]) => [field.replace(/^audience\.?/, ""), text]));
  return {
    form,
    ...frame,
    faults: faults.fields,
    others: faults.others,
    isFaulty: faults.others.length > 0 || Object.keys(faults.fields).length > 0,
    isNew: frame.was === "",
    anchors: choices(ANCHORS, form.anchor),
    directions: choices(DIRECTIONS, form.direction),
    units: choices(UNITS, form.unit),
    priorities: choices(entries(PRIORITY_NAMES), form.priority),
    ways: choices([NO_WAY, ...entries(WAY_NAMES)], form.send),
    asks: choices([{ value: "", label: "不用问" }, ...askables()], form.ask),
    audience: audienceView(form.audience, frame.suggestions, atCondition),
    variables: VARIABLE_BUTTONS.map(({ name, label, insert }) => ({
      ...{ name: insert, label, or: orElse(name, insert) },
    })),
    ...wordsView(form),
    attachments: form.attachments.map((one, at) => attachmentView(one, at)),
    attachmentKinds: ATTACHMENT_KINDS.map((value) => ({ value, label: ATTACHMENT_NAMES[value] })),
    usual: USUAL_PLAN,
    limits: Object.fromEntries(
      Object.entries(PLAN_LIMITS).map(([key, [least, most]]) => [key, { least, most }]),
    ),
  };
}

function wordsView({ words, variants, send }: TouchpointForm) {
  return {
    isHand: send === "hand",
    hasVariants: variants.length > 0,
    mayAddVariant: variants.length < 6,
    texts:
      variants.length > 0
        ? variants.map((one, at) => ({
            ...one,
            at,
            field: `variant.${at}.words`,
            isVariant: true,
            isFirst: at === 0,
          }))
        : [{ key: "", share: "", words, at: 0, field: "words", isVariant: false, isFirst: true }],
  };
}

/** Always there, whoever the customer is. */
const ALWAYS = ["today", "due_on", "anchor_on", "days", "months", "years"];
const OTHER_WORDS: Record<string, string> = {
  ...{
    "child.name": "宝宝",
    children: "宝宝",
    "customer.name": "您",
    "store.name": "门店",
    "guide.name": "导购",
  },
};

/** What to insert so that nothing is missing where the value is: {{default child.name "宝宝"}}; "" where it always is. */
function orElse(name: string, insert: string): string {
  if (ALWAYS.includes(name)) return "";
  const word = OTHER_WORDS[name];
  return word ? `{{default ${name} "${word}"}}` : `{{#if ${name}}}${insert}{{/if}}`;
}

function attachmentView(form: AttachmentForm, at: number): object {
  const { kind, file } = form;
  const [, digest = "", name = ""] = /^kept\/([0-9a-f]{64})\/(.+)$/.exec(file) ?? [];
  return {
    ...{ ...form, at, number: at + 1, kindName: ATTACHMENT_NAMES[kind], prefix: `attachment.${at}` },
    ...{ fileName: digest === "" ? file : name, picture: digest !== "" && kind !== "file" ? digest : "" },
    ...{
      isLink: kind === "link",
      isPage: kind === "mini_program",
      isPoster: kind === "poster",
      isTitled: kind === "link" || kind === "mini_program",
    },
    accepts:
      kind === "file" ? ".pdf,.docx,.xlsx,.pptx,.zip,.doc,.xls,.ppt,.txt,.csv" : "image/png,image/jpeg",
  };
}

function choices(all: readonly Choice[], chosen: string): (Choice & { selected: boolean })[] {
  return all.map((one) => ({ ...one, selected: one.value === chosen }));
}

function entries(names: Readonly<Record<string, string>>): Choice[] {
  return Object.entries(names).map(([value, label]) => ({ value, label }));
}

function askables(): Choice[] {
  return Object.entries(ASKABLE).map(([value, { label }]) => ({ value, label }));
}

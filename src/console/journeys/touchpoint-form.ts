// A touchpoint as its form has it: every value as it was typed, so that what is wrong can be shown again where it stands.
import type { Audience } from "../../journeys/audience.js";
import { audienceOf, type GroupNode, type Places, treeOf } from "../../journeys/audience-tree.js";
import { isDayTrigger } from "../../journeys/days.js";
import { type TouchpointData, triggerOf } from "../../journeys/trigger-data.js";
import { type AttachmentForm, attachmentData, attachmentForm } from "./attachment-form.js";
import { lines, number, split } from "./typed-values.js";

/** One of the words tried beside each other. */
export interface VariantForm {
  key: string;
  share: string;
  words: string;
}

/** The whole form. Numbers are texts until they are checked. */
export interface TouchpointForm {
  key: string;
  name: string;
  /** what is counted from: an anchor, `child_birthday`, or `day` */
  anchor: string;
  direction: string;
  n: string;
  unit: string;
  /** 06-18, 双11, or dates */
  day: string;
  spread_days: string;
  grace_days: string;
  at: string;
  priority: string;
  /** "": by the words */
  send: string;
  ask: string;
  words: string;
  variants: VariantForm[];
  pilot: string;
  days: string;
  looks: string;
  detect: string;
  hold_out: string;
  attachments: AttachmentForm[];
  outcomes: string;
  tags: string;
  next_touch: boolean;
  audience: GroupNode;
}

/** A form with nothing in it but where it was begun. */
export function emptyForm(
  begun: Partial<Pick<TouchpointForm, "anchor" | "direction" | "n" | "unit" | "day">>,
): TouchpointForm {
  return {
    ...{
      key: "",
      name: "",
      anchor: "joined",
      direction: "after",
      n: "3",
      unit: "days",
      day: "",
      spread_days: "",
    },
    ...{ grace_days: "3", at: "", priority: "service", send: "", ask: "", words: "", variants: [] },
    ...{ pilot: "", days: "", looks: "", detect: "", hold_out: "", attachments: [] },
    ...{ outcomes: "", tags: "", next_touch: false, audience: { kind: "group", op: "all", inside: [] } },
    ...begun,
  };
}

/** The form of data that was checked. */
export function formOf(data: TouchpointData): TouchpointForm {
  const text = (value: unknown) => (value === undefined || value === null ? "" : String(value));
  const plan = (data.experiment ?? {}) as Record<string, unknown>;
  const form = data.form as
    | { outcomes?: string | string[]; tags?: string | string[]; next_touch?: boolean }
    | undefined;
  const variants = (data.variants ?? []) as Record<string, unknown>[];
  return {
    ...{ key: text(data.key), name: text(data.name), ...whenOf(data), at: text(data.at) },
    ...{
      grace_days: text(data.grace_days ?? 3),
      priority: text(data.priority ?? "service"),
      send: text(data.send),
    },
    ...{ ask: text(data.ask), words: text(data.words), hold_out: text(data.hold_out) },
    variants: variants.map(({ key, share, words }) => ({
      key: text(key),
      share: text(share),
      words: text(words),
    })),
    ...{ pilot: text(plan.pilot), days: text(plan.days), looks: text(plan.looks), detect: text(plan.detect) },
    attachments: ((data.attachments ?? []) as Record<string, unknown>[]).map(attachmentForm),
    ...{ outcomes: listed(form?.outcomes), tags: listed(form?.tags), next_touch: form?.next_touch === true },
    audience: treeOf((data.audience ?? {}) as Audience),
  };
}

function whenOf(data: TouchpointData) {
  const trigger = triggerOf(data);
  const { unit, n } = trigger.offset;
  const isBirthday = trigger.anchor === "child_born" && trigger.repeat === "yearly";
  const day = [data.after ?? data.before ?? data.on].flat().map(String).join("、");
  return {
    anchor: isBirthday ? "child_birthday" : trigger.anchor,
    direction: n === 0 ? "on" : n < 0 ? "before" : "after",
    ...{ n: String(Math.abs(n)), unit },
    day: isDayTrigger(trigger) ? day : "",
    spread_days: isDayTrigger(trigger) && trigger.spreadDays > 1 ? String(trigger.spreadDays) : "",
  };
}

const REPEATS: Record<string, string> = {
  ...{ last_order: "each", supply_ends: "each", at_risk: "each", next_touch: "each", urgent_reply: "each" },
  ...{ customer_birthday: "yearly", child_birthday: "yearly" },
};

/** The data a form says, not checked, and where in it each condition of the audience stands. */
export function dataOfForm(form: TouchpointForm): { data: TouchpointData; places: Places } {
  const { audience, places } = audienceOf(form.audience);
  const isHand = form.send === "hand";
  const plan = given({ pilot: form.pilot, days: form.days, looks: form.looks, detect: form.detect }, number);
  const data = {
    ...{ key: form.key, name: form.name, ...triggerData(form) },
    ...given({ grace_days: form.grace_days, hold_out: form.hold_out }, number),
    ...given({ at: form.at, priority: form.priority, send: form.send, ask: form.ask }, String),
    ...(Object.keys(audience).length > 0 ? { audience } : {}),
    ...wordsData(form),
    ...(form.variants.length > 0 && Object.keys(plan).length > 0 ? { experiment: plan } : {}),
    ...(form.attachments.length > 0 ? { attachments: form.attachments.map(attachmentData) } : {}),
    ...(isHand ? outcomeData(form) : {}),
  };
  return { data, places };
}

function triggerData(form: TouchpointForm): TouchpointData {
  const { anchor, direction, unit } = form;
  const repeat = REPEATS[anchor] ? { repeat: REPEATS[anchor] } : {};
  const n = direction === "on" ? 0 : number(form.n);
  if (anchor !== "day") {
    const from = anchor === "child_birthday" ? "child_born" : anchor;
    return {
      [direction === "before" ? "before" : "after"]: from,
      [direction === "on" ? "days" : unit]: n,
      ...repeat,
    };
  }
  const days = form.day.split(/[、,，\s]+/).filter((day) => day !== "");
  const day = days.length > 1 ? days : (days[0] ?? "");
  const spread = given({ spread_days: form.spread_days }, number);
  return direction === "on" ? { on: day, ...spread } : { [direction]: day, [unit]: n, ...spread };
}

/** What a guide does by hand needs no words; what is sent always does, and says so where they are missing. */
function wordsData({ words, variants, send }: TouchpointForm): TouchpointData {
  if (variants.length > 0)
    return {
      variants: variants.map(({ key, share, words: own }) => ({
        key,
        share: number(share),
        words: lines(own),
      })),
    };
  return send === "hand" && words.trim() === "" ? {} : { words: lines(words) };
}

function outcomeData({ outcomes, tags, next_touch }: TouchpointForm): TouchpointData {
  const [how, which] = [split(outcomes), split(tags)];
  if (how.length === 0 && which.length === 0 && !next_touch) return {};
  return {
    form: {
      ...(how.length > 0 ? { outcomes: how } : {}),
      ...(which.length > 0 ? { tags: which } : {}),
      ...(next_touch ? { next_touch } : {}),
    },
  };
}

/** What of these is not left empty. */
function given<T>(values: Record<string, string>, read: (text: string) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, text]) => (text.trim() === "" ? [] : [[key, read(text.trim())]])),
  );
}

function listed(values: string | string[] | undefined): string {
  return [values ?? []].flat().join("、");
}

// The fields a browser sent, read into a touchpoint's form; and the buttons that add and remove rows of it.

import { ATTACHMENT_KINDS } from "../../journeys/attachments.js";
import { LIST_FIELDS, RANGE_FIELDS } from "../../journeys/audience.js";
import { type ConditionNode, condition, type GroupNode, isList } from "../../journeys/audience-tree.js";
import { ATTACHMENT_TEXTS, type AttachmentForm, emptyAttachment } from "./attachment-form.js";
import { WORD_CHOICES } from "./audience-view.js";
import { emptyForm, type TouchpointForm, type VariantForm } from "./touchpoint-form.js";
import { type Fields, rowsOf, split, textOf, textsOf } from "./typed-values.js";

const TEXTS = [
  ...(["key", "name", "anchor", "direction", "n", "unit", "day", "spread_days", "grace_days", "at"] as const),
  ...([
    "priority",
    "send",
    "ask",
    "words",
    "pilot",
    "days",
    "looks",
    "detect",
    "hold_out",
    "outcomes",
    "tags",
  ] as const),
] as const;

/** The form as it was sent. */
export function formFrom(fields: Fields): TouchpointForm {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, textOf(fields, name)]));
  return {
    ...emptyForm({}),
    ...texts,
    variants: rowsOf(fields, "variant").map((row): VariantForm => {
      const text = (key: string) => textOf(fields, `variant.${row}.${key}`);
      return { key: text("key"), share: text("share"), words: text("words") };
    }),
    attachments: rowsOf(fields, "attachment").map((row) => attachmentFrom(fields, `attachment.${row}`)),
    next_touch: textOf(fields, "next_touch") === "yes",
    audience: groupFrom(fields, "audience", 1),
  };
}

function attachmentFrom(fields: Fields, row: string): AttachmentForm {
  const kind = ATTACHMENT_KINDS.find((one) => one === textOf(fields, `${row}.kind`)) ?? "link";
  const texts = ATTACHMENT_TEXTS.map((key) => [key, textOf(fields, `${row}.${key}`)]);
  return { ...emptyAttachment(kind), ...Object.fromEntries(texts) };
}

/** Rules stand at most eight deep; what a made-up form nests deeper is left out. */
const DEEPEST = 8;

function groupFrom(fields: Fields, path: string, deep: number): GroupNode {
  const op = (["all", "any", "none"] as const).find((one) => one === textOf(fields, `${path}.op`)) ?? "all";
  const inside = rowsOf(fields, path).flatMap((row): GroupNode["inside"] => {
    const at = `${path}.${row}`;
    if (typeof fields[`${at}.op`] === "string")
      return deep < DEEPEST ? [groupFrom(fields, at, deep + 1)] : [];
    return [conditionFrom(fields, at)];
  });
  return { kind: "group", op, inside };
}

function conditionFrom(fields: Fields, at: string): ConditionNode {
  const named = textOf(fields, `${at}.field`);
  const field = [...LIST_FIELDS, ...RANGE_FIELDS].find((one) => one === named) ?? "level";
  const typed = textsOf(fields, `${at}.values`);
  // after another field was chosen the values of the one before mean nothing
  const choices = WORD_CHOICES[field]?.map(({ value }) => value);
  const values = choices ? typed.filter((value) => choices.includes(value)) : typed.flatMap(split);
  return condition(field, {
    ...(isList(field) ? { values } : {}),
    ...{ at_least: textOf(fields, `${at}.at_least`), at_most: textOf(fields, `${at}.at_most`) },
  });
}

/** What a button of the form asks for: `audience-add:0.1`. The form as it is then. */
export function withRows(form: TouchpointForm, op: string): TouchpointForm {
  const [what = "", where = ""] = op.split(":");
  const at = where === "" ? [] : where.split(".").map(Number);
  const without = <T>(rows: readonly T[]) => rows.filter((_row, index) => index !== at[0]);
  switch (what) {
    case "audience-add":
      return { ...form, audience: inGroup(form.audience, at, (inside) => [...inside, condition("level")]) };
    case "audience-group": {
      const group: GroupNode = { kind: "group", op: "any", inside: [condition("level")] };
      return { ...form, audience: inGroup(form.audience, at, (inside) => [...inside, group]) };
    }
    case "audience-remove": {
      const last = at.at(-1);
      return {
        ...form,
        audience: inGroup(form.audience, at.slice(0, -1), (inside) =>
          inside.filter((_one, index) => index !== last),
        ),
      };
    }
    case "variant-add":
      return { ...form, words: "", variants: withVariant(form) };
    case "variant-remove":
      return withoutVariant(form, without(form.variants));
    case "attachment-add": {
      const kind = ATTACHMENT_KINDS.find((one) => one === where);
      return kind ? { ...form, attachments: [...form.attachments, emptyAttachment(kind)] } : form;
    }
    case "attachment-remove":
      return { ...form, attachments: without(form.attachments) };
    default:
      return form;
  }
}

function inGroup(
  group: GroupNode,
  [step, ...more]: readonly number[],
  change: (inside: GroupNode["inside"]) => GroupNode["inside"],
): GroupNode {
  if (step === undefined) return { ...group, inside: change(group.inside) };
  const inside = group.inside.map((one, index) =>
    index === step && one.kind === "group" ? inGroup(one, more, change) : one,
  );
  return { ...group, inside };
}

const NAMES = ["A", "B", "C", "D", "E", "F"];

/** One more, in even shares; the first one has the words there were. */
function withVariant({ words, variants }: TouchpointForm): VariantForm[] {
  const before = variants.length > 0 ? variants : [{ key: "A", share: "", words }];
  const key = NAMES.find((name) => !before.some((one) => one.key === name)) ?? "";
  return evenly([...before, { key, share: "", words: "" }]);
}

/** One alone is no comparison: its words are the words again. */
function withoutVariant(form: TouchpointForm, left: VariantForm[]): TouchpointForm {
  if (left.length > 1) return { ...form, variants: evenly(left) };
  return { ...form, words: left[0]?.words ?? "", variants: [] };
}

function evenly(variants: readonly VariantForm[]): VariantForm[] {
  const each = Math.floor(100 / variants.length);
  const first = 100 - each * (variants.length - 1);
  return variants.map((one, at) => ({ ...one, share: String(at === 0 ? first : each) }));
}

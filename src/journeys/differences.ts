// Two versions of a journey beside one another, touchpoint by touchpoint and field by field, as people compare them.
import type { Attachment, ContentFile } from "./attachments.js";
import { sayExperiment, sayHoldOut } from "./experiment-changes.js";
import { changesBetween, type JourneyChanges } from "./publish.js";
import { sayAudience } from "./say-audience.js";
import { sayContent } from "./say-content.js";
import { PRIORITY_NAMES, sayTrigger, WAY_NAMES } from "./say-trigger.js";
import { type JourneySpec, stableJson, type TouchpointSpec } from "./spec.js";

/** A field as it was and as it is; "" where there was or is nothing. */
export interface FieldDifference {
  field: string;
  before: string;
  after: string;
}

/** Words as they were and are; null where there were or are none. `variant` null: of the touchpoint without variants. */
export interface WordsDifference {
  variant: string | null;
  before: string | null;
  after: string | null;
}

/** One touchpoint that is not as it was. */
export interface TouchpointDifference {
  key: string;
  name: string;
  kind: "new" | "removed" | "changed";
  fields: FieldDifference[];
  words: WordsDifference[];
  /** pictures enclosed, where they are not the same */
  pictures: { before: ContentFile[]; after: ContentFile[] } | null;
}

export interface JourneyDifferences {
  renamed: JourneyChanges["renamed"];
  touchpoints: TouchpointDifference[];
  /** how many are as they were */
  same: number;
}

/** What changes from one version to another, in the other's order, what is removed last. */
export function differencesBetween(before: JourneySpec | null, after: JourneySpec): JourneyDifferences {
  const { renamed, touchpoints } = changesBetween(before, after);
  const old = new Map(before?.touchpoints.map((one) => [one.key, one]));
  const now = new Map(after.touchpoints.map((one) => [one.key, one]));
  const differing = touchpoints.map(({ key, name, kind }) => {
    const [was, is] = [old.get(key), now.get(key)];
    return { ...{ key, name, kind }, ...sides(was, is) };
  });
  const gone = touchpoints.filter(({ kind }) => kind === "removed").length;
  return { renamed, touchpoints: differing, same: after.touchpoints.length - differing.length + gone };
}

type Side = TouchpointSpec | undefined;

function sides(was: Side, is: Side): Pick<TouchpointDifference, "fields" | "words" | "pictures"> {
  const [before, after] = [picturesOf(was), picturesOf(is)];
  return {
    fields: fieldsBetween(was, is),
    words: wordsBetween(was, is),
    pictures: digests(before) === digests(after) ? null : { before, after },
  };
}

const digests = (files: readonly ContentFile[]) => files.map(({ digest }) => digest).join();

function fieldsBetween(was: Side, is: Side): FieldDifference[] {
  const [before, after] = [fieldsOf(was), fieldsOf(is)];
  const names = [...new Set([...after.keys(), ...before.keys()])];
  return names.flatMap((field) => {
    const [from, to] = [before.get(field), after.get(field)];
    if (from?.exact === to?.exact) return [];
    const isSaidAlike = from !== undefined && from.said === to?.said;
    return {
      field,
      before: from?.said ?? "",
      after: `${to?.said ?? ""}${isSaidAlike ? "（内容更换）" : ""}`,
    };
  });
}

interface Field {
  said: string;
  /** equal only for what is the same in all */
  exact: string;
}

/** A touchpoint's fields besides words, by their Chinese names; what says nothing is left out. */
function fieldsOf(spec: Side): Map<string, Field> {
  if (!spec) return new Map();
  const { attachments, form, ask } = spec;
  const besides = [
    ...sayContent({ ...(attachments ? { attachments } : {}) }).map((said) => ["附件", said, attachments]),
    ...sayContent({ ...(form ? { form } : {}) }).map((said) => ["回访表单", said, form]),
    ...sayContent({ ...(ask ? { ask } : {}) }).map((said) => ["收集资料", said, ask]),
  ].map(([field, said, value]): [string, Field] => [
    String(field),
    { said: String(said).replace(/^[^：]*：/, ""), exact: stableJson(value) },
  ]);
  const plain: [string, string][] = [
    ["名称", spec.name],
    ["到期", sayTrigger(spec.trigger)],
    ["宽限", `${spec.graceDays}天`],
    ["最早发送", spec.at ?? "导购时间"],
    ["优先级", PRIORITY_NAMES[spec.priority]],
    ["方式", WAY_NAMES[spec.send]],
    ["人群", sayAudience(spec.audience)],
    ...(spec.variants ? [["实验", sayExperiment(spec)] as [string, string]] : []),
    ...(spec.holdOut ? [["对照", sayHoldOut(spec.holdOut)] as [string, string]] : []),
    ...(spec.journeyHoldOut ? [["旅程对照", sayHoldOut(spec.journeyHoldOut)] as [string, string]] : []),
  ];
  return new Map([
    ...plain.map(([field, said]): [string, Field] => [field, { said, exact: said }]),
    ...besides,
  ]);
}

function wordsBetween(was: Side, is: Side): WordsDifference[] {
  const [before, after] = [wordsOf(was), wordsOf(is)];
  const variants = [...new Set([...after.keys(), ...before.keys()])];
  return variants.flatMap((variant) => {
    const [from, to] = [before.get(variant) ?? null, after.get(variant) ?? null];
    return from === to ? [] : { variant, before: from, after: to };
  });
}

function wordsOf(spec: Side): Map<string | null, string> {
  if (spec?.variants) return new Map(spec.variants.map(({ key, words }) => [key, words]));
  return new Map(spec?.words ? [[null, spec.words]] : []);
}

function picturesOf(spec: Side): ContentFile[] {
  return (spec?.attachments ?? []).flatMap(pictureIn);
}

function pictureIn(one: Attachment): ContentFile[] {
  if (one.kind === "picture" || one.kind === "poster") return [one.file];
  if (one.kind === "mini_program") return [one.cover];
  return one.kind === "link" && one.picture ? [one.picture] : [];
}

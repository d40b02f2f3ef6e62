// What a new version of a journey changes, touchpoint by touchpoint, and how to say it.
import { allWords, definitionOf, sayExperiment, sayHoldOut } from "./experiment-changes.js";
import { sayAudience } from "./say-audience.js";
import { sayContentChanges } from "./say-content.js";
import { PRIORITY_NAMES, sayTrigger, WAY_NAMES } from "./say-trigger.js";
import { type JourneySpec, stableJson, type TouchpointSpec } from "./spec.js";

/** What of a touchpoint changed: its words, its trigger, its grace, or anything else (name, time, way, audience …). */
export type Aspect = "words" | "trigger" | "grace" | "other";

/** One touchpoint that is not as it was. */
export interface TouchpointChange {
  key: string;
  name: string;
  kind: "new" | "removed" | "changed";
  /** empty unless changed */
  aspects: Aspect[];
  /** the change in one Chinese line */
  line: string;
}

export interface JourneyChanges {
  /** the journey's name before and after, when it changed */
  renamed: { from: string; to: string } | null;
  /** in the new version's order, the removed ones last */
  touchpoints: TouchpointChange[];
}

/** What changes from one version to the next; before the first there is null. */
export function changesBetween(before: JourneySpec | null, after: JourneySpec): JourneyChanges {
  const old = new Map((before?.touchpoints ?? []).map((touchpoint) => [touchpoint.key, touchpoint]));
  const kept = new Set(after.touchpoints.map(({ key }) => key));
  const touchpoints = after.touchpoints.flatMap((touchpoint) => {
    const was = old.get(touchpoint.key);
    return was ? (changedTouchpoint(was, touchpoint) ?? []) : [newTouchpoint(touchpoint)];
  });
  const removed = [...old.values()].filter(({ key }) => !kept.has(key)).map(removedTouchpoint);
  const renamed = before && before.name !== after.name ? { from: before.name, to: after.name } : null;
  return { renamed, touchpoints: [...touchpoints, ...removed] };
}

/** The changes as Chinese lines. */
export function sayChanges({ renamed, touchpoints }: JourneyChanges): string[] {
  const rename = renamed ? [`旅程名称：「${renamed.from}」改为「${renamed.to}」`] : [];
  return [...rename, ...touchpoints.map(({ line }) => line)];
}

/** What of a touchpoint differs between two versions. */
function aspectsOf(before: TouchpointSpec, after: TouchpointSpec): Aspect[] {
  const rest = (spec: TouchpointSpec) => {
    const { words, trigger, graceDays, variants, ...others } = spec;
    return stableJson([others, definitionOf(spec)]);
  };
  const differs: Record<Aspect, boolean> = {
    words: allWords(before) !== allWords(after),
    trigger: stableJson(before.trigger) !== stableJson(after.trigger),
    grace: before.graceDays !== after.graceDays,
    other: rest(before) !== rest(after),
  };
  return (Object.keys(differs) as Aspect[]).filter((aspect) => differs[aspect]);
}

function newTouchpoint({ key, name, trigger, send }: TouchpointSpec): TouchpointChange {
  const line = `新增「${name}」：${sayTrigger(trigger)}，${WAY_NAMES[send]}`;
  return { key, name, kind: "new", aspects: [], line };
}

function removedTouchpoint({ key, name, trigger }: TouchpointSpec): TouchpointChange {
  return { key, name, kind: "removed", aspects: [], line: `移除「${name}」：${sayTrigger(trigger)}` };
}

function changedTouchpoint(before: TouchpointSpec, after: TouchpointSpec): TouchpointChange | undefined {
  const aspects = aspectsOf(before, after);
  if (aspects.length === 0) return undefined;
  const said = [
    aspects.includes("words") ? sayWords(before.words, after.words) : "",
    fromTo("到期", sayTrigger(before.trigger), sayTrigger(after.trigger)),
    fromTo("宽限", `${before.graceDays}天`, `${after.graceDays}天`),
    fromTo("名称", before.name, after.name),
    fromTo("最早发送", before.at ?? "导购时间", after.at ?? "导购时间"),
    fromTo("优先级", PRIORITY_NAMES[before.priority], PRIORITY_NAMES[after.priority]),
    fromTo("方式", WAY_NAMES[before.send], WAY_NAMES[after.send]),
    fromTo("人群", sayAudience(before.audience), sayAudience(after.audience)),
    fromTo("实验", sayExperiment(before), sayExperiment(after)),
    fromTo("对照", sayHoldOut(before.holdOut), sayHoldOut(after.holdOut)),
    fromTo("旅程对照", sayHoldOut(before.journeyHoldOut), sayHoldOut(after.journeyHoldOut)),
    ...sayContentChanges(before, after),
  ].filter((part) => part !== "");
  const { key, name } = after;
  const line = `修改「${name}」：${said.length > 0 ? said.join("；") : "写法不同，意思不变"}`;
  return { key, name, kind: "changed", aspects, line };
}

function sayWords(before: string | null, after: string | null): string {
  if (before === null) return "新增话术";
  return after === null ? "去掉话术" : "话术改写";
}

function fromTo(what: string, before: string, after: string): string {
  return before === after ? "" : `${what}由${before}改为${after}`;
}

/** Whether a version may make tasks of days gone by that the one before did not: other dates, people or grace. */
export function opensOthers(before: TouchpointSpec, after: TouchpointSpec): boolean {
  const when = ({ trigger, audience, graceDays }: TouchpointSpec) =>
    stableJson({ trigger, audience, graceDays });
  return when(before) !== when(after);
}

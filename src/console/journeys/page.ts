// What is live, as HQ reads it: journeys, their versions, and every touchpoint's moment, people and words.
import { sayExperiment } from "../../journeys/experiment-changes.js";
import type { JourneyOverview, TouchpointOverview } from "../../journeys/overviews.js";
import { sayAudience } from "../../journeys/say-audience.js";
import { sayContent } from "../../journeys/say-content.js";
import { PRIORITY_NAMES } from "../../journeys/say-trigger.js";
import { variableOf } from "../../journeys/words.js";
import { moment } from "../format.js";
import { personOf } from "./people.js";

/** A stretch of words: plain text, or a place where each customer's own value will stand. */
export interface WordsPart {
  text: string;
  isBlank: boolean;
}

/** A draft as the list tells of it. */
export interface DraftLine {
  key: string;
  name: string;
  changedAt: number;
  changedBy: string;
}

interface Telling {
  /** accounts by id */
  names: ReadonlyMap<number, string>;
  zone: string;
  mayEdit: boolean;
}

/** Everything templates/pages/journeys/list.hbs names: journeys, and drafts of those that were never published. */
export function listPage(
  journeys: readonly JourneyOverview[],
  drafts: readonly DraftLine[],
  telling: Telling,
): object {
  const { names, zone, mayEdit } = telling;
  const draftOf = (key: string) => drafts.find((draft) => draft.key === key);
  const begun = drafts.filter(({ key }) => !journeys.some((journey) => journey.key === key));
  const tell = (draft: DraftLine | undefined) =>
    draft && { when: moment(draft.changedAt, zone), who: personOf(draft.changedBy, names) };
  return {
    mayEdit,
    journeys: journeys.map((journey) => ({
      ...head(journey, names, zone),
      draft: mayEdit ? (tell(draftOf(journey.key)) ?? null) : null,
      ways: waysOf(journey),
    })),
    begun: mayEdit ? begun.map((draft) => ({ key: draft.key, name: draft.name, ...tell(draft) })) : [],
  };
}

/** Everything templates/pages/journeys/live.hbs names besides the timeline. */
export function livePage(journey: JourneyOverview, { names, zone, mayEdit }: Telling): object {
  return {
    ...head(journey, names, zone),
    mayEdit,
    touchpoints: journey.touchpoints.map(touchpointCard),
    versions: journey.versions.map((version) => ({
      number: version.number,
      published: moment(version.publishedAt, zone),
      publisher: personOf(version.publishedBy, names),
    })),
  };
}

function head(journey: JourneyOverview, names: ReadonlyMap<number, string>, zone: string) {
  return {
    ...{
      key: journey.key,
      name: journey.name,
      stateName: journey.stateName,
      isLive: journey.state === "live",
    },
    version: journey.version ?? "",
    published: journey.publishedAt === null ? "" : moment(journey.publishedAt, zone),
    publisher: personOf(journey.publishedBy, names),
    touchpointCount: journey.touchpoints.length,
  };
}

/** How many touchpoints go which way: 企业微信群发 38 个. */
function waysOf({ touchpoints }: JourneyOverview): { way: string; n: number }[] {
  const ways = [...new Set(touchpoints.map(({ way }) => way))];
  return ways.map((way) => ({ way, n: touchpoints.filter((one) => one.way === way).length }));
}

function touchpointCard({ key, name, when, way, words, spec }: TouchpointOverview): object {
  return {
    key,
    name,
    when,
    way,
    audience: sayAudience(spec.audience),
    priority: PRIORITY_NAMES[spec.priority],
    grace: `${spec.graceDays} 天内有效`,
    words: words === null || spec.variants ? [] : wordsParts(words),
    variants: (spec.variants ?? []).map(({ key, share, words: own }) => ({
      key,
      share,
      words: wordsParts(own),
    })),
    besides: sayContent(spec),
    experiment: sayTrials(spec),
  };
}

/** The experiment and the hold-outs of a touchpoint in one line; empty without any. */
function sayTrials(spec: TouchpointOverview["spec"]): string {
  return [
    ...(spec.variants ? [`实验：${sayExperiment(spec)}`] : []),
    ...(spec.holdOut ? [`对照 ${spec.holdOut}%`] : []),
    ...(spec.journeyHoldOut ? [`旅程对照 ${spec.journeyHoldOut}%`] : []),
  ].join(" · ");
}

/** Words with their variables called by their Chinese names. What only steers (`#if`, `else`) is left out: HQ reads
 *  all that may be said. */
export function wordsParts(words: string): WordsPart[] {
  const plain = words.replace(/\{\{(!--[\s\S]*?--|[!#/^][^}]*|\s*else\s*)\}\}\s*/g, "").trim();
  return plain.split(/(\{\{[^}]*\}\})/).flatMap((text) => {
    if (text === "") return [];
    const inside = /^\{\{\s*([^}]*?)\s*\}\}$/.exec(text)?.[1];
    return [inside === undefined ? { text, isBlank: false } : { text: labelOf(inside), isBlank: true }];
  });
}

/** `child.name` and `default child.name "宝宝"` are both 宝宝小名. */
function labelOf(expression: string): string {
  const [variable] = expression.split(/\s+/).flatMap((word) => variableOf(word) ?? []);
  return variable?.label ?? expression;
}

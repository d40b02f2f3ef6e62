// What is live, as HQ reads it: journeys, their versions, and every touchpoint's moment, people and words.

import { sayExperiment } from "../journeys/experiment-changes.js";
import type { JourneyOverview, TouchpointOverview } from "../journeys/overviews.js";
import { sayAudience } from "../journeys/say-audience.js";
import { sayContent } from "../journeys/say-content.js";
import { PRIORITY_NAMES } from "../journeys/say-trigger.js";
import { variableOf } from "../journeys/words.js";
import { moment } from "./format.js";

/** A stretch of words: plain text, or a place where each customer's own value will stand. */
export interface WordsPart {
  text: string;
  isBlank: boolean;
}

/** Everything templates/pages/journeys.hbs names. `names` tells accounts by id. */
export function journeysPage(
  journeys: readonly JourneyOverview[],
  names: ReadonlyMap<number, string>,
  zone: string,
): object {
  return {
    journeys: journeys.map((journey) => ({
      name: journey.name,
      stateName: journey.stateName,
      isLive: journey.state === "live",
      version: journey.version ?? "—",
      published: journey.publishedAt === null ? "" : moment(journey.publishedAt, zone),
      publisher: publisherOf(journey.publishedBy, names),
      touchpointCount: journey.touchpoints.length,
      touchpoints: journey.touchpoints.map(touchpointCard),
      versions: journey.versions.map((version) => ({
        number: version.number,
        published: moment(version.publishedAt, zone),
        publisher: publisherOf(version.publishedBy, names),
      })),
    })),
  };
}

function touchpointCard({ name, when, way, words, spec }: TouchpointOverview): object {
  return {
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

function publisherOf(by: string | null, names: ReadonlyMap<number, string>): string {
  const account = /^account:(\d+)$/.exec(by ?? "")?.[1];
  return account ? (names.get(Number(account)) ?? `账号 ${account}`) : "系统";
}

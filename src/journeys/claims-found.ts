// Forbidden claims in the words of a journey, each with its sentence cut where the claim stands, so that it can be marked.
import { Refusal } from "../kernel/refusals.js";
import type { ClaimHit, ClaimsCheck } from "./claims.js";
import { compileMessage } from "./words.js";

/** A sentence around a claim. */
export interface MarkedSentence {
  before: string;
  found: string;
  after: string;
  category: string;
  reason: string;
}

/** A claim of a journey's words. `touchpoint` is its name; `variant` null: of the words without variants. */
export interface FoundClaim extends MarkedSentence {
  key: string;
  touchpoint: string;
  variant: string | null;
}

/** What has words as journeys have them, read or not: specs, and drafts as plain data. */
interface Worded {
  touchpoints?: unknown;
}

/** Every claim in the words of a journey, in its order. Words that cannot be read are judged as they are written. */
export function claimsFound({ touchpoints }: Worded, check: ClaimsCheck): FoundClaim[] {
  if (!Array.isArray(touchpoints)) return [];
  return touchpoints.flatMap((one: unknown) => {
    const { key, name, words, variants } = (one ?? {}) as Record<string, unknown>;
    const place = { key: String(key ?? ""), touchpoint: String(name ?? key ?? "") };
    const own = Array.isArray(variants)
      ? variants.map((variant) => (variant ?? {}) as Record<string, unknown>)
      : [{ key: null, words }];
    return own.flatMap(({ key: variant, words: text }) =>
      typeof text !== "string"
        ? []
        : sentencesWith(text, check).map((found) => ({
            ...place,
            variant: variant === null ? null : String(variant),
            ...found,
          })),
    );
  });
}

/** The sentences of a text that hold a claim. */
export function sentencesWith(words: string, check: ClaimsCheck): MarkedSentence[] {
  return check(plainOf(words)).map(marked);
}

function marked({ sentence, found, category, reason }: ClaimHit): MarkedSentence {
  const from = Math.max(0, sentence.indexOf(found));
  const readable = (text: string) => text.replace(/□+/g, "…");
  return {
    ...{ category, reason, found: readable(found) },
    before: readable(sentence.slice(0, from)),
    after: readable(sentence.slice(from + found.length)),
  };
}

/** What words say whatever the values; a value is `□`. */
function plainOf(words: string): string {
  try {
    return compileMessage(words).wording.text;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return words;
  }
}

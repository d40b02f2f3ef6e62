// Sentences that make a forbidden claim, with the claim marked inside them.
import type { ClaimsCheck } from "../../journeys/claims.js";

/** One sentence: what stands before the claim, the claim, and what stands after it. */
export interface ClaimLine {
  before: string;
  found: string;
  after: string;
  category: string;
  reason: string;
}

/** Every forbidden claim of a text, in its order. */
export function claimLines(text: string, check: ClaimsCheck): ClaimLine[] {
  return check(text).map(({ found, sentence, category, reason, position }) => {
    // the sentence is trimmed; the claim stands where it stood in the text
    const begins = text.lastIndexOf(sentence, position);
    const at = begins < 0 ? sentence.indexOf(found) : position - begins;
    const shown = sentence.replaceAll("□", "＿");
    return { before: shown.slice(0, at), found, after: shown.slice(at + found.length), category, reason };
  });
}

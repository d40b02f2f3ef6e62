// When two wordings are the same, and what is left of one in another.
import { createHash } from "node:crypto";

/** SHA-256 (hex) of words, the same however they are spaced: what a library and touchpoints know them by. */
export function wordsDigest(words: string): string {
  return createHash("sha256").update(plainly(words)).digest("hex");
}

/** Shorter sentences (亲爱的妈妈，) stand in many words and tell nothing. */
const LEAST_SENTENCE = 8;

/** Whether words still say a whole sentence of others: somebody changed them, and did not write them anew. */
export function sharesSentence(words: string, others: string): boolean {
  const text = plainly(words);
  return sentencesOf(others).some((sentence) => text.includes(sentence));
}

function sentencesOf(words: string): string[] {
  const sentences = plainly(words).split(/[。！？!?；;~～]/);
  return sentences.map((one) => one.trim()).filter((one) => [...one].length >= LEAST_SENTENCE);
}

function plainly(words: string): string {
  return words
    .normalize("NFKC")
    .replace(/\{\{\s*([^}]*?)\s*\}\}/g, "{{$1}}")
    .replace(/\s+/g, " ")
    .trim();
}

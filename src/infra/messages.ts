// The words of our pages in a second language. A page is written in Chinese, and its Chinese text is the key.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Refusal } from "../kernel/refusals.js";
import { type SentenceReader, sentenceReader } from "./sentences.js";

/** A language pages are read in; Chinese is what they are written in. */
export type Language = "zh" | "en";

/** What may stand in a text: "第 {n} 版" with {n: 3}. */
export type MessageValues = Readonly<Record<string, unknown>>;

/** The catalogue. */
export interface Messages {
  /** A Chinese text in a language, its {places} filled; one that was composed is recognised by its pattern, and one the
   *  catalogue lacks stays Chinese. */
  say(language: Language, text: string, values?: MessageValues): string;
  /** every Chinese text that has an English one */
  texts(): string[];
}

/**
 * The catalogue of a folder with `LANGUAGE/*.yaml`: one file a part of the product, Chinese text to translated text.
 * They are read for the first reader of another language, which raises a Refusal that names every text two files
 * translate differently, and every one whose {places} differ; `texts` reads them too.
 */
export function loadMessages(dir: string): Messages {
  let english: { texts: Map<string, string>; read: SentenceReader } | undefined;
  const known = () => {
    if (!english) {
      const texts = readEnglish(dir);
      english = { texts, read: sentenceReader(texts) };
    }
    return english;
  };
  return {
    say: (language, text, values = {}) => fill(language === "en" ? known().read(text) : text, values),
    texts: () => [...known().texts.keys()],
  };
}

function readEnglish(dir: string): Map<string, string> {
  const english = new Map<string, string>();
  const faults: { where: string; expected: string }[] = [];
  const folder = join(dir, "en");
  for (const file of readdirSync(folder).sort()) {
    const read = parse(readFileSync(join(folder, file), "utf8")) as Record<string, string> | null;
    for (const [text, translated] of Object.entries(read ?? {})) {
      const where = `${join(folder, file)}: ${text}`;
      const before = english.get(text);
      if (before !== undefined && before !== translated)
        faults.push({ where, expected: `one translation, not "${before}" besides` });
      if (placesOf(text) !== placesOf(translated))
        faults.push({ where, expected: "the same {places} in both" });
      english.set(text, translated);
    }
  }
  if (faults.length > 0) throw new Refusal("invalid", "The message catalogue is at fault.", faults);
  return english;
}

function fill(text: string, values: MessageValues): string {
  // most texts have no place, and a long table says thousands
  if (!text.includes("{")) return text;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
}

function placesOf(text: string): string {
  return [...text.matchAll(/\{\w+\}/g)]
    .map(([place]) => place)
    .sort()
    .join(" ");
}

// Sentences put together in Chinese where nobody knows who will read them (a job's note, a refusal, why a customer is due),
// recognised by the catalogue's patterns and said in another language.

/** A Chinese text said in another language; what nothing fits (names, what customers wrote) stays as it is. */
export type SentenceReader = (text: string) => string;

interface Pattern {
  shape: RegExp;
  places: string[];
  translated: string;
  /** letters it stands on: who has more is the closer fit */
  letters: number;
  /** it stands on one letter between words: names fit it too (上海 is no 上{day}) */
  isWeak: boolean;
}

const HAN = /[\u3400-\u9fff]/;
const CHINESE = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
/** What stands between whole texts of their own, never inside of a sentence. */
const BETWEEN = /( – | · |\n)/;
/** Where a sentence is taken apart, the widest gaps first. */
const GAPS = [/([；。]+)/, /(，)/, /(、)/, /(：)/, /([（）「」｜]+)/, /([\s　·→]+)/];
const MARKS: Readonly<Record<string, string>> = {
  ...{ "，": ", ", "、": ", ", "；": "; ", "。": ". ", "：": ": ", "｜": " | ", "　": " " },
  ...{ "（": " (", "）": ")", "「": " “", "」": "”" },
};
/** Places of a word or two, with no mark among them. */
const SHORT = ["count", "day", "label", "month", "time", "unit", "when"];
const DEEPEST = 9;
const MOST_KEPT = 5000;

/** Reads by a catalogue of Chinese texts, some with {places}: {n}, {n2} take numbers alone, {day}, {when} and the like no
 *  mark. A text is looked for whole, then by a pattern with what stands in its places read in turn, then piece by piece. */
export function sentenceReader(catalogue: ReadonlyMap<string, string>): SentenceReader {
  const patterns = [...catalogue]
    .filter(([text]) => /\{\w+\}/.test(text))
    .map(([text, translated]) => patternOf(text, translated))
    .sort((one, other) => other.letters - one.letters);
  const kept = new Map<string, string>();
  const read = (text: string, depth: number): string => {
    if (!CHINESE.test(text)) return text;
    const known = catalogue.get(text) ?? kept.get(text);
    if (known !== undefined || depth === 0) return known ?? text;
    const said = composed(text, patterns, (part) => read(part, depth - 1));
    // what was cut off too deep down is no answer for next time
    if (depth === DEEPEST) {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(text, said);
    }
    return said;
  };
  return (text) => read(text, DEEPEST);
}

function composed(text: string, patterns: readonly Pattern[], read: SentenceReader): string {
  if (BETWEEN.test(text)) return text.split(BETWEEN).map(read).join("");
  let closest: string | undefined;
  for (const { shape, places, translated, letters, isWeak } of patterns) {
    const found = shape.exec(text);
    if (!found) continue;
    const values = new Map(places.map((place, at) => [place, read(found[at + 1] ?? "")]));
    if (isWeak && [...values.values()].some((value) => value === "" || HAN.test(value))) continue;
    const said = translated.replace(/\{(\w+)\}/g, (_place, name: string) => values.get(name) ?? "");
    if (!HAN.test(said)) return said;
    // marks alone fit what anybody writes, but for a part that is one of ours
    if (letters > 0 || found.slice(1).some((value) => HAN.test(value) && !HAN.test(read(value))))
      closest ??= said;
  }
  const pieces = inPieces(text, read);
  return HAN.test(pieces) ? (closest ?? pieces) : pieces;
}

/** A list, or a sentence of parts: each by itself. Nothing is touched when none of the parts is known. */
function inPieces(text: string, read: SentenceReader): string {
  const ways = GAPS.filter((gap) => gap.test(text)).map((gap) => apart(text, gap, read));
  return ways.find((said) => !HAN.test(said)) ?? ways[0] ?? text;
}

function apart(text: string, gap: RegExp, read: SentenceReader): string {
  const pieces = text.split(gap);
  const said = pieces.map((piece, at) => (at % 2 === 0 ? read(piece) : piece));
  if (HAN.test(text) && said.every((piece, at) => piece === pieces[at])) return text;
  // between two that nobody could read, the mark is theirs
  const isUnread = (at: number) => said[at] === pieces[at] && /^$|[\u3400-\u9fff]/.test(said[at] ?? "");
  const isOwn = (at: number) => isUnread(at - 1) && isUnread(at + 1);
  return said
    .map((piece, at) => (at % 2 === 0 || isOwn(at) ? piece : translatedMarks(piece)))
    .join("")
    .replace(/ {2,}/g, " ")
    .replace(/ (?=[,;.:)])/g, "")
    .trimEnd();
}

function translatedMarks(marks: string): string {
  return [...marks].map((mark) => MARKS[mark] ?? mark).join("");
}

/** What may stand in a place of this name. */
function shapeOf(name: string): string {
  if (/^n\d*$/.test(name)) return "([−+-]?\\d[\\d.,]*%?)";
  return SHORT.includes(name) ? "([^，。；：、（）「」]+?)" : "([\\s\\S]*?)";
}

function patternOf(text: string, translated: string): Pattern {
  const places: string[] = [];
  const shape = text
    .split(/(\{\w+\})/)
    .map((piece) => {
      const name = /^\{(\w+)\}$/.exec(piece)?.[1];
      if (name === undefined) return piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      places.push(name);
      return shapeOf(name);
    })
    .join("");
  const fixed = text.replace(/\{\w+\}/g, "");
  const letters = [...fixed].filter((letter) => HAN.test(letter)).length;
  const isWeak = fixed.length === 1 && letters === 1 && !/\{n\d*\}/.test(text);
  return { shape: new RegExp(`^${shape}$`), places, translated, letters, isWeak };
}

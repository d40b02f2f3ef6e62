// Claims a message may not make: a list of terms with their exceptions, and where a text breaks it.

/** Terms forbidden for one reason. In terms and exceptions `…` stands for up to six characters inside a sentence. */
export interface ClaimCategory {
  key: string;
  name: string;
  reason: string;
  terms: readonly string[];
  /** longer phrases that hold a term and are fine: 第一次 holds 第一 */
  except: readonly string[];
}

/** One forbidden claim in a text. */
export interface ClaimHit {
  term: string;
  category: string;
  reason: string;
  /** index in the text as given */
  position: number;
  /** the words found there, as written */
  found: string;
  sentence: string;
}

/** A list made ready: gives every forbidden claim in a text, in the text's order. */
export interface ClaimsCheck {
  (text: string): ClaimHit[];
  /** of a list that people change: takes it as it stands now, for the checks after it */
  fresh?(): Promise<void>;
}

const SENTENCE_ENDS = "。！？!?；;\n";
const GAP = `[^${SENTENCE_ENDS}]{0,6}?`;

/** Makes a list ready. What only looks different is the same: full-width and half-width, capitals, spaces and invisible
 *  characters between the letters of a term. */
export function claimsCheck(categories: readonly ClaimCategory[]): ClaimsCheck {
  const lists = categories.map((category) => ({
    category,
    terms: category.terms.map((term) => ({ term, pattern: patternOf(term) })),
    except: category.except.map(patternOf),
  }));
  return (text) => {
    const plain = plainly(text);
    const hits = lists.flatMap(({ category, terms, except }) => {
      const fine = except.flatMap((phrase) => placesOf(phrase, plain.text));
      return terms.flatMap(({ term, pattern }) =>
        placesOf(pattern, plain.text)
          .filter(([from, to]) => !fine.some(([start, end]) => start <= from && to <= end))
          .map(([from, to]) => hitAt(text, plain.at[from] ?? 0, (plain.at[to - 1] ?? 0) + 1, term, category)),
      );
    });
    return hits.filter((hit) => !hits.some((other) => covers(other, hit))).sort(byPosition);
  };
}

/** A claim as a sentence for the person who wrote it. */
export function sayClaim(hit: ClaimHit): string {
  return `“${hit.found}”属于${hit.category}：${hit.reason}（${hit.sentence}）`;
}

/** Whether one hit says all that another does: 全网最低价 also holds 最低价. */
function covers(longer: ClaimHit, shorter: ClaimHit): boolean {
  const end = ({ position, found }: ClaimHit) => position + found.length;
  const holds = longer.position <= shorter.position && end(longer) >= end(shorter);
  return holds && longer.category === shorter.category && longer.found.length > shorter.found.length;
}

function byPosition(a: ClaimHit, b: ClaimHit): number {
  return a.position - b.position;
}

function hitAt(text: string, from: number, to: number, term: string, category: ClaimCategory): ClaimHit {
  const found = text.slice(from, to);
  return {
    term,
    category: category.name,
    reason: category.reason,
    position: from,
    found,
    sentence: sentenceAt(text, from, to),
  };
}

function sentenceAt(text: string, from: number, to: number): string {
  let start = from;
  while (start > 0 && !SENTENCE_ENDS.includes(text[start - 1] as string)) start--;
  let end = to;
  while (end < text.length && !SENTENCE_ENDS.includes(text[end] as string)) end++;
  return text.slice(start, end + 1).trim();
}

/** The text in one spelling, and where each of its characters stood. */
function plainly(text: string): { text: string; at: number[] } {
  const letters: string[] = [];
  const at: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] as string;
    if (/[^\S\n]|\p{Cf}/u.test(letter)) continue;
    for (const plain of letter.normalize("NFKC").toLowerCase()) {
      letters.push(plain);
      at.push(index);
    }
  }
  return { text: letters.join(""), at };
}

function patternOf(term: string): RegExp {
  const parts = term.split("…").map((part) => plainly(part).text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(parts.join(GAP), "g");
}

/** Start and end of every match, overlapping ones too: an excused match must not hide the next. */
function placesOf(pattern: RegExp, text: string): [number, number][] {
  const places: [number, number][] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    places.push([match.index, match.index + match[0].length]);
    pattern.lastIndex = match.index + 1;
  }
  return places;
}

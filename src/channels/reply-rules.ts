// Which of a customer's messages somebody must look after at once: phrases of an editable list, judged sentence by
// sentence. Pure.

/** What a reply may be about, the most pressing first. */
export const URGENT_KINDS = ["illness", "complaint", "opt_out", "leave_alone"] as const;
export type UrgentKind = (typeof URGENT_KINDS)[number];

/** Lists of phrases: one a kind; `every` holds what makes any of them harmless; `automatic` what chat systems write. */
export const LIST_KINDS = [...URGENT_KINDS, "every", "automatic"] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** What a phrase does: `any` and `whole` (the whole message is it) raise; a hit right after a `before`, or in a sentence
 *  with an `unless`, is none. An `unless` with a gap, or one that lies over a hit, voids what it lies over and no more. */
export const ROLES = ["any", "whole", "before", "unless"] as const;
export type PhraseRole = (typeof ROLES)[number];

/** One phrase of the list; … in it stands for up to eight characters of one clause. */
export interface Phrase {
  kind: ListKind;
  role: PhraseRole;
  phrase: string;
}

/** What a message was found to be. */
export interface Finding {
  kind: UrgentKind;
  /** the phrase as the list has it */
  word: string;
  /** the customer wants no more messages */
  optOut: boolean;
}

/** The list made ready. */
export interface ReplyRules {
  /** null: nothing that could not wait */
  judge(text: string): Finding | null;
  /** whether a text was written by the chat system in somebody's name */
  isAutomatic(text: string): boolean;
}

/** Roles that a list may have phrases in. */
export function rolesOf(kind: ListKind): readonly PhraseRole[] {
  if (kind === "automatic") return ["whole"];
  return kind === "every" ? ["before", "unless"] : ROLES;
}

/** Between sentences, after NFKC. */
const SENTENCE_END = /[。!?;\n]+/;
/** Between clauses, sentences too. */
const STOPS = "。!?;\\n,、~—:.";
const CLAUSE_STOP = new RegExp(`[${STOPS}]`);
const GAP = `[^${STOPS}]{0,8}`;

/** How a gap is written. */
const GAPS = /…+|\.{3,}/;

interface Pattern extends Phrase {
  regex: RegExp;
}

interface Hit {
  from: number;
  to: number;
  word: string;
}

/** Makes a list of phrases ready. */
export function replyRules(phrases: readonly Phrase[]): ReplyRules {
  const of = (kind: ListKind, role: PhraseRole) =>
    phrases.filter((one) => one.kind === kind && one.role === role && plain(one.phrase) !== "");
  const lists = URGENT_KINDS.map((kind) => ({
    kind,
    any: of(kind, "any").map(anywhere),
    whole: of(kind, "whole").map(whole),
    before: [...of(kind, "before"), ...of("every", "before")].map(atTheEnd),
    unless: [...of(kind, "unless"), ...of("every", "unless")].map(anywhere),
  }));
  const automatic = of("automatic", "whole").map(whole);
  const quick = quickLook(lists.flatMap(({ any }) => any));
  return {
    judge: (text) => {
      const said = plain(text);
      const bare = said.length > MOST_WHOLE ? "" : letters(said);
      const found = lists.flatMap(({ kind, whole: wholes, ...list }) => {
        const alone = wholes.find(({ regex }) => regex.test(bare))?.phrase;
        const word = alone ?? (quick(said) ? wordIn(said, list) : undefined);
        return word === undefined ? [] : [{ kind, word }];
      });
      const [first] = found;
      return first ? { ...first, optOut: found.some(({ kind }) => kind === "opt_out") } : null;
    },
    isAutomatic: (text) => {
      if (text.length > MOST_WHOLE) return false;
      const bare = letters(plain(text));
      return automatic.some(({ regex }) => regex.test(bare));
    },
  };
}

/** No phrase that is a whole message is longer, its gaps filled. */
const MOST_WHOLE = 120;

/** The first word of a kind that no neighbour makes harmless. */
function wordIn(said: string, list: Record<"any" | "before" | "unless", Pattern[]>): string | undefined {
  for (const sentence of said.split(SENTENCE_END)) {
    const hits = list.any.flatMap((pattern) => hitsOf(pattern, sentence));
    if (hits.length === 0) continue;
    const voided = voidedBy(
      list.unless.flatMap((pattern) => hitsOf(pattern, sentence)),
      hits,
    );
    const stands = hits.find((hit) => !voided(hit) && !isDenied(sentence, hit, list.before));
    if (stands) return stands.word;
  }
  return undefined;
}

function voidedBy(exceptions: readonly Hit[], hits: readonly Hit[]): (hit: Hit) => boolean {
  const meets = (a: Hit, b: Hit) => a.from < b.to && b.from < a.to;
  // 没收到退款 says more than the 收到退款 in it
  const within = (a: Hit, b: Hit) => b.from <= a.from && a.to <= b.to && a.to - a.from < b.to - b.from;
  const general = exceptions.some(
    (exception) => !exception.word.includes("…") && !hits.some((hit) => meets(exception, hit)),
  );
  return (hit) => general || exceptions.some((one) => meets(one, hit) && !within(one, hit));
}

/** Whether the clause up to a hit ends in a word that takes it back: 不会 投诉. */
function isDenied(sentence: string, { from }: Hit, before: readonly Pattern[]): boolean {
  const clause = sentence.slice(0, from).split(CLAUSE_STOP).at(-1) ?? "";
  return clause !== "" && before.some(({ regex }) => regex.test(clause));
}

function hitsOf({ regex, phrase }: Pattern, sentence: string): Hit[] {
  return [...sentence.matchAll(regex)].map((match) => ({
    ...{ from: match.index, to: match.index + match[0].length, word: phrase },
  }));
}

function anywhere(phrase: Phrase): Pattern {
  return { ...phrase, regex: new RegExp(patternOf(phrase.phrase, plain), "gu") };
}

function atTheEnd(phrase: Phrase): Pattern {
  return { ...phrase, regex: new RegExp(`(?:${patternOf(phrase.phrase, plain)})$`, "u") };
}

function whole(phrase: Phrase): Pattern {
  return {
    ...phrase,
    regex: new RegExp(`^(?:${patternOf(phrase.phrase, (text) => letters(plain(text)))})$`, "u"),
  };
}

function patternOf(phrase: string, normal: (text: string) => string): string {
  return phrase
    .split(GAPS)
    .map((part) => normal(part).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join(GAP);
}

/** One look that tells of most messages that none of the words begins in them: by two characters, for a list has many. */
function quickLook(patterns: readonly Pattern[]): (said: string) => boolean {
  const beginnings = patterns.map(({ phrase }) => plain(phrase.split(GAPS)[0] ?? ""));
  const pairs = new Set(beginnings.map((text) => text.slice(0, 2)));
  const isShort = beginnings.some((text) => text.length < 2);
  return (said) => {
    if (isShort) return true;
    for (let at = 0; at < said.length - 1; at++) if (pairs.has(said.slice(at, at + 2))) return true;
    return false;
  };
}

/** A text as it is compared: one form of each character, small letters, no spaces. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\S\n]+/g, "");
}

/** Letters and digits alone: how somebody punctuates changes nothing of a whole message. */
function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}

// What a guide or manager means by a line of chat. Knows words, not tasks: numbers are looked up elsewhere.
import type { Askable } from "../journeys/words.js";
import { FIELDS, reasonOf, VERBS, type Verb, WENT_OUT, WHOLE } from "./command-words.js";
import type { SkipReason } from "./life.js";
import { DAY_WORDS } from "./said-days.js";
import { readNumbers } from "./said-numbers.js";

export type Command =
  | { kind: "list" | "sendAll" | "figures" | "help" | "urge" | "unknown" }
  | { kind: "show"; number: number }
  | { kind: "send" | "later" | "undo"; numbers: number[] }
  /** the guide says whether words without a receipt went out */
  | { kind: "wentOut"; number: number; sent: boolean }
  | { kind: "edit"; number: number; words: string }
  | { kind: "skip"; numbers: number[]; reason: SkipReason; note: string }
  | { kind: "done"; number: number; outcome: string }
  /** field null: the guide did not say which */
  | { kind: "supply"; number: number; field: Askable | null; value: string }
  | { kind: "report"; region: string; day: string }
  /** a verb was understood, what must follow it was not */
  | { kind: "incomplete"; verb: Verb };

/** Reads a line. Never throws; what it cannot make sense of is `unknown`. */
export function parseCommand(text: string): Command {
  const said = new Line(text);
  const whole = WHOLE.find(([, pattern]) => pattern.test(said.bare));
  if (whole) return { kind: whole[0] };
  if (/^\?+$/.test(said.plain.trim())) return { kind: "help" };
  const shown = /^(?:看|查看)?(.+)$/.exec(said.bare);
  const only = readNumbers(shown?.[1] ?? "");
  if (only.numbers.length === 1 && only.rest === "") return { kind: "show", number: only.numbers[0] ?? 0 };
  const report = /^(报表|报告|日报|抱表|报表数据)(.*)$/.exec(said.bare);
  if (report) return readReport(report[2] ?? "");
  for (const [sent, pattern] of WENT_OUT) {
    const match = pattern.exec(said.plain);
    const { numbers, rest } = readNumbers(said.plain.slice(match?.[0].length ?? 0));
    if (match && numbers[0] !== undefined && isBlank(rest))
      return { kind: "wentOut", number: numbers[0], sent };
  }
  for (const [verb, pattern] of VERBS) {
    const match = pattern.exec(said.plain);
    if (match) return readVerb(verb, said, match[0].length) ?? { kind: "unknown" };
  }
  return { kind: "unknown" };
}

/** A line as it was typed, and the same length in plain characters: half-width, spaces for all white space. */
class Line {
  readonly typed: string;
  readonly plain: string;
  /** without what stands around the words */
  readonly bare: string;

  constructor(text: string) {
    this.typed = text.replace(/[\u200b\ufeff]/g, "").replace(/^[\s/#\\]+/, "");
    this.plain = Array.from(this.typed, plainly).join("");
    this.bare = this.plain.replace(/^[\s"'“”]+|[\s.。!?,;:~"'“”…]+$/g, "");
  }

  /** What was typed from a place on, without the separators before it and white space around it. */
  from(place: number): string {
    return this.typed
      .slice(place)
      .replace(/^[\s:：,，、;；]+/, "")
      .trim();
  }
}

function plainly(character: string): string {
  if (/\s/.test(character)) return " ".repeat(character.length);
  const half = character.normalize("NFKC");
  return half.length === character.length ? half : character;
}

function readVerb(verb: Verb | "undo", said: Line, place: number): Command | undefined {
  const tail = said.plain.slice(place);
  const { numbers, rest } = readNumbers(
    tail,
    verb === "send" || verb === "later" || verb === "undo" || verb === "skip",
  );
  const [number] = numbers;
  const after = said.from(said.plain.length - rest.length);
  if (verb === "undo") return { kind: "undo", numbers };
  // a sentence that happens to begin with the verb is none of ours: 发货了吗, 改天再聊
  if (number === undefined) return /^[\s:,.。!]*$/.test(tail) ? { kind: "incomplete", verb } : undefined;
  switch (verb) {
    case "send":
      return isBlank(rest) ? { kind: "send", numbers } : undefined;
    case "later":
      return { kind: "later", numbers };
    case "skip":
      return { kind: "skip", numbers, reason: reasonOf(after), note: after };
    case "done":
      return { kind: "done", number, outcome: after };
    case "edit":
      return after === "" ? { kind: "incomplete", verb } : { kind: "edit", number, words: after };
    case "supply":
      return readSupply(number, after);
  }
}

function readSupply(number: number, after: string): Command {
  for (const [field, pattern] of FIELDS) {
    const match = pattern.exec(after);
    if (!match) continue;
    const value = after
      .slice(match[0].length)
      .replace(/^(叫做?|是|为)?[\s:：,，、=]*/, "")
      .trim();
    return value === "" ? { kind: "incomplete", verb: "supply" } : { kind: "supply", number, field, value };
  }
  return after === ""
    ? { kind: "incomplete", verb: "supply" }
    : { kind: "supply", number, field: null, value: after };
}

function readReport(tail: string): Command {
  const day = DAY_WORDS.exec(tail)?.[0] ?? "";
  const region = (day === "" ? tail : tail.replace(day, " ")).replace(/[\s:,、的]+/g, " ").trim();
  return { kind: "report", region, day };
}

function isBlank(rest: string): boolean {
  return /^[\s.。!]*$/.test(rest);
}

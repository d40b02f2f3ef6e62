// What a guide or manager means by a line of chat. Knows words, not tasks: numbers are looked up elsewhere.
import type { Askable } from "../journeys/words.js";
import { FIELDS, reasonOf, SIMPLE, VERBS, type Verb, WENT_OUT, WHOLE } from "./command-words.js";
import type { SkipReason } from "./life.js";
import { DAY_WORDS } from "./said-days.js";
import { type HowMany, readNumbers, saysAnother } from "./said-numbers.js";

export type Command =
  | { kind: "list" | "sendAll" | "figures" | "help" | "urge" | "unknown" }
  | { kind: "show"; number: number }
  | { kind: "send" | "later" | "undo"; numbers: number[] }
  /** the guide says whether words without a receipt went out */
  | { kind: "wentOut"; number: number; sent: boolean }
  | { kind: "edit"; number: number; words: string }
  | { kind: "skip"; numbers: number[]; reason: SkipReason; note: string }
  | { kind: "done"; numbers: number[]; outcome: string }
  /** field null: the guide did not say which */
  | { kind: "supply"; number: number; field: Askable | null; value: string }
  | { kind: "report"; region: string; day: string }
  /** a verb was understood, what must follow it was not */
  | { kind: "incomplete"; verb: Verb };

/** Reads a line. Never throws; what it cannot make sense of is `unknown`. */
export function parseCommand(text: string): Command {
  const said = new Line(text);
  const calm = said.bare.replace(POLITE, "");
  const whole = WHOLE.find(([, pattern]) => pattern.test(calm));
  if (whole) return { kind: whole[0] };
  if (/^\?+$/.test(said.plain.trim())) return { kind: "help" };
  const shown = /^(?:看|查看)?(.+)$/.exec(calm);
  const only = readNumbers(shown?.[1] ?? "");
  if (only.numbers.length === 1 && only.rest === "") return { kind: "show", number: only.numbers[0] ?? 0 };
  const report = /^(报表|报告|日报|抱表|爆表|报标|报表数据)(.*)$/.exec(calm);
  if (report) return readReport(report[2] ?? "");
  return readWentOut(said) ?? readVerbs(said) ?? readVerbs(turned(said)) ?? { kind: "unknown" };
}

const POLITE = /[\s,.。!]*(吧|哈|呀|啊|哦|哟|谢谢你?|谢啦|辛苦了?)[\s.。!~]*$/;

function readWentOut(said: Line): Command | undefined {
  for (const [sent, pattern] of WENT_OUT) {
    const match = pattern.exec(said.plain);
    const { numbers, rest } = readNumbers(said.plain.slice(match?.[0].length ?? 0));
    if (match && numbers[0] !== undefined && isBlank(rest))
      return { kind: "wentOut", number: numbers[0], sent };
  }
  return undefined;
}

function readVerbs(said: Line | undefined): Command | undefined {
  if (!said) return undefined;
  for (const [verb, pattern] of VERBS) {
    const match = pattern.exec(said.plain);
    if (match) return readVerb(verb, said, match[0].length);
  }
  return undefined;
}

/** 3 跳过 太忙 as 跳过 3 太忙; undefined when no verb follows the numbers. */
function turned(said: Line): Line | undefined {
  const { numbers, rest } = readNumbers(said.plain, "any");
  const after = rest.replace(/^[\s:,]+/, "");
  const verb = VERBS.filter(([kind]) => kind !== "edit" && kind !== "supply")
    .map(([, pattern]) => pattern.exec(after)?.[0])
    .find(Boolean);
  if (numbers.length === 0 || verb === undefined) return undefined;
  const end = said.plain.length - after.length + verb.length;
  return new Line(`${verb} ${numbers.join("、")} ${said.typed.slice(end)}`);
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
  // ①② would read as 12
  if (/\p{No}/u.test(character)) return character;
  const half = character.normalize("NFKC");
  return half.length === character.length ? (SIMPLE[half] ?? half) : character;
}

/** How many numbers a verb takes; others take one. */
const HOW_MANY: Partial<Record<Verb | "undo", HowMany>> = {
  ...{ send: "any", later: "any", undo: "any", skip: "any", done: "marked" },
};

function readVerb(verb: Verb | "undo", said: Line, place: number): Command | undefined {
  const tail = said.plain.slice(place);
  const { numbers, rest } = readNumbers(tail, HOW_MANY[verb]);
  const [number] = numbers;
  const after = said.from(said.plain.length - rest.length);
  if (verb === "undo")
    return isBlank(number === undefined ? tail.replace(ALL, "") : rest)
      ? { kind: "undo", numbers }
      : undefined;
  // a sentence that happens to begin with the verb is none of ours: 发货了吗, 改天再聊
  if (number === undefined) return /^[\s:,.。!]*$/.test(tail) ? { kind: "incomplete", verb } : undefined;
  // nor is a question: 完成 3 了吗
  if (verb !== "edit" && verb !== "supply" && /[吗嘛么?][\s?。]*$/.test(rest)) return undefined;
  switch (verb) {
    case "send":
      return isBlank(rest) ? { kind: "send", numbers } : undefined;
    case "later":
      return { kind: "later", numbers };
    case "skip":
      return { kind: "skip", numbers, reason: reasonOf(after), note: after };
    case "done":
      return { kind: "done", numbers, outcome: after };
    case "edit":
      return after === "" || saysAnother(rest)
        ? { kind: "incomplete", verb }
        : { kind: "edit", number, words: after };
    case "supply":
      return saysAnother(rest) ? { kind: "incomplete", verb } : readSupply(number, after);
  }
}

/** 撤回全部, 撤回刚才的 */
const ALL = /^\s*(一下)?(全部|所有|全都|刚才|刚刚|刚发)?的?(全部)?/;

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
  return /^[\s.。!~]*$/.test(rest.replace(POLITE, ""));
}

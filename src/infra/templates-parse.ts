// Words as a syntax tree, or the place where they cannot be read.
import Handlebars from "handlebars";
import { type Fault, Refusal } from "../kernel/refusals.js";

/** Longer is no message, and deeper than the parser's stack can follow. */
const MAX_SOURCE = 8000;

/** Parses words; a syntax fault raises a Refusal with its place. Only text is taken: an object could be a ready-made
 *  syntax tree, which Handlebars would turn into code unseen. */
export function parseWords(source: string, where: string): hbs.AST.Program {
  const refuse = (fault: Omit<Fault, "where">) =>
    new Refusal("invalid", `The words in ${where} cannot be read.`, [{ where, ...fault }]);
  if (typeof source !== "string") throw refuse({ expected: "text" });
  if (source.length > MAX_SOURCE) throw refuse({ expected: `at most ${MAX_SOURCE} characters` });
  try {
    return Handlebars.parse(source);
  } catch (error) {
    throw refuse(syntaxFault(error, source));
  }
}

/** Handlebars tells the place of most syntax faults in its message only: a line number, then up to 20 characters
 *  before the fault without their line ends, with a caret below it. */
function syntaxFault(error: unknown, source: string): Omit<Fault, "where"> {
  const message = error instanceof Error ? error.message : String(error);
  const known = error as { lineNumber?: number; column?: number };
  if (known.lineNumber !== undefined)
    return { line: known.lineNumber, column: (known.column ?? 0) + 1, expected: matched(message) };
  const line = Number(/error on line (\d+)/.exec(message)?.[1] ?? 1);
  const [, excerpt = "", caret = ""] = message.split("\n");
  const before = excerpt.slice(0, Math.max(0, caret.indexOf("^"))).replace(/^\.\.\./, "");
  const column = endOf(before, source.split("\n")[line - 1] ?? "") + 1;
  const got = /got '(\w+)'/.exec(message)?.[1] ?? "";
  return { line, column, expected: EXPECTED[got] ?? "words that Handlebars can read" };
}

/** What to write where the parser found one of its tokens. */
const EXPECTED: Record<string, string> = {
  EOF: "the end of what was opened: {{/if}} after {{#if …}}, or }} after {{",
  INVALID: "one variable or helper between {{ and }}, and both closed: {{child.name}}",
  CLOSE: "a variable between {{ and }}",
  OPEN_ENDBLOCK: "{{#if …}} before its {{/if}}",
};

function matched(message: string): string {
  const [, opened, closed] = /^(\S+) doesn't match (\S+)/.exec(message) ?? [];
  return opened
    ? `{{/${opened}}} at the end of {{#${opened} …}}, not {{/${closed}}}`
    : `other words: ${message}`;
}

/** Where the end of `before` falls in a line that holds all of it or starts with its tail; 0 when neither. */
function endOf(before: string, line: string): number {
  const whole = line.indexOf(before);
  if (whole >= 0) return whole + before.length;
  for (let from = 1; from < before.length; from++)
    if (line.startsWith(before.slice(from))) return before.length - from;
  return 0;
}

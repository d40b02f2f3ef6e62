// Words customers and guides read: Handlebars in a sandbox of our own, where a value that is not there never makes a hole.
import Handlebars from "handlebars";
import { Refusal } from "../kernel/refusals.js";
import { type Wording, type WordsHelper, WordsWalk, type WordType } from "./templates-language.js";
import { parseWords } from "./templates-parse.js";

/** A variable's value. Absent when null, undefined, blank or not a number. */
export type WordValue = string | number | null | undefined;

/** The text, or the variables that were needed for it and had no value. `missing` is empty when the words come
 *  to nothing at all although every value is there. */
export type Rendered = { text: string } | { missing: string[] };

/** Words ready to be said to many. */
export interface Words {
  /** every variable the words name, in order of first use */
  variables: string[];
  /** what the words say whatever the values: for checks on wording, with the line each character stands on */
  wording: Wording;
  /** Says the words with these values, without white space around them. */
  render(values: Readonly<Record<string, WordValue>>): Rendered;
}

const OPTIONS: CompileOptions = { strict: true, knownHelpersOnly: true, noEscape: true };
const RUNTIME = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };
const BUILT_IN = ["helperMissing", "blockHelperMissing", "each", "if", "unless", "with", "log", "lookup"];

/**
 * Compiles words once. Known: the variables and helpers given, `default` (the first of its arguments that has a
 * value), `#if`, `#unless`, comments; nothing else of Handlebars. Raises a Refusal with every fault's line and column.
 */
export function compileWords(
  source: string,
  variables: Readonly<Record<string, WordType>>,
  helpers: Readonly<Record<string, WordsHelper>>,
  where = "words",
): Words {
  const walk = new WordsWalk(parseWords(source, where), {
    variables: new Map(Object.entries(variables)),
    helpers: new Map(Object.entries(helpers)),
    where,
  });
  if (walk.faults.length > 0)
    throw new Refusal("invalid", `The words in ${where} cannot be used.`, walk.faults);
  const names = [...walk.variables];
  const template = environmentFor(helpers, walk.through).compile<object>(source, {
    ...OPTIONS,
    knownHelpers: knownHelpers(helpers),
  });
  return {
    variables: names,
    wording: walk.wording(),
    render: (values) => render(template, names, values),
  };
}

function render(
  template: Handlebars.TemplateDelegate<object>,
  variables: readonly string[],
  values: Readonly<Record<string, WordValue>>,
): Rendered {
  const missing = new Set<string>();
  const context = contextOf(variables, values, missing);
  const text = template(context, { ...RUNTIME, data: { missing } }).trim();
  if (missing.size > 0) return { missing: [...missing] };
  if (text === "") return { missing: variables.filter((name) => !has(given(values, name))) };
  return { text };
}

/** A value that is not there. Being put into the text is what makes it missing; being asked about is not. */
class Absent {
  constructor(
    readonly names: readonly string[],
    private readonly missing: Set<string>,
  ) {}

  toString(): string {
    for (const name of this.names) this.missing.add(name);
    return "";
  }
}

/** Only the variables named, as objects without a prototype: there is nothing else to reach. */
function contextOf(
  variables: readonly string[],
  values: Readonly<Record<string, WordValue>>,
  missing: Set<string>,
): object {
  const context = bare();
  for (const name of variables) {
    const value = given(values, name);
    const parts = name.split(".");
    const last = parts.pop() as string;
    let holder = context;
    for (const part of parts) {
      holder[part] ??= bare();
      holder = holder[part] as Record<string, unknown>;
    }
    holder[last] = has(value) ? value : new Absent([name], missing);
  }
  return context;
}

function bare(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function given(values: Readonly<Record<string, WordValue>>, name: string): WordValue {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function has(value: unknown): value is string | number {
  return typeof value === "number"
    ? Number.isFinite(value)
    : typeof value === "string" && value.trim() !== "";
}

/** An environment of its own per template: nothing registered elsewhere can leak in, nothing of ours out. */
function environmentFor(
  helpers: Readonly<Record<string, WordsHelper>>,
  through: ReadonlyMap<string, ReadonlySet<string>>,
): typeof Handlebars {
  const environment = Handlebars.create();
  for (const name of BUILT_IN) environment.unregisterHelper(name);
  environment.registerHelper("if", function (this: object, value: unknown, options) {
    return truth(value) ? options.fn(this) : options.inverse(this);
  });
  environment.registerHelper("unless", function (this: object, value: unknown, options) {
    return truth(value) ? options.inverse(this) : options.fn(this);
  });
  environment.registerHelper("default", (...args: unknown[]) => {
    const choices = args.slice(0, -1);
    return choices.find((choice) => !(choice instanceof Absent)) ?? choices[0];
  });
  for (const [name, helper] of Object.entries(helpers))
    environment.registerHelper(name, withAbsence(helper, [...(through.get(name) ?? [])]));
  return environment;
}

/** Absence goes through a helper untouched; what a helper cannot say is the absence of all that reaches it. */
function withAbsence(helper: WordsHelper, names: readonly string[]): Handlebars.HelperDelegate {
  return (...args: unknown[]) => {
    const { missing } = (args.pop() as Handlebars.HelperOptions).data as { missing: Set<string> };
    const absent = args.flatMap((arg) => (arg instanceof Absent ? arg.names : []));
    if (absent.length > 0) return new Absent(absent, missing);
    const result = helper.run(...(args as (string | number)[]));
    return has(result) ? result : new Absent(names, missing);
  };
}

/** As in Handlebars: 0 is false too. */
function truth(value: unknown): boolean {
  return has(value) && value !== 0;
}

function knownHelpers(helpers: Readonly<Record<string, WordsHelper>>): KnownHelpers {
  const known = Object.fromEntries(BUILT_IN.map((name) => [name, false]));
  for (const name of ["if", "unless", "default", ...Object.keys(helpers)]) known[name] = true;
  return known as KnownHelpers;
}

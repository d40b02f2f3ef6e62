// Server-rendered pages: every value escaped, layouts and partials from one folder, compiled once.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Handlebars from "handlebars";
import { Refusal } from "../kernel/refusals.js";

/** A function pages may call: `{{helper a b name=c}}` gives it ([a, b], {name: c}, the whole page's values). Its result
 *  is escaped unless it is `safeHtml`. In a page `#if`, `#unless`, `#each`, `#with` and `lookup` are there besides. */
export type PageHelper = (
  args: unknown[],
  named: Readonly<Record<string, unknown>>,
  page: Readonly<Record<string, unknown>>,
) => unknown;

/** Text that is HTML already and must not be escaped again. Never make one from what somebody typed. */
export type SafeHtml = { toHTML(): string };

/** Marks text as HTML. */
export function safeHtml(html: string): SafeHtml {
  return new Handlebars.SafeString(html);
}

export interface PageOptions {
  helpers?: Readonly<Record<string, PageHelper>>;
  /** looks at the files again for every page: while pages are being written */
  reload?: boolean;
}

export interface PageRenderer {
  /**
   * The page `NAME.hbs` inside `layouts/LAYOUT.hbs`, which puts it where it says `{{body}}`; without a layout the
   * page alone (a fragment). A value the page names but is not given raises an Error: a fault of ours.
   */
  page(name: string, values: object, layout?: string): string;
  /** A text by itself as a page in this language says it (helper `t`): for pictures, and what is said over a page. */
  say(text: string, language: string): string;
  /** every page and layout there is, sorted, as `page` calls them */
  names(): string[];
  /** Compiles everything, which else happens to a page when it is first shown. Raises a Refusal that names every file
   *  at fault. */
  check(): void;
}

type Templates = Map<string, HandlebarsTemplateDelegate<object>>;

// a partial on a line of its own must not move the lines of a text it shows
const OPTIONS: CompileOptions = { strict: true, knownHelpersOnly: true, preventIndent: true };
const NEVER = { helperMissing: false, blockHelperMissing: false, log: false };
const RUNTIME = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/** Templates of one state of a folder; each is compiled when it is first shown. */
interface Compiled {
  templates: Templates;
  /** compiles all there is; gives the faults */
  faults(): { where: string; expected: string }[];
}

/** Of this process: several apps over one folder share what is compiled. */
const known = new Map<string, Compiled>();
const KNOWN_FOLDERS = 4;

/** All of a folder's `.hbs` files: pages (`a.hbs`, `guide/today.hbs`), `layouts/`, and `partials/` (`{{> card}}` is
 *  partials/card.hbs). */
export function pageRenderer(dir: string, options: PageOptions = {}): PageRenderer {
  const names = Object.keys(options.helpers ?? {});
  const runtime = { ...RUNTIME, helpers: runtimeHelpers(options.helpers ?? {}) };
  let compiled = compiledFolder(dir, names);
  const current = () => {
    if (options.reload) compiled = compiledFolder(dir, names);
    return compiled;
  };
  const render = (name: string, values: object) => {
    const template = current().templates.get(name);
    if (!template) throw new Error(`no page ${name} in ${dir}`);
    return template(values, runtime);
  };
  return {
    page(name, values, layout) {
      const body = render(name, values);
      return layout === undefined ? body : render(`layouts/${layout}`, { ...values, body: safeHtml(body) });
    },
    say: (text, language) => String(options.helpers?.t?.([text], {}, { language }) ?? text),
    names: () => [...current().templates.keys()].sort(),
    check: () => {
      const faults = current().faults();
      if (faults.length > 0) throw new Refusal("invalid", "Some pages cannot be compiled.", faults);
    },
  };
}

function runtimeHelpers(
  helpers: Readonly<Record<string, PageHelper>>,
): Record<string, Handlebars.HelperDelegate> {
  return Object.fromEntries(
    Object.entries(helpers).map(([name, helper]) => [
      name,
      (...args: unknown[]) => {
        const { hash, data } = args.pop() as Handlebars.HelperOptions;
        return helper(args, hash as Record<string, unknown>, (data?.root ?? {}) as Record<string, unknown>);
      },
    ]),
  );
}

function compiledFolder(dir: string, helpers: readonly string[]): Compiled {
  const key = [dir, helpers.join(), stampOf(dir)].join("\n");
  const compiled = known.get(key) ?? compileFolder(dir, helpers);
  known.set(key, compiled);
  const [oldest] = known.keys();
  if (known.size > KNOWN_FOLDERS && oldest !== undefined) known.delete(oldest);
  return compiled;
}

function compileFolder(dir: string, helpers: readonly string[]): Compiled {
  const environment = Handlebars.create();
  for (const name of Object.keys(NEVER)) environment.unregisterHelper(name);
  const ours = Object.fromEntries(helpers.map((name) => [name, true]));
  const compileOptions = { ...OPTIONS, knownHelpers: { ...ours, ...NEVER } as KnownHelpers };
  const templates: Templates = new Map();
  const sources = filesOf(dir).map((file) => ({ file, source: readFileSync(join(dir, file), "utf8") }));
  for (const { file, source } of sources) {
    const template = environment.compile<object>(source, compileOptions);
    const name = file.replace(/\.hbs$/, "");
    if (name.startsWith("partials/")) environment.registerPartial(name.slice("partials/".length), template);
    else templates.set(name, template);
  }
  const faultOf = ({ file, source }: { file: string; source: string }) => {
    try {
      environment.precompile(source, compileOptions);
      return [];
    } catch (error) {
      return [{ where: join(dir, file), expected: `a template: ${(error as Error).message}` }];
    }
  };
  return { templates, faults: () => sources.flatMap(faultOf) };
}

function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".hbs"))
    .sort();
}

function stampOf(dir: string): string {
  return filesOf(dir)
    .map((file) => `${file} ${statSync(join(dir, file)).mtimeMs}`)
    .join("\n");
}

// Server-rendered pages: every value escaped, layouts and partials from one folder, compiled once.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Handlebars from "handlebars";
import { Refusal } from "../kernel/refusals.js";

/** A function pages may call: `{{helper a b name=c}}` gives it ([a, b], {name: c}). Its result is escaped unless
 *  it is `safeHtml`. In a page `#if`, `#unless`, `#each`, `#with` and `lookup` are there besides. */
export type PageHelper = (args: unknown[], named: Readonly<Record<string, unknown>>) => unknown;

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
  /** every page and layout there is, sorted, as `page` calls them */
  names(): string[];
}

type Templates = Map<string, HandlebarsTemplateDelegate<object>>;

const OPTIONS: CompileOptions = { strict: true, knownHelpersOnly: true };
const NEVER = { helperMissing: false, blockHelperMissing: false, log: false };
const RUNTIME = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/**
 * Compiles all of a folder's `.hbs` files: pages (`a.hbs`, `guide/today.hbs`), `layouts/`, and `partials/`
 * (`{{> card}}` is partials/card.hbs). Raises a Refusal that names every file at fault.
 */
export function pageRenderer(dir: string, options: PageOptions = {}): PageRenderer {
  let templates = compileFolder(dir, options.helpers ?? {});
  let stamp = options.reload ? stampOf(dir) : "";
  const current = () => {
    const now = options.reload ? stampOf(dir) : "";
    if (now !== stamp) {
      templates = compileFolder(dir, options.helpers ?? {});
      stamp = now;
    }
    return templates;
  };
  const render = (name: string, values: object) => {
    const template = current().get(name);
    if (!template) throw new Error(`no page ${name} in ${dir}`);
    return template(values, RUNTIME);
  };
  return {
    page(name, values, layout) {
      const body = render(name, values);
      return layout === undefined ? body : render(`layouts/${layout}`, { ...values, body: safeHtml(body) });
    },
    names: () => [...current().keys()].sort(),
  };
}

function compileFolder(dir: string, helpers: Readonly<Record<string, PageHelper>>): Templates {
  const environment = Handlebars.create();
  for (const name of Object.keys(NEVER)) environment.unregisterHelper(name);
  for (const [name, helper] of Object.entries(helpers))
    environment.registerHelper(name, (...args: unknown[]) => {
      const { hash } = args.pop() as Handlebars.HelperOptions;
      return helper(args, hash as Record<string, unknown>);
    });
  const known = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  const compileOptions = { ...OPTIONS, knownHelpers: { ...known, ...NEVER } as KnownHelpers };
  const templates: Templates = new Map();
  const faults: { where: string; expected: string }[] = [];
  for (const file of filesOf(dir)) {
    const source = readFileSync(join(dir, file), "utf8");
    try {
      // `compile` is lazy: without this a fault would wait for the page's first reader
      environment.precompile(source, compileOptions);
    } catch (error) {
      faults.push({ where: join(dir, file), expected: `a template: ${(error as Error).message}` });
      continue;
    }
    const template = environment.compile<object>(source, compileOptions);
    const name = file.replace(/\.hbs$/, "");
    if (name.startsWith("partials/")) environment.registerPartial(name.slice("partials/".length), template);
    else templates.set(name, template);
  }
  if (faults.length > 0) throw new Refusal("invalid", "Some pages cannot be compiled.", faults);
  return templates;
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

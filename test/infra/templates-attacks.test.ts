// Words cannot reach prototypes, files or the process: the known ways into Handlebars, each tried.
import Handlebars from "handlebars";
import { compileWords, type WordValue } from "../../src/infra/templates.js";
import { Refusal } from "../../src/kernel/refusals.js";

const compile = (source: string) => compileWords(source, { name: "text", "child.name": "text" }, {});
const run = "process.exitCode = 99";

describe("refused before anything is compiled", () => {
  it.each([
    // constructors and prototypes, by every spelling of a path
    "{{constructor}}",
    "{{name.constructor}}",
    "{{name.constructor.constructor}}",
    "{{this.constructor}}",
    "{{this}}",
    "{{.}}",
    "{{./name}}",
    "{{this.name}}",
    "{{this/name}}",
    "{{child/name}}",
    "{{[name]}}{{[constructor]}}",
    "{{[child.name]}}",
    "{{child.[name].[constructor]}}",
    '{{"constructor"}}',
    '{{"name"}}{{"__proto__"}}',
    "{{__proto__}}",
    "{{name.__proto__}}",
    "{{child.__proto__.polluted}}",
    "{{name.length}}",
    "{{toString}}",
    "{{valueOf}}",
    "{{hasOwnProperty}}",
    "{{__defineGetter__ 'x' name}}",
    "{{__lookupGetter__ 'x'}}",
    "{{name.__defineGetter__}}",
    // what Handlebars puts beside the values
    "{{@root}}",
    "{{@root.constructor}}",
    "{{@missing}}",
    "{{@partial-block}}",
    "{{../name}}",
    "{{#if name}}{{../name}}{{/if}}",
    "{{#if name}}{{@root.name}}{{/if}}",
    // its own helpers and hooks
    "{{lookup this 'constructor'}}",
    "{{lookup name 'constructor'}}",
    "{{default (lookup child 'constructor') 'x'}}",
    "{{log name}}",
    "{{helperMissing}}",
    "{{blockHelperMissing name}}",
    "{{#helperMissing}}x{{/helperMissing}}",
    "{{#blockHelperMissing name}}x{{/blockHelperMissing}}",
    "{{#with name}}{{this}}{{/with}}",
    "{{#with name as |n|}}{{n.constructor}}{{/with}}",
    "{{#each child}}{{@key}}{{/each}}",
    "{{#if name as |constructor|}}x{{/if}}",
    "{{default name 'x' hash=constructor}}",
    "{{#default name 'x'}}y{{/default}}",
    "{{#if (constructor)}}x{{/if}}",
    "{{#if constructor}}x{{/if}}",
    "{{#unless __proto__}}x{{/unless}}",
    "{{{name}}}",
    "{{{{raw}}}}{{name}}{{{{/raw}}}}",
    // other templates and code
    "{{> name}}",
    "{{> (lookup . 'name')}}",
    "{{> @partial-block}}",
    "{{#> name}}x{{/name}}",
    "{{#*inline 'x'}}y{{/inline}}",
    "{{*constructor}}",
    "{{undefined}}",
    "{{null}}",
    "{{true}}",
    "{{1}}",
    // the published chain to Function (CVE-2019-19919, CVE-2021-23369), in short and in full
    `{{#with (__lookupGetter__ "__proto__")}}{{#with (./constructor.getOwnPropertyDescriptor . "valueOf")}}{{/with}}{{/with}}`,
    `{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{this.push (lookup string.sub "constructor")}}{{this.pop}}{{#with string.split as |codelist|}}{{this.pop}}{{this.push "${run}"}}{{this.pop}}{{#each conslist}}{{#with (string.sub.apply 0 codelist)}}{{this}}{{/with}}{{/each}}{{/with}}{{/with}}{{/with}}{{/with}}`,
  ])("%s", (source) => {
    expect(() => compile(source)).toThrow(Refusal);
  });

  it("a ready-made syntax tree, which Handlebars would compile to code unseen", () => {
    const injected = Handlebars.parse("{{default name 1}}");
    const mustache = injected.body[0] as hbs.AST.MustacheStatement;
    (mustache.params[1] as unknown as { value: string }).value = `(${run})`;
    expect(() => compile(injected as unknown as string)).toThrow(Refusal);
  });

  it.each([[{}], [null], [42], [["a"]], [{ type: "Program", body: [] }], [new String("x")]])(
    "%j, which is no text",
    (source) => {
      expect(() => compile(source as unknown as string)).toThrow(Refusal);
    },
  );

  it("nesting that would exhaust the stack", () => {
    const deep = "{{#if name}}".repeat(20_000) + "{{/if}}".repeat(20_000);
    expect(() => compile(deep)).toThrow(Refusal);
    expect(() => compile(`{{default name ${"(default name ".repeat(600)}`)).toThrow(Refusal);
  });

  it("and none of them ran", () => {
    expect(process.exitCode).toBeUndefined();
  });
});

describe("values", () => {
  it.each<[string, Record<string, unknown>]>([
    ["a function", { name: () => "called" }],
    ["an object", { name: { toString: () => "called" } }],
    ["an array", { name: ["called"] }],
    ["a true", { name: true }],
  ])("%s is no value", (_kind, values) => {
    const rendered = compile("{{name}}").render(values as Record<string, WordValue>);
    expect(rendered).toEqual({ missing: ["name"] });
  });

  it("are the caller's own properties only", () => {
    const inherited = Object.create({ name: "from a prototype" }) as Record<string, WordValue>;
    expect(compile("{{name}}").render(inherited)).toEqual({ missing: ["name"] });
  });

  it("are never read as words", () => {
    const rendered = compile("{{name}}").render({ name: "{{constructor}}{{> x}}" });
    expect(rendered).toEqual({ text: "{{constructor}}{{> x}}" });
  });

  it("quotes and line ends in the words stay text", () => {
    const rendered = compile('{{default name \'"); process.exit(1); ("\'}}\\"\u2028`$1`').render({});
    expect(rendered).toEqual({ text: '"); process.exit(1); ("\\"\u2028`$1`' });
  });
});

describe("the environment", () => {
  it("is apart from the one other code shares", () => {
    Handlebars.registerHelper("shared", () => "leaked");
    Handlebars.registerPartial("shared", "leaked");
    expect(() => compile("{{shared}}")).toThrow(Refusal);
    expect(() => compile("{{> shared}}")).toThrow(Refusal);
    compile("{{default name 'x'}}");
    expect(Object.keys(Handlebars.helpers)).not.toContain("default");
    Handlebars.unregisterHelper("shared");
    Handlebars.unregisterPartial("shared");
  });

  it("does not change the prototypes all objects share", () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    compile("{{name}}{{child.name}}").render(
      JSON.parse('{"__proto__": {"name": "x"}, "name": "a", "child.name": "b"}'),
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
    expect(({} as { name?: string }).name).toBeUndefined();
  });
});

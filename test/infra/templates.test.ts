// Words: what they may say, what they say without a value, and where a fault stands.
import { compileWords, type WordValue } from "../../src/infra/templates.js";
import type { WordsHelper, WordType } from "../../src/infra/templates-language.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";

const variables: Record<string, WordType> = {
  "customer.name": "text",
  "child.name": "text",
  "child.born_on": "date",
  today: "date",
  days: "number",
};
const helpers: Record<string, WordsHelper> = {
  date: {
    takes: ["date", "text"],
    optional: 1,
    gives: "text",
    run: (day, format) => `${format ?? "on"} ${day}`,
  },
  span: {
    takes: ["date", "date"],
    gives: "number",
    run: (from, to) => (from <= to ? 1 : undefined),
  },
};
const compile = (source: string) => compileWords(source, variables, helpers, "a.hbs");

describe("rendering", () => {
  it.each<[string, Record<string, WordValue>, string]>([
    ["hello", {}, "hello"],
    ["{{customer.name}}，您好", { "customer.name": "李女士" }, "李女士，您好"],
    ['{{default child.name "宝宝"}}好', {}, "宝宝好"],
    ['{{default child.name "宝宝"}}好', { "child.name": "豆豆" }, "豆豆好"],
    ['{{default child.name customer.name "宝宝"}}好', { "customer.name": "李女士" }, "李女士好"],
    ['{{default customer.name ""}}您好', {}, "您好"],
    ["{{days}}天", { days: 0 }, "0天"],
    ["{{date today}}", { today: "2026-01-02" }, "on 2026-01-02"],
    ['{{date today "at"}}', { today: "2026-01-02" }, "at 2026-01-02"],
    ['{{default (date child.born_on) "某天"}}', {}, "某天"],
    ["{{#if child.name}}有{{else}}无{{/if}}", {}, "无"],
    ["{{#if child.name}}有{{child.name}}{{else}}无{{/if}}", { "child.name": "豆豆" }, "有豆豆"],
    ["{{#unless child.name}}无{{/unless}}好", {}, "无好"],
    ["{{#if days}}a{{else if child.name}}b{{else}}c{{/if}}", { "child.name": "豆豆" }, "b"],
    ["{{#if days}}a{{else}}b{{/if}}", { days: 0 }, "b"],
    ["{{!-- a note --}}\n你好\n", {}, "你好"],
    ["<b>&{{customer.name}}", { "customer.name": "A&B<i>" }, "<b>&A&B<i>"],
    ["a {{~customer.name~}} b", { "customer.name": "x" }, "axb"],
    ["\\{{customer.name}}", {}, "{{customer.name}}"],
    ["{{customer.name}}", { "customer.name": "{{child.name}}" }, "{{child.name}}"],
  ])("%s with %j is %s", (source, values, text) => {
    expect(compile(source).render(values)).toEqual({ text });
  });

  it.each<[string, Record<string, WordValue>, string[]]>([
    ["{{customer.name}}", {}, ["customer.name"]],
    ["{{customer.name}}", { "customer.name": null }, ["customer.name"]],
    ["{{customer.name}}", { "customer.name": "  " }, ["customer.name"]],
    ["{{days}}", { days: Number.NaN }, ["days"]],
    ["{{customer.name}}{{child.name}}{{customer.name}}", {}, ["customer.name", "child.name"]],
    ["{{date child.born_on}}", {}, ["child.born_on"]],
    ["{{span child.born_on today}}", {}, ["child.born_on", "today"]],
    [
      "{{span child.born_on today}}",
      { "child.born_on": "2026-01-02", today: "2026-01-01" },
      ["child.born_on", "today"],
    ],
    ["{{default child.name customer.name}}", {}, ["child.name"]],
    ["{{#if child.name}}{{customer.name}}{{else}}{{days}}{{/if}}", {}, ["days"]],
    ["{{#if days}}x{{child.name}}{{/if}}", { days: 3 }, ["child.name"]],
    ["{{#if child.name}}x{{/if}}", {}, ["child.name"]],
    ["{{#unless child.name}}x{{/unless}}", { "child.name": "豆豆" }, []],
  ])("%s with %j misses %j", (source, values, missing) => {
    expect(compile(source).render(values)).toEqual({ missing });
  });

  it("asks only for what the branch taken needs", () => {
    const words = compile("{{#if child.name}}{{child.name}}{{else}}{{customer.name}}的宝宝{{/if}}");
    expect(words.render({ "child.name": "豆豆" })).toEqual({ text: "豆豆" });
    expect(words.render({ "customer.name": "李女士" })).toEqual({ text: "李女士的宝宝" });
    expect(words.variables).toEqual(["child.name", "customer.name"]);
  });

  it("keeps one render apart from the next", () => {
    const words = compile("{{customer.name}}");
    expect(words.render({})).toEqual({ missing: ["customer.name"] });
    expect(words.render({ "customer.name": "a" })).toEqual({ text: "a" });
  });
});

describe("faults", () => {
  it.each([
    ["a\n {{guide.nmae}}", "a.hbs line 2 column 4", "guide.nmae", "a known variable"],
    ["{{shout customer.name}}", "line 1 column 3", "shout", "a known helper (default, date, span)"],
    ["{{#each child.name}}x{{/each}}", "line 1 column 4", "each", "{{#if …}} or {{#unless …}}"],
    ["{{#with child}}x{{/with}}", "line 1 column 4", "with", "{{#if …}}"],
    ["{{#child.name}}x{{/child.name}}", "line 1 column 4", "child.name", "{{#if …}}"],
    ["{{^child.name}}x{{/child.name}}", "line 1 column 4", "child.name", "{{#if …}}"],
    ["{{> card}}", "line 1 column 1", "{{> …}}", "text, {{variable}}"],
    ["{{#> card}}x{{/card}}", "line 1 column 1", "{{#> …}}", "text, {{variable}}"],
    ["{{* once}}", "line 1 column 1", "{{* …}}", "text, {{variable}}"],
    ['{{#*inline "a"}}x{{/inline}}', "line 1 column 1", "{{#* …}}", "text, {{variable}}"],
    ["{{#if child.name as |n|}}{{n}}{{/if}}", "line 1", "", "no block parameters"],
    ["{{#if child.name days}}x{{/if}}", "line 1 column 4", "", "{{#if …}} with one variable"],
    ["{{#if child.name includeZero=true}}x{{/if}}", "line 1 column 4", "", "with one variable"],
    ["{{{customer.name}}}", "line 1 column 1", "", "two braces"],
    ["{{&customer.name}}", "line 1 column 1", "", "two braces"],
    ["{{date customer.name}}", "line 1 column 8", "customer.name", "a date for date, not a text"],
    ['{{date "2026-01-01"}}', "line 1 column 8", "2026-01-01", "a date for date, not a text"],
    ["{{date}}", "line 1 column 3", "", "1 to 2 argument(s) for date"],
    ["{{span today}}", "line 1 column 3", "", "2 argument(s) for span: date, date"],
    ["{{default child.name}}", "line 1 column 3", "", "two arguments"],
    ["{{date today format=1}}", "line 1 column 14", "", "no named arguments"],
    ["{{default child.name true}}", "line 1 column 22", "BooleanLiteral", "a variable, a number"],
    ["{{default child.name (customer.name)}}", "line 1 column 23", "customer.name", "a known helper"],
    ["{{customer.name", "line 1 column 12", "", "both closed: {{child.name}}"],
    ["a\nb {{#if days}}c", "line 2", "", "{{/if}} after {{#if …}}"],
    [
      "一段足够长的中文，好让报错只显示最后二十个字符\n{{ days }} {{ }}",
      "line 2 column 15",
      "",
      "a variable between {{ and }}",
    ],
    ["{{#if days}}a{{/unless}}", "line 1 column 4", "", "{{/if}} at the end of {{#if …}}, not {{/unless}}"],
    ["a{{/if}}", "line 1 column 2", "", "{{#if …}} before its {{/if}}"],
  ])("%s", (source, place, value, expected) => {
    const faults = refusedFor(() => compile(source)).map(sayFault);
    expect(faults[0]).toContain(place);
    expect(faults[0]).toContain(expected);
    if (value) expect(faults[0]).toContain(JSON.stringify(value));
  });

  it("are told all at once", () => {
    const faults = refusedFor(() => compile("{{a}}\n{{b}} {{> c}}\n{{d e}}")).map(sayFault);
    expect(faults.map((fault) => /line (\d)/.exec(fault)?.[1])).toEqual(["1", "2", "2", "3", "3"]);
  });
});

describe("wording", () => {
  it("is what is said whatever the values, with lines", () => {
    const { wording } = compile(
      '{{!-- 注 --}}\n第一行{{customer.name}}\n{{default child.name "宝宝"}}二{{! x }}行',
    );
    expect(wording.text).toBe("第一行□□\n□宝宝□二行");
    expect(wording.lineAt(wording.text.indexOf("第一行"))).toBe(2);
    expect(wording.lineAt(wording.text.indexOf("宝宝"))).toBe(3);
    expect(wording.lineAt(wording.text.indexOf("行", 6))).toBe(3);
    expect(wording.lineAt(999)).toBe(3);
  });
});

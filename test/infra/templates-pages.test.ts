// Pages: escaped, laid out, with partials and helpers, told at start when one is wrong.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pageRenderer, safeHtml } from "../../src/infra/templates-pages.js";
import { Refusal, sayFault } from "../../src/kernel/refusals.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pages-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(file: string, source: string): string {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
  return path;
}

it("renders a page in its layout with partials and helpers", () => {
  write("layouts/desk.hbs", "<title>{{title}}</title>{{body}}");
  write("partials/row.hbs", "<li>{{name}}</li>");
  write("report/region.hbs", "<ul>{{#each rows}}{{> row}}{{/each}}</ul>{{percent share digits=1}}");
  const percent = ([share]: unknown[], { digits }: Readonly<Record<string, unknown>>) =>
    `${(Number(share) * 100).toFixed(Number(digits))}%`;
  const pages = pageRenderer(dir, { helpers: { percent } });
  const values = { title: "报表", rows: [{ name: "华东" }, { name: "华南" }], share: 0.256 };
  expect(pages.page("report/region", values, "desk")).toBe(
    "<title>报表</title><ul><li>华东</li><li>华南</li></ul>25.6%",
  );
  expect(pages.page("report/region", values)).toMatch(/^<ul>/);
  expect(pages.names()).toEqual(["layouts/desk", "report/region"]);
});

it("escapes values and what helpers give, but not safe HTML", () => {
  write("a.hbs", "{{name}} {{same name}} {{bold name}}");
  const helpers = {
    same: ([text]: unknown[]) => text,
    bold: () => safeHtml("<b>x</b>"),
  };
  expect(pageRenderer(dir, { helpers }).page("a", { name: `<script a="1">'` })).toBe(
    "&lt;script a&#x3D;&quot;1&quot;&gt;&#x27; &lt;script a&#x3D;&quot;1&quot;&gt;&#x27; <b>x</b>",
  );
});

it("names every file that cannot be compiled", () => {
  write("good.hbs", "x");
  write("syntax.hbs", "{{#if a}}");
  write("partials/unknown.hbs", "{{nobody a}}");
  let faults: string[] = [];
  const pages = pageRenderer(dir);
  expect(pages.page("good", {})).toBe("x");
  try {
    pages.check();
  } catch (error) {
    faults = (error as Refusal).faults.map(sayFault);
  }
  expect(faults).toHaveLength(2);
  expect(faults[0]).toMatch(/partials\/unknown.hbs.*nobody/);
  expect(faults[1]).toMatch(/syntax.hbs/);
});

it.each(["{{constructor.name}}", "{{log a}}", "{{a.__proto__}}", "{{missing}}"])(
  "a page cannot say %s",
  (source) => {
    write("a.hbs", source);
    expect(() => pageRenderer(dir).page("a", { a: 1 })).toThrow();
  },
);

it("an unknown page is a fault", () => {
  expect(() => pageRenderer(dir).page("none", {})).toThrow(/no page none/);
});

it("reads changed files again only when asked to", () => {
  const file = write("a.hbs", "one");
  const kept = pageRenderer(dir);
  const reloading = pageRenderer(dir, { reload: true });
  writeFileSync(file, "two");
  utimesSync(file, 1, 1);
  expect(kept.page("a", {})).toBe("one");
  expect(reloading.page("a", {})).toBe("two");
});

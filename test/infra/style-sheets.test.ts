// Style sheets without what no page speaks of: nothing else is lost, on the real sheet too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";
import { familiesIn, onlyFamilies } from "../../src/infra/style-sheets.js";

const only = (css: string, ...families: string[]) => onlyFamilies(css, new Set(families));

test.each<[string, string, string]>([
  ["what is no class stays", "body{a:b}[type=button]{c:d}", "body{a:b}[type=button]{c:d}"],
  ["a family stays whole", ".btn-sm{a:b}.btn{c:d}.navbar{e:f}", ".btn-sm{a:b}.btn{c:d}"],
  ["of a list what is named", ".btn,.navbar .btn,.card-x{a:b}", ".btn,.card-x{a:b}"],
  ["what is only kept away from does not count", ".btn:not(.navbar){a:b}", ".btn:not(.navbar){a:b}"],
  ["brackets are not looked into", ":is(.btn,.navbar){a:b}", ":is(.btn,.navbar){a:b}"],
  [
    "of a list with brackets what is named",
    ".navbar>:not(p)>*,.btn>:not(p)>*,.x:is(.a,.b:not(p),.c){a:b}",
    ".btn>:not(p)>*,.x:is(.a,.b:not(p),.c){a:b}",
  ],
  [
    "media go when nothing is left",
    "@media print{.navbar{a:b}}@media print{.btn{a:b}}",
    "@media print{.btn{a:b}}",
  ],
  [
    "statements and frames stay",
    '@charset "UTF-8";@keyframes x{0%{a:b}}',
    '@charset "UTF-8";@keyframes x{0%{a:b}}',
  ],
])("%s", (_name, css, expected) => {
  expect(only(css, "btn", "card")).toBe(expected);
});

describe("Tabler's own sheet", () => {
  const css = readFileSync(join(projectRoot, "node_modules/@tabler/core/dist/css/tabler.min.css"), "utf8");

  it("comes back whole where every family is named", () => {
    const all = new Set([...css.matchAll(/\.([A-Za-z][A-Za-z0-9_]*)/g)].map(([, name]) => name ?? ""));
    expect(onlyFamilies(css, all)).toBe(css);
  });

  it("loses a third and more, and no class that a page names", () => {
    const folder = join(projectRoot, "templates/pages");
    const kept = onlyFamilies(css, familiesIn(folder));
    expect(kept.length).toBeLessThan((css.length * 2) / 3);
    for (const name of [".btn-primary", ".form-control", ".table", ".card-header", ".form-check-input"])
      expect(kept).toContain(name);
  });
});

// The pages in English: every text of a template and of the code behind it has one, no Chinese stands in a template outside of
// the catalogue, and nothing in the catalogue is without use.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIT_NAMES } from "../../src/console/audit/names.js";
import { AUDIENCE_NAMES, TOPICS } from "../../src/console/help/topics.js";
import { ROLE_NAMES } from "../../src/console/pages.js";
import { SETTING_GROUPS } from "../../src/console/settings/keys.js";
import { projectRoot } from "../../src/infra/config.js";
import { loadMessages } from "../../src/infra/messages.js";
import { DAY_KIND_NAMES } from "../../src/org/calendar-rules.js";
import { nodesOf, readSources, type TreeNode } from "../support/sources.js";

const FOLDER = join(projectRoot, "templates/pages");
const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".hbs"))
  .sort();

/** Every literal text that a template says in its reader's language. */
function textsOf(template: string): string[] {
  return [...template.matchAll(/[{(]\s*t\s+(?:"([^"]*)"|'([^']*)')/g)].map(([, a, b]) => a ?? b ?? "");
}

/** Chinese that no reader of English is spared: outside of mustaches and of comments. */
function bareChinese(template: string): string[] {
  const outside = template.replace(/\{\{!--[\s\S]*?--\}\}|\{\{[\s\S]*?\}\}/g, "");
  return outside.match(/[\u3400-\u9fff][^<>"\n]*/g) ?? [];
}

it("every text of a template has an English one", () => {
  const known = new Set(loadMessages(join(projectRoot, "templates/messages")).texts());
  const missing = files.flatMap((file) =>
    textsOf(readFileSync(join(FOLDER, file), "utf8"))
      .filter((text) => !known.has(text))
      .map((text) => `${file}: ${text}`),
  );
  expect(missing).toEqual([]);
});

it("finds the texts of a template", () => {
  expect(textsOf(`<b>{{t "好"}}</b>{{> x label=(t "坏 {n}" n=1)}}{{title "不"}}{{t label}}`)).toEqual([
    "好",
    "坏 {n}",
  ]);
  expect(bareChinese(`{{! 注 }}<p title="提示">{{t "好"}} 坏的 <b>x</b></p>`)).toEqual(["提示", "坏的 "]);
});

/** The switch names each language in itself; the others are being written anew. */
const BARE = ["partials/language-switch.hbs"];

it("no template says anything in Chinese alone", () => {
  const bare = files
    .filter((file) => !BARE.includes(file))
    .flatMap((file) =>
      bareChinese(readFileSync(join(FOLDER, file), "utf8")).map((text) => `${file}: ${text}`),
    );
  expect(bare).toEqual([]);
});

it("what pages say by a name of the code has an English text too", () => {
  const known = new Set(loadMessages(join(projectRoot, "templates/messages")).texts());
  const settings = SETTING_GROUPS.flatMap(({ name, note, keys }) => [
    ...[name, note],
    ...Object.values(keys).flatMap(({ says, unit }) => [says, ...(unit ? [unit] : [])]),
  ]);
  const help = Object.values(TOPICS).flatMap((topics) =>
    topics.flatMap(({ title, says }) => [title, ...says]),
  );
  const named = [
    ...settings,
    ...help,
    ...Object.values(AUDIENCE_NAMES),
    ...AUDIT_NAMES,
    ...Object.values(DAY_KIND_NAMES),
    ...Object.values(ROLE_NAMES),
  ];
  expect([...new Set(named)].filter((text) => !known.has(text))).toEqual([]);
});

const HAN = /[\u3400-\u9fff]/;

/** The texts of a file's code; `□` where a value stands in one. */
function textsOfCode(tree: TreeNode): string[] {
  return [...nodesOf(tree)].flatMap((node) => {
    if (node.type === "StringLiteral") return [String(node.value)];
    if (node.type !== "TemplateLiteral") return [];
    return [(node.quasis as TreeNode[]).map(({ cooked }) => String(cooked)).join("□")];
  });
}

/** Not a letter that joins others, nor a file's name. */
function isText(text: string): boolean {
  return (text.match(/[\u3400-\u9fff]/g)?.length ?? 0) > 1 && !text.endsWith(".csv");
}

/** Whose texts people read on pages. */
const SAID = [
  ...["src/console", "src/reports/funnel", "src/reports/drill", "src/reports/experiments/overviews.ts"],
  ...["src/tasks/life.ts", "src/tasks/why.ts", "src/tasks/failures.ts", "src/tasks/explain/sentences.ts"],
  ...["src/journeys/say-trigger.ts", "src/journeys/say-audience.ts", "src/journeys/say-content.ts"],
  ...["src/wire/passes.ts", "src/wire/report-passes.ts", "src/wire/limit-passes.ts"],
];

it("what the code says on a page has an English text too, whatever stands in its places", () => {
  const { say, texts } = loadMessages(join(projectRoot, "templates/messages"));
  const known = new Set(texts());
  // with one thing and another in its places; a count may come before
  const isSaid = (text: string) =>
    [["1"], ["A"], ["1", "3月1日"], ["1", "天"], [""]].some(([first = "", then = first]) => {
      const filled = text.replace("□", first).replaceAll("□", then);
      return [filled, `1 ${filled}`].some((one) => !HAN.test(say("en", one)));
    });
  const missing = readSources(...SAID).flatMap(({ path, tree }) =>
    textsOfCode(tree)
      .filter((text) => isText(text) && !known.has(text) && !isSaid(text))
      .map((text) => `${path}: ${text}`),
  );
  expect(missing).toEqual([]);
});

it("no text of the catalogue is without use", () => {
  const code = readSources("src").map(({ text }) => text);
  const templates = files.map((file) => readFileSync(join(FOLDER, file), "utf8"));
  const claims = readFileSync(join(projectRoot, "config/forbidden-claims.yaml"), "utf8");
  const used = [...code, ...templates, claims].join("\n");
  const { texts } = loadMessages(join(projectRoot, "templates/messages"));
  const dead = texts().filter((text) =>
    text.match(/[\u3400-\u9fff]+/g)?.some((letters) => !used.includes(letters)),
  );
  expect(dead).toEqual([]);
});

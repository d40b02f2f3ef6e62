// Every page of the console, read in English in a brand whose own data is ASCII: nothing on it is Chinese.
import exceljs from "exceljs";
import { LANGUAGE_COOKIE } from "../../src/infra/web.js";
import { type Asked, type Asker, type RouteStage, send } from "../routes/stage.js";
import { type RouteLine, routeTable } from "../routes/table.js";
import { openPlainBrand } from "../support/plain-brand.js";

/** What stays Chinese, taken out of a page before it is read. */
const STAYS: readonly { what: RegExp; why: string; at?: string }[] = [
  { what: /<form[^>]*class="language-switch"[\s\S]*?<\/form>/g, why: "each language is named in itself" },
  { what: /<div class="word-list">[\s\S]*?<\/div>/g, why: "words customers write, and claims made to them" },
  { what: /<ul class="calendar-days">[\s\S]*?<\/ul>/g, why: "names of festivals" },
  { what: /<datalist id="day-names">[\s\S]*?<\/datalist>/g, why: "names of festivals" },
  { what: /(data-insert|title)="\{\{[^"]*"/g, why: "what goes into words for customers" },
  { what: /“补 [^”]*”/g, why: "what a guide says in chat" },
  { what: /资料确认|回复关怀|「请确认宝宝是否出生」|「紧急回复处理」/g, why: "journeys that are built in" },
  { what: /新客育儿旅程/g, why: "a template's name" },
  { what: /“(紧急回复处理|请确认宝宝是否出生)”/g, why: "journeys that are built in", at: "/settings/audit" },
  { what: /came、absent/g, why: "what was typed, to the letter", at: "/settings/audit" },
  { what: /、/g, why: "parts several values typed into one field", at: "/journeys/" },
  { what: /「[^」]*」/g, why: "what a guide says in chat", at: "/help" },
];

/** Whole pages, and answers that are none. */
const isPage = ({ route }: RouteLine) =>
  route.startsWith("GET ") && !/ \/(api|wecom)\/|\.(csv|xlsx|png)$|\/export$|_files/.test(route);

let stage: RouteStage;
beforeAll(async () => {
  stage = await openPlainBrand();
});
afterAll(() => stage?.close());

const lines = routeTable().filter(isPage);
/** Places that one table's line leads to, and pages show more of. */
const MORE: readonly [Asker, Asked][] = [
  ...[
    "/report?by=guide",
    "/report?from=2026-03-01&to=2026-03-09",
    "/report/heat?measure=reply",
    "/customers?q=Mum",
  ].map((path): [Asker, Asked] => ["hq", { path }]),
  ...["/journeys/all", "/journeys/all/draft", "/journeys/all/versions", "/org/import", "/settings/audit"].map(
    (path): [Asker, Asked] => ["hq", { path }],
  ),
  ...["added", "silent", "sale", "visit", "month-6"].map((key): [Asker, Asked] => [
    "hq",
    { path: `/journeys/all/draft/t/${key}`, query: { preview: "1" } },
  ]),
  ...["/experiments/all/silent", "/words", "/overview"].map((path): [Asker, Asked] => ["hq", { path }]),
];

const files = routeTable().filter(({ route }) => /^GET .*\.(csv|xlsx)$/.test(route));

describe.each(files.map((line) => [line.route, line] as const))("%s", (_route, line) => {
  it("is English", async () => {
    const asked = (await line.ask?.(stage, stage.places.own)) ?? { path: line.route.split(" ")[1] ?? "" };
    const { texts, name } = await fileOf(askerOf(line), asked);
    // nothing was ever tested against the past here
    if (!asked.path.includes("/models.")) expect(texts.length).toBeGreaterThan(1);
    expect([...texts, name].flatMap((text) => chineseIn(text, asked.path))).toEqual([]);
  });
});

describe.each(lines.map((line) => [line.route, line] as const))("%s", (_route, line) => {
  it("is English", async () => {
    const asker = askerOf(line);
    const asked = (await line.ask?.(stage, stage.places.own)) ?? { path: line.route.split(" ")[1] ?? "" };
    expect(await chineseOf(asker, asked)).toEqual([]);
  });
});

it.each(MORE.map(([asker, asked]) => [asked.path, asker, asked] as const))(
  "%s is English",
  async (_p, asker, asked) => {
    expect(await chineseOf(asker, asked)).toEqual([]);
  },
);

it("an experiment to be decided is English", async () => {
  const place = await stage.undecided();
  for (const path of ["/experiments", `/experiments/${place}`, "/overview"])
    expect(await chineseOf("hq", { path })).toEqual([]);
});

it("and once everything is stopped", async () => {
  await stage.services.stopEverything("system");
  const found = [];
  for (const path of ["/stop", "/stop/report", "/overview", "/oneoffs"])
    found.push(...(await chineseOf("hq", { path })));
  found.push(...(await chineseOf("guide", { path: "/g/today" })));
  await stage.services.resume("system");
  expect(found).toEqual([]);
});

it("finds what is Chinese, and where", () => {
  expect(chineseIn('<p title="早上">Hi</p><b>A：b</b> 晚上好')).toEqual(["早上", "A：b", "晚上好"]);
  expect(chineseIn('<form class="language-switch"><b>中文</b></form>')).toEqual([]);
});

function askerOf({ may }: RouteLine): Asker {
  if (may === "anybody") return "nobody";
  return typeof may === "string" ? "hq" : (may[0] ?? "hq");
}

/** The texts of a file, and what it is called. */
async function fileOf(asker: Asker, asked: Asked): Promise<{ texts: string[]; name: string }> {
  const query = new URLSearchParams(asked.query as Record<string, string> | undefined);
  const answer = await fetch(`${stage.house.url}${encodeURI(asked.path)}?${query}`, {
    headers: { Cookie: `${stage.session(asker)?.cookie}; ${LANGUAGE_COOKIE}=en` },
  });
  expect(answer.status).toBe(200);
  const header = answer.headers.get("content-disposition") ?? "";
  const name = decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(header)?.[1] ?? header);
  if (asked.path.endsWith(".csv")) return { texts: (await answer.text()).split("\r\n"), name };
  const book = new exceljs.Workbook();
  await book.xlsx.load(await answer.arrayBuffer());
  const texts = book.worksheets.map((sheet) => sheet.name);
  for (const sheet of book.worksheets)
    sheet.eachRow((row) => row.eachCell(({ text }) => void texts.push(text)));
  return { texts, name };
}

/** The Chinese an answer holds, with its address. */
async function chineseOf(asker: Asker, asked: Asked): Promise<string[]> {
  const cookie = [stage.session(asker)?.cookie, `${LANGUAGE_COOKIE}=en`].filter(Boolean).join("; ");
  const answer = await send(stage, { method: "GET", asker, asked, headers: { Cookie: cookie } });
  if (answer.status >= 300 && answer.status < 400) return [];
  const text = answer.text ?? String(answer.body);
  return chineseIn(text, asked.path).map((said) => `${asked.path}: ${said}`);
}

/** Every stretch of a page that has a Chinese letter or mark in it, once. */
function chineseIn(html: string, path = ""): string[] {
  const stays = STAYS.filter(({ at = "" }) => path.startsWith(at));
  const rest = stays.reduce((text, { what }) => text.replace(what, ""), html);
  const found = rest.match(/[^<>"\n]*[\u3000-\u303f\u3400-\u9fff\uff00-\uffef][^<>"\n]*/g) ?? [];
  return [...new Set(found.map((said) => said.trim()))];
}

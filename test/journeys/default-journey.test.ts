// The journey that ships: complete, on facts, of fit length, no two messages alike, and nothing a message may not claim.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";
import { loadClaims } from "../../src/journeys/claims-file.js";
import { parseJourney } from "../../src/journeys/file.js";
import { journeySource } from "../../src/journeys/folder.js";
import type { TouchpointSpec } from "../../src/journeys/spec.js";
import { askFor, compileMessage, type WordsContext, wordsFor } from "../../src/journeys/words.js";

const folder = join(projectRoot, "templates/journeys");
const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");
const check = loadClaims(join(projectRoot, "config/forbidden-claims.yaml"));
const journey = parseJourney(journeySource(join(folder, "newborn-formula.yaml")), check);
const byKey = new Map(journey.touchpoints.map((touchpoint) => [touchpoint.key, touchpoint]));
const spoken = journey.touchpoints.filter((touchpoint) => touchpoint.words !== null);
const months = Array.from({ length: 36 }, (_, index) => index + 1);

const known: WordsContext = {
  today: "2026-06-05",
  dueOn: "2026-06-05",
  anchorOn: "2025-06-05",
  customer: { name: "李女士", phone: null, birthday: null, level: null, brandPreference: null },
  child: { name: "豆豆", bornOn: "2025-06-05", dueOn: null },
  children: [{ name: "豆豆", bornOn: "2025-06-05", dueOn: null }],
  guide: { name: "王小丽" },
  store: { name: "上海1号店" },
  firstOrderOn: null,
  lastOrder: null,
};
/** What an import without any name gives. */
const bare: WordsContext = {
  ...known,
  customer: { ...known.customer, name: null },
  child: { name: null, bornOn: "2025-06-05", dueOn: null },
  children: [{ name: null, bornOn: "2025-06-05", dueOn: null }],
};

const twins = ["大宝", "小宝"].map((name) => ({ name, bornOn: "2025-06-05", dueOn: null }));

function said(touchpoint: TouchpointSpec, context: WordsContext = known): string {
  const rendered = compileMessage(touchpoint.words ?? "").render(wordsFor(context));
  return "text" in rendered ? rendered.text : `missing ${rendered.missing.join()}`;
}

describe("its touchpoints", () => {
  it.each([3, 7, 15, 30])("day %d after joining", (n) => {
    expect(byKey.get(`day-${n}`)).toMatchObject({
      trigger: { anchor: "joined", offset: { unit: "days", n }, repeat: "once" },
      send: "mass",
    });
  });

  it.each(months)("month %d of the baby", (n) => {
    expect(byKey.get(`month-${n}`)).toMatchObject({
      trigger: { anchor: "child_born", offset: { unit: "months", n }, repeat: "once" },
      priority: "milestone",
      send: n <= 12 ? "mass" : "page",
    });
  });

  it.each([30, 45, 60])("%d days without an order", (n) => {
    const trigger = { anchor: "last_order", offset: { unit: "days", n }, repeat: "each" };
    expect(byKey.get(`no-order-${n}`)).toMatchObject({ trigger, priority: "churn" });
  });

  it("birthdays, a call without words, and the question for a birthday", () => {
    expect(byKey.get("customer-birthday")).toMatchObject({
      trigger: { anchor: "customer_birthday", repeat: "yearly" },
      send: "page",
    });
    expect(byKey.get("child-birthday")).toMatchObject({
      trigger: { anchor: "child_born", repeat: "yearly" },
    });
    expect(byKey.get("no-order-60")).toMatchObject({ send: "hand", words: null });
    expect(byKey.get("ask-birthday")).toMatchObject({ send: "hand", words: null, ask: "child.born_on" });
    expect(journey.touchpoints).toHaveLength(4 + 36 + 3 + 2 + 1 + 2);
  });

  it("what is foretold: running out, and the risk of leaving", () => {
    expect(byKey.get("supply-ends")).toMatchObject({
      trigger: { anchor: "supply_ends", offset: { unit: "days", n: -5 }, repeat: "each" },
      send: "page",
    });
    expect(byKey.get("at-risk")).toMatchObject({
      trigger: { anchor: "at_risk", offset: { unit: "days", n: 0 }, repeat: "each" },
      priority: "churn",
    });
  });

  it("uses every file of its folder", () => {
    const files = readdirSync(join(folder, "newborn-formula")).map((file) => `newborn-formula/${file}`);
    const named = [...read("templates/journeys/newborn-formula.yaml").matchAll(/words: (\S+)/g)].map(
      (m) => m[1],
    );
    expect(named.sort()).toEqual(files.sort());
  });
});

describe("its words", () => {
  it.each(spoken.map((touchpoint) => [touchpoint.key, touchpoint] as const))("%s", (_key, touchpoint) => {
    const text = said(touchpoint);
    expect([...text].length).toBeGreaterThanOrEqual(30);
    expect([...text].length).toBeLessThanOrEqual(120);
    expect(check(text)).toEqual([]);
    expect(text).toMatch(/[。？！]$/);
    expect(text).not.toMatch(/□|undefined|null|\{|\}|\n|[,!?;:]|您您|，，|宝宝宝宝/);
  });

  it("no two are alike", () => {
    const texts = spoken.map((touchpoint) => [touchpoint.key, said(touchpoint)] as const);
    const alike = texts.flatMap(([key, text], index) =>
      texts
        .slice(index + 1)
        .map(([other, otherText]) => [key, other, likeness(text, otherText)] as const)
        .filter(([, , share]) => share > 0.3),
    );
    expect(alike).toEqual([]);
  });

  it("need no name, but for the one that says it", () => {
    const missing = spoken.filter((touchpoint) => said(touchpoint, bare).startsWith("missing"));
    expect(missing.map((touchpoint) => touchpoint.key)).toEqual(["child-birthday"]);
    expect(askFor(["child.name"])).toEqual(["child.name"]);
    expect(said(byKey.get("child-birthday")!)).toMatch(/^豆豆满1岁啦/);
  });

  it("say the child's name where they know it, 宝宝 where they do not", () => {
    for (const n of months) {
      expect(said(byKey.get(`month-${n}`)!)).toMatch(/^豆豆/);
      expect(said(byKey.get(`month-${n}`)!, bare)).toMatch(/^宝宝/);
      expect(said(byKey.get(`month-${n}`)!, { ...known, children: twins })).toMatch(/^大宝和小宝/);
    }
  });

  it("of a month name that age", () => {
    for (const n of months) {
      const text = said(byKey.get(`month-${n}`)!).slice(0, 14);
      expect([n, agesOf(n).some((age) => text.includes(age))]).toEqual([n, true]);
    }
  });

  it("speak of no formula before 6 months", () => {
    for (const n of [1, 2, 3, 4, 5, 6])
      expect(said(byKey.get(`month-${n}`)!)).not.toMatch(/奶粉|配方|[123一二三]段|冲泡|奶瓶/);
    for (const { key } of spoken.filter(({ key }) => !key.startsWith("month-")))
      expect(said(byKey.get(key)!)).not.toMatch(/奶粉|配方|[123一二三]段/);
  });

  it("leave vaccination to the clinic", () => {
    for (const touchpoint of spoken.filter((one) => said(one).includes("疫苗")))
      expect(said(touchpoint)).toMatch(/听[^，。]*门诊/);
  });
});

const facts = join(projectRoot, "../shared/data/baby-milestones");
const withFacts = existsSync(facts) ? describe : describe.skip;

withFacts("its facts", () => {
  const rows = existsSync(facts) ? factRows(facts) : new Map<string, string>();

  it.each(months)("month %d rests on facts that exist, of that month", (n) => {
    const words = byKey.get(`month-${n}`)?.words ?? "";
    const named = [...words.matchAll(/\{\{!-- fact: (.+?) --\}\}/g)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.map((fact) => [fact, holds(rows, fact)])).toEqual(named.map((fact) => [fact, true]));
    expect(named.some((fact) => covers(fact, n))).toBe(true);
  });

  it("every measure said stands in a fact named", () => {
    for (const n of months) {
      const words = byKey.get(`month-${n}`)?.words ?? "";
      const comments = [...words.matchAll(/\{\{!--.+?--\}\}/g)].join();
      const measures = said(byKey.get(`month-${n}`)!).match(/\d+\.\d+/g) ?? [];
      expect(measures.filter((measure) => !comments.includes(measure))).toEqual([]);
    }
  });
});

/** Pairs of neighbouring characters two texts share, as a share of all they have. */
function likeness(a: string, b: string): number {
  const pairs = (text: string) => new Set([...text].slice(1).map((letter, index) => text[index] + letter));
  const [left, right] = [pairs(a), pairs(b)];
  const shared = [...left].filter((pair) => right.has(pair)).length;
  return shared / (left.size + right.size - shared);
}

function agesOf(n: number): string[] {
  const years = `${Math.floor(n / 12)}岁`;
  const inYears = n % 12 === 0 ? [`满${years}`] : [`${years}${n % 12}个月`, ...(n === 30 ? ["两岁半"] : [])];
  return n === 1 ? ["满月"] : n < 12 ? [`满${n}个月`] : [...inYears, `${n}个月`];
}

/** "month_facts.csv checkup 3" → what stands there, for each row of the three files. */
function factRows(dir: string): Map<string, string> {
  const csv = (file: string) =>
    readFileSync(join(dir, file), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
  const found = new Map<string, string>();
  const add = (key: string, text: string) => found.set(key, `${found.get(key) ?? ""}\n${text}`);
  for (const [topic, at, ...rest] of csv("month_facts.csv"))
    add(`month_facts.csv ${topic} ${at}`, rest.join());
  for (const [month, ...rest] of csv("who_growth_0_36m.csv"))
    add(`who_growth_0_36m.csv ${month}`, rest.join());
  const { doses } = JSON.parse(readFileSync(join(dir, "immunisation_cn.json"), "utf8")) as {
    doses: { vaccine: string; month: number; zh: string }[];
  };
  for (const { vaccine, month, zh } of doses) add(`immunisation_cn.json ${vaccine} ${month}`, zh);
  return found;
}

/** Whether the row named exists and says what the comment says of it: the words of a fact, every figure of a growth row. */
function holds(rows: Map<string, string>, fact: string): boolean {
  const [name = "", text = ""] = fact.split(/：(.*)/);
  const row = rows.get(name);
  if (row === undefined) return false;
  if (!name.startsWith("who_growth")) return row.includes(text);
  return (text.match(/\d+\.\d+/g) ?? ["none"]).every((figure) =>
    new RegExp(`[\\n,]${figure}(,|\\n|$)`).test(row),
  );
}

/** Whether a fact's own months ("3", "6-8", "5.2-13.5", "24 or longer") reach a baby's month. */
function covers(fact: string, month: number): boolean {
  const [from = "", to = from] = (/ ([\d.]+(?:-[\d.]+)?)(?:：|$)/.exec(fact)?.[1] ?? "").split("-");
  const last = fact.includes("或更久") ? 36 : Math.ceil(Number(to));
  return Math.floor(Number(from)) <= month && month <= last;
}

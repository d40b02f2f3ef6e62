// The variables and helpers of messages: ages, dates, phones, and what to ask a guide for.
import {
  ASKABLE,
  askFor,
  babyAge,
  compileMessage,
  maskPhone,
  personal,
  WORD_VARIABLES,
  type WordsContext,
  wordsFor,
  writeDate,
} from "../../src/journeys/words.js";
import type { ShopDay } from "../../src/kernel/calendar.js";

const context: WordsContext = {
  today: "2026-06-06",
  dueOn: "2026-06-05",
  anchorOn: "2026-03-05",
  customer: {
    name: "李女士",
    phone: "13812341234",
    birthday: "1995-02-03",
    level: "VIP",
    brandPreference: "甲",
  },
  child: { name: "豆豆", bornOn: "2026-03-05", dueOn: null },
  children: [{ name: "豆豆", bornOn: "2026-03-05", dueOn: null }],
  guide: { name: "小王" },
  store: { name: "上海1号店" },
  firstOrderOn: "2026-01-02",
  lastOrder: { on: "2026-05-06", category: "纸尿裤" },
};

describe("babyAge", () => {
  it.each<[ShopDay, ShopDay, string | undefined]>([
    ["2026-03-05", "2026-03-05", "0天"],
    ["2026-03-05", "2026-04-04", "30天"],
    ["2026-03-05", "2026-04-05", "1个月"],
    ["2026-03-05", "2026-06-10", "3个月零5天"],
    ["2026-01-31", "2026-02-28", "1个月"],
    ["2026-01-31", "2026-03-01", "1个月零1天"],
    ["2024-02-29", "2025-02-28", "1岁"],
    ["2025-03-05", "2026-03-04", "11个月零27天"],
    ["2025-03-05", "2026-03-05", "1岁"],
    ["2025-03-05", "2026-05-30", "1岁2个月"],
    ["2023-03-05", "2026-03-05", "3岁"],
    ["2026-03-05", "2026-03-04", undefined],
  ])("born %s is on %s %s", (born, day, age) => {
    expect(babyAge(born, day)).toBe(age);
  });
});

describe("maskPhone", () => {
  it.each([
    ["13812341234", "138****1234"],
    ["13812345678", "138****5678"],
    ["+86 138-1234-1234", "138****1234"],
    ["8613812341234", "138****1234"],
    ["02112345678", "021****5678"],
    ["12345678", "****5678"],
    ["1234", "****"],
    ["", "****"],
  ])("%s is %s", (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });
});

describe("writeDate", () => {
  it.each([
    [undefined, "6月5日"],
    ["YYYY年M月D日", "2026年6月5日"],
    ["YYYY-MM-DD", "2026-06-05"],
    ["MM/DD", "06/05"],
    ["下月", "下月"],
  ])("%s is %s", (pattern, text) => {
    expect(writeDate("2026-06-05", pattern)).toBe(text);
  });
});

describe("wordsFor", () => {
  it("gives every variable a value when everything is known", () => {
    const values = wordsFor({
      ...context,
      child: { name: "豆豆", bornOn: "2026-03-05", dueOn: "2026-03-01" },
    });
    expect(Object.keys(values).sort()).toEqual(Object.keys(WORD_VARIABLES).sort());
    expect(Object.entries(values).filter(([, value]) => value === null || value === undefined)).toEqual([]);
  });

  it("counts to the day of sending", () => {
    expect(wordsFor(context)).toMatchObject({
      days: 93,
      months: 3,
      "child.age": "3个月零1天",
      "child.months": 3,
      years: 0,
    });
  });

  it("counts down to an anchor still ahead", () => {
    const values = wordsFor({
      ...context,
      anchorOn: "2026-06-20",
      child: { name: null, bornOn: null, dueOn: "2026-06-20" },
    });
    expect(values).toMatchObject({ days: 14, months: 0, "child.age": null, "child.due_on": "2026-06-20" });
  });

  it("knows which birthday it is, a week before too", () => {
    expect(wordsFor({ ...context, anchorOn: "2024-02-29", dueOn: "2026-02-28" })).toMatchObject({ years: 2 });
    expect(wordsFor({ ...context, anchorOn: "1994-06-12", dueOn: "2026-06-05" })).toMatchObject({
      years: 32,
    });
  });

  it("gives only those asked for", () => {
    expect(wordsFor(context, ["guide.name", "days"])).toEqual({ "guide.name": "小王", days: 93 });
  });

  it("invents nothing", () => {
    const values = wordsFor({ ...context, child: null, lastOrder: null, firstOrderOn: null });
    for (const name of [
      "child.name",
      "child.age",
      "child.months",
      "last_order.on",
      "first_order.on",
    ] as const)
      expect(values[name] ?? null).toBeNull();
  });
});

describe("compileMessage", () => {
  it.each([
    ["{{customer.name}}，{{child.name}}{{child.age}}啦", "李女士，豆豆3个月零1天啦"],
    [
      '{{age child.born_on today}}|{{date child.born_on}}|{{date today "YYYY-MM-DD"}}',
      "3个月零1天|3月5日|2026-06-06",
    ],
    ["尾号{{phone customer.phone}}", "尾号138****1234"],
    ["{{days}}天前，{{months}}个月", "93天前，3个月"],
    ["{{store.name}}{{guide.name}}", "上海1号店小王"],
  ])("%s", (source, text) => {
    expect(compileMessage(source).render(wordsFor(context))).toEqual({ text });
  });

  it("knows every variable that is documented", () => {
    const source = Object.keys(WORD_VARIABLES)
      .map((name) => `{{${name}}}`)
      .join(" ");
    expect(compileMessage(source).variables).toEqual(Object.keys(WORD_VARIABLES));
  });

  it("asks for a birth date that lies ahead", () => {
    const values = wordsFor({ ...context, child: { name: null, bornOn: "2027-01-01", dueOn: null } });
    const rendered = compileMessage("{{age child.born_on today}}").render(values);
    expect(rendered).toEqual({ missing: ["child.born_on", "today"] });
    expect(askFor("missing" in rendered ? rendered.missing : [])).toEqual(["child.born_on"]);
  });
});

it.each<[string[], boolean]>([
  [[], false],
  [["guide.name", "store.name", "days", "today"], false],
  [["child.name"], true],
  [["customer.name", "days"], true],
  [["last_order.on"], true],
  [["unheard.of"], true],
])("words with %j differ between customers: %s", (variables, expected) => {
  expect(personal(variables)).toBe(expected);
});

describe("askFor", () => {
  it("names each fact once, and none a guide cannot know", () => {
    expect(askFor(["child.age", "child.months", "child.name", "store.name"])).toEqual([
      "child.born_on",
      "child.name",
    ]);
  });

  it("has a word of its own for each fact", () => {
    const words = Object.values(ASKABLE).map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe("several children", () => {
  const of = (...names: (string | null)[]) => ({
    ...context,
    children: names.map((name) => ({ name, bornOn: "2026-03-05", dueOn: null })),
  });
  it.each<[string, WordsContext, string | null, string | null]>([
    ["one", of("豆豆"), "豆豆", "豆豆（3个月零1天）"],
    ["twins", of("小宝", "大宝"), "小宝和大宝", "小宝（3个月零1天）和大宝（3个月零1天）"],
    [
      "three",
      of("一宝", "二宝", "三宝"),
      "一宝、二宝和三宝",
      "一宝（3个月零1天）、二宝（3个月零1天）和三宝（3个月零1天）",
    ],
    ["one without a name", of("小宝", null), null, null],
    ["none at all", of(), null, null],
    [
      "one not born",
      { ...context, children: [{ name: "豆豆", bornOn: null, dueOn: "2026-09-01" }] },
      "豆豆",
      null,
    ],
  ])("%s", (_case, about, children, ages) => {
    expect(wordsFor(about, ["children", "children_ages"])).toEqual({ children, children_ages: ages });
  });
});

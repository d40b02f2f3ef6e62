// A touchpoint's form: what goes in comes out, and what is wrong in it stands in Chinese at its field.
import { join } from "node:path";
import { parse } from "yaml";
import { formFaults } from "../../../src/console/journeys/form-faults.js";
import { formFrom, withRows } from "../../../src/console/journeys/form-fields.js";
import {
  dataOfForm,
  emptyForm,
  formOf,
  type TouchpointForm,
} from "../../../src/console/journeys/touchpoint-form.js";
import { projectRoot } from "../../../src/infra/config.js";
import { loadClaims } from "../../../src/journeys/claims-file.js";
import { dataSource, type JourneyData, remembering } from "../../../src/journeys/draft-data.js";
import { parseJourney } from "../../../src/journeys/file.js";
import { journeySource } from "../../../src/journeys/folder.js";
import { Refusal } from "../../../src/kernel/refusals.js";

const claims = loadClaims(join(projectRoot, "config/forbidden-claims.yaml"));
const dayNames = new Map([["双11", "双11"]]);
const read = (touchpoints: object[]) =>
  parseJourney({ ...dataSource({ key: "k", name: "旅程", touchpoints }, new Map()), dayNames }, claims);

const { source, whole } = remembering(
  journeySource(join(projectRoot, "templates/journeys/newborn-formula.yaml")),
);
parseJourney(source, claims);
const template = (parse(whole()) as JourneyData).touchpoints as JourneyData[];

const rich: JourneyData[] = [
  {
    key: "festival",
    name: "双11",
    before: "双11",
    days: 7,
    spread_days: 5,
    at: "10:30",
    send: "mass",
    words: "快到了",
  },
  { key: "dates", name: "周年庆", on: ["2026-06-18", "2027-06-20"], send: "mass", words: "周年庆" },
  {
    key: "birthday",
    name: "宝宝生日",
    before: "child_born",
    days: 3,
    repeat: "yearly",
    words: "{{child.name}}快生日了",
  },
  {
    key: "due",
    name: "待产",
    before: "child_due",
    weeks: 4,
    words: "{{customer.name}}，待产包备好了吗？",
    hold_out: 10,
  },
  {
    ...{
      key: "call",
      name: "回访",
      after: "last_order",
      days: 60,
      repeat: "each",
      send: "hand",
      ask: "child.name",
    },
    form: { outcomes: ["接通", "未接通"], tags: ["二胎计划"], next_touch: true },
    audience: { any: [{ level: ["金卡"] }, { orders: { at_least: 2, at_most: 9 } }], not: { tag: ["投诉"] } },
  },
  {
    ...{ key: "tried", name: "比较", after: "joined", days: 7, send: "page", grace_days: 0 },
    variants: [
      { key: "A", share: 60, words: "上面一行\n下面一行{{customer.name}}" },
      { key: "热情", share: 40, words: "亲爱的{{customer.name}}" },
    ],
    experiment: { pilot: 20, days: 14, looks: 2, detect: 3 },
    attachments: [
      {
        kind: "link",
        title: "一段",
        url: "https://example.com/a",
        desc: "说明",
        blocked_months: { from: 7 },
      },
    ],
  },
];

describe("what goes in comes out", () => {
  it.each([...template, ...rich].map((one) => [String(one.key), one] as const))("%s", (_key, data) => {
    const { data: after } = dataOfForm(formOf(data));
    expect(read([after])).toEqual(read([data]));
  });

  it("also by the fields of a browser", () => {
    for (const data of rich) {
      const form = formOf(data);
      expect(formFrom(fieldsOf(form))).toEqual(form);
    }
  });
});

/** The form as a browser sends it. */
function fieldsOf(form: TouchpointForm): Record<string, unknown> {
  const { variants, attachments, audience, next_touch, ...texts } = form;
  const fields: Record<string, unknown> = { ...texts, ...(next_touch ? { next_touch: "yes" } : {}) };
  for (const [at, one] of variants.entries())
    for (const [key, text] of Object.entries(one)) fields[`variant.${at}.${key}`] = text;
  for (const [at, one] of attachments.entries())
    for (const [key, text] of Object.entries(one)) fields[`attachment.${at}.${key}`] = text;
  const put = (node: TouchpointForm["audience"]["inside"][number], name: string): void => {
    if (node.kind === "condition") {
      Object.assign(fields, { [`${name}.field`]: node.field, [`${name}.values`]: node.values });
      Object.assign(fields, { [`${name}.at_least`]: node.at_least, [`${name}.at_most`]: node.at_most });
    } else {
      fields[`${name}.op`] = node.op;
      for (const [at, one] of node.inside.entries()) put(one, `${name}.${at}`);
    }
  };
  put(audience, "audience");
  return fields;
}

/** The fields with faults, of a form changed from a good one. */
function faultsOf(change: Partial<TouchpointForm>): Record<string, string> {
  const { data, places } = dataOfForm({ ...emptyForm({}), key: "k", name: "名", words: "您好", ...change });
  try {
    read([data]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { fields, others } = formFaults(error.faults, 0, places);
    expect(others).toEqual([]);
    return fields;
  }
  return {};
}

const attachment = (more: object) =>
  ({ ...formOf(rich[5] as JourneyData).attachments[0], ...more }) as TouchpointForm["attachments"][number];
const variant = (key: string, share: string, words = "好") => ({ key, share, words });
const group = (...inside: TouchpointForm["audience"]["inside"]) => ({
  kind: "group" as const,
  op: "all" as const,
  inside,
});
const when = (field: "orders" | "level" | "amount", more: object) => ({
  ...{ kind: "condition" as const, field, values: [], at_least: "", at_most: "", ...more },
});

it.each<[Partial<TouchpointForm>, string, string]>([
  [{ name: "" }, "name", "请填名称"],
  [{ key: "第一" }, "key", "小写字母"],
  [{ n: "" }, "n", "整数"],
  [{ n: "三" }, "n", "0 到 3660 的整数"],
  [{ direction: "before" }, "anchor", "不能提前"],
  [{ anchor: "customer_birthday", unit: "months" }, "n", "天或周"],
  [{ anchor: "day", day: "", direction: "on" }, "day", "日历上的日子"],
  [{ anchor: "day", day: "双12", direction: "on" }, "day", "日历上的日子"],
  [{ anchor: "day", day: "双11", n: "200" }, "n", "最多 180 天"],
  [{ anchor: "day", day: "双11", direction: "on", spread_days: "99" }, "spread_days", "1 到 30"],
  [{ grace_days: "99" }, "grace_days", "0 到 60"],
  [{ at: "25:00" }, "at", "09:30"],
  [{ words: "" }, "words", "请写话术"],
  [{ words: "{{child.nam}}" }, "words", "没有这个变量"],
  [{ words: "{{#if child.name}}好" }, "words", "没写完"],
  [{ words: "{{date child.name}}" }, "words", "日期"],
  [{ words: "我们是全网第一" }, "words", "绝对化用语"],
  [{ words: "好".repeat(2000) }, "words", "话术太长"],
  [{ hold_out: "80" }, "hold_out", "1 到 50"],
  [{ variants: [variant("A", "50"), variant("B", "40")] }, "variants", "100"],
  [{ variants: [variant("A", "50"), variant("A", "50")] }, "variant.1.key", "不能重复"],
  [{ variants: [variant("A", "50"), variant("B", "50", "")] }, "variant.1.words", "请写话术"],
  [{ variants: [variant("A", "50"), variant("B", "50")], pilot: "0" }, "pilot", "1 到 100"],
  [{ variants: [variant("A", "x"), variant("B", "50")] }, "variant.0.share", "整数"],
  [{ attachments: [attachment({ url: "example" })] }, "attachment.0.url", "网址"],
  [{ attachments: [attachment({ title: "" })] }, "attachment.0.title", "文字"],
  [{ attachments: [attachment({ kind: "picture", file: "" })] }, "attachment.0.file", "上传"],
  [{ attachments: [attachment({ kind: "mini_program", file: "" })] }, "attachment.0.appid", "appid"],
  [{ attachments: [attachment({ from: "8", to: "6" })] }, "attachment.0.from", ""],
  [{ send: "hand", words: "", outcomes: "", tags: "老客" }, "outcomes", "至少填一个"],
  [{ send: "hand", words: "", outcomes: "接#通" }, "outcomes", "20 个字"],
  [{ audience: group(when("level", {})) }, "audience.0", "至少"],
  [
    { audience: group(when("level", { values: ["金卡"] }), when("orders", { at_least: "5", at_most: "2" })) },
    "audience.1",
    "不能大于",
  ],
  [{ audience: group(when("orders", { at_least: "很多" })) }, "audience.0", "整数"],
  [
    { audience: group({ ...group(when("amount", { at_most: "1.234" })), op: "any" }) },
    "audience.0.0",
    "两位小数",
  ],
])("%j is wrong at %s: %s", (change, field, said) => {
  const faults = faultsOf(change);
  const about = field === "attachment.0.from" ? (Object.keys(faults)[0] ?? "") : field;
  expect(Object.keys(faults)).toContain(about);
  expect(faults[about]).toContain(said);
  expect(faults[about]).not.toMatch(/\b(expected|whole number|one of|with|words|texts?|the)\b/);
});

it("rows come and go: the words go with their variants and come back", () => {
  const plain = { ...emptyForm({}), words: "您好" };
  const two = withRows(plain, "variant-add");
  expect(two.variants).toEqual([variant("A", "50", "您好"), variant("B", "50", "")]);
  expect(withRows(two, "variant-add").variants.map(({ share }) => share)).toEqual(["34", "33", "33"]);
  expect(withRows(two, "variant-remove:1")).toEqual(plain);
  const grown = withRows(withRows(plain, "audience-group:"), "audience-add:0");
  expect(grown.audience.inside[0]).toMatchObject({
    op: "any",
    inside: [{ field: "level" }, { field: "level" }],
  });
  expect(withRows(grown, "audience-remove:0").audience.inside).toEqual([]);
  expect(withRows(plain, "attachment-add:poster").attachments).toMatchObject([{ kind: "poster" }]);
  expect(withRows(plain, "attachment-add:nonsense")).toEqual(plain);
});

it("a made-up form nests no deeper than rules may", () => {
  const deep = Array.from({ length: 30 }, (_one, n) => [`audience${".0".repeat(n)}.op`, "any"]);
  const { data } = dataOfForm(
    formFrom({
      ...Object.fromEntries(deep),
      "audience.0.0.1.field": "level",
      "audience.0.0.1.values": "金卡",
    }),
  );
  expect(data.audience).toEqual({ any: [{ any: [{ any: [{ level: ["金卡"] }] }] }] });
});

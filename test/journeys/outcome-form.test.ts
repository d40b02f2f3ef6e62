// Forms of follow-ups by hand: read from a file, filled in by a line of chat, and what is wrong with them.
import { claimsCheck } from "../../src/journeys/claims.js";
import { parseJourney } from "../../src/journeys/file.js";
import { type FilledForm, filledFrom, formFault, type OutcomeForm } from "../../src/journeys/outcome-form.js";
import { changesBetween } from "../../src/journeys/publish.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";

const form: OutcomeForm = {
  outcomes: ["接通", "未接通", "接通后挂断"],
  tags: ["二胎计划", "要试用装"],
  nextTouch: true,
};
const days: Record<string, string> = { "3月20日": "2026-03-20", 明天: "2026-03-03" };
const fill = (text: string) => filledFrom(form, text, (words) => days[words]);
const filled = (more: Partial<FilledForm>): FilledForm => ({
  ...{ outcome: "接通", tags: [], note: "", nextTouchOn: null },
  ...more,
});

it.each<[string, Partial<FilledForm>]>([
  ["接通", {}],
  ["未接通", { outcome: "未接通" }],
  // the longest outcome that fits is meant
  ["接通后挂断，不方便", { outcome: "接通后挂断", note: "不方便" }],
  ["接通，想试二段", { note: "想试二段" }],
  ["接通 想试二段 #要试用装 #二胎计划", { note: "想试二段", tags: ["要试用装", "二胎计划"] }],
  ["接通 ＃要试用装，想试二段", { note: "想试二段", tags: ["要试用装"] }],
  ["接通 下次 3月20日", { nextTouchOn: "2026-03-20" }],
  ["接通 下次联系：明天 在家等", { nextTouchOn: "2026-03-03", note: "在家等" }],
  // a day nobody can read stays a note
  ["接通 下次再说", { note: "下次再说" }],
  ["聊了聊", { outcome: "", note: "聊了聊" }],
  ["", { outcome: "" }],
])("%s", (text, expected) => {
  expect(fill(text)).toEqual(filled(expected));
});

it.each<[string, Partial<FilledForm>, string | null]>([
  ["whole", { tags: ["二胎计划"], note: "好", nextTouchOn: "2026-03-20" }, null],
  ["no outcome", { outcome: "" }, "请选择结果：接通、未接通、接通后挂断。"],
  ["another tag", { tags: ["VIP"] }, "没有标签「VIP」，可以选：二胎计划、要试用装。"],
  ["a day gone by", { nextTouchOn: "2026-03-02" }, "下次日期要在今天以后，不能是 2026-03-02。"],
  ["no day at all", { nextTouchOn: "明天" }, "下次日期请写成 2026-03-02。"],
])("a form with %s", (_name, more, fault) => {
  expect(formFault(form, filled(more), "2026-03-02")).toBe(fault);
});

it("takes no next day where HQ does not ask for one", () => {
  const fault = formFault({ ...form, nextTouch: false }, filled({ nextTouchOn: "2026-03-20" }), "2026-03-02");
  expect(fault).toBe("这次跟进不用约下次日期。");
});

const claims = claimsCheck([]);
const read = (...lines: string[]) => {
  const text = [
    "key: j",
    "name: 旅程",
    "touchpoints:",
    "  - key: t",
    "    name: 触点",
    "    after: joined",
    "    days: 3",
  ];
  const source = {
    name: "j.yaml",
    text: [...text, ...lines.map((line) => `    ${line}`)].join("\n"),
    readWords: () => ({ fault: "none" }),
  };
  return parseJourney(source, claims);
};

it("is read with its defaults, and told when it changes", () => {
  const before = read("send: hand", "form: { outcomes: [接通, 未接通] }");
  expect(before.touchpoints[0]?.form).toEqual({ outcomes: ["接通", "未接通"], tags: [], nextTouch: false });
  const after = read("send: hand", "form: { outcomes: [接通, 未接通], tags: 二胎, next_touch: true }");
  expect(changesBetween(before, after).touchpoints[0]?.line).toBe(
    "修改「触点」：回访表单由接通/未接通改为接通/未接通，标签 二胎，可约下次",
  );
});

it.each<[string, string[], string]>([
  [
    "a form without outcomes",
    ["send: hand", "form: { tags: [a] }"],
    "line 9 column 11: expected outcomes: a list",
  ],
  [
    "a form of words that go by themselves",
    ["words: 您好", "form: { outcomes: [a] }"],
    "expected send: hand",
  ],
  ["an outcome with a bar", ["send: hand", "form: { outcomes: ['a|b'] }"], "without # and |"],
  [
    "a yes that is none",
    ["send: hand", "form: { outcomes: [a], next_touch: maybe }"],
    '"maybe": expected true or false',
  ],
  ["a fact nobody can tell", ["send: hand", "ask: child.height"], "expected one of customer.name"],
])("%s is refused", (_name, lines, expected) => {
  const faults = refusedFor(() => read(...lines)).map(sayFault);
  expect(faults).toEqual([expect.stringContaining(expected)]);
});

it.each<[string[], object]>([
  [["ask: child.born_on"], { lacks: ["child.born_on"] }],
  [["ask: customer.phone", "audience: { level: VIP }"], { level: ["VIP"], lacks: ["customer.phone"] }],
  [
    ["ask: child.born_on", "audience: { lacks: child.due_on }"],
    { lacks: ["child.due_on"], all: [{ lacks: ["child.born_on"] }] },
  ],
])("%j is for those who lack it", (lines, audience) => {
  expect(read("send: hand", ...lines).touchpoints[0]?.audience).toEqual(audience);
});

// What changed between two wordings: marked so that each side can be read whole.
import { wordsDiff } from "../../src/journeys/words-diff.js";

/** [-gone-] and {+come+} in one text. */
const said = (before: string, after: string) =>
  wordsDiff(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "removed" ? `[-${text}-]` : `{+${text}+}`))
    .join("");

it.each<[string, string, string, string]>([
  ["nothing", "您好，宝宝好吗", "您好，宝宝好吗", "您好，宝宝好吗"],
  ["a word", "今天天气真好，出门走走吧", "今天天气很好，出门走走吧", "今天天气[-真-]{+很+}好，出门走走吧"],
  ["the end", "您好", "您好呀", "您好{+呀+}"],
  ["the beginning", "亲爱的，您好", "您好", "[-亲爱的，-]您好"],
  ["all", "甲乙丙", "丁戊己", "[-甲乙丙-]{+丁戊己+}"],
  ["from nothing", "", "您好", "{+您好+}"],
  [
    "a variable as one piece",
    "{{child.name}}好吗",
    "{{customer.name}}好吗",
    "[-{{child.name}}-]{+{{customer.name}}+}好吗",
  ],
  ["a number as one piece", "满100减10哦", "满200减10哦", "满[-100-]{+200+}减10哦"],
  ["without crumbs", "我们明天见", "他们后天见", "[-我们明-]{+他们后+}天见"],
])("%s", (_what, before, after, marked) => {
  expect(said(before, after)).toBe(marked);
});

it("gives each side whole, however long and different", () => {
  const long = (seed: number) =>
    Array.from({ length: 1_300 }, (_, at) => String.fromCharCode(0x4e00 + ((at * seed) % 900))).join("") +
    "。完。";
  for (const [before, after] of [
    [long(7), long(11)],
    ["第一句。第二句话在这里。", "第二句话在这里。第三句。"],
  ] as const) {
    const parts = wordsDiff(before, after);
    const side = (gone: string) =>
      parts
        .filter(({ kind }) => kind !== gone)
        .map(({ text }) => text)
        .join("");
    expect(side("added")).toBe(before);
    expect(side("removed")).toBe(after);
  }
});

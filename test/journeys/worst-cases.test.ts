// The worst cases: whatever a touchpoint waits for, words that stand on what may be missing say so, and careful words hold.
import type { Trigger } from "../../src/journeys/spec.js";
import { compileMessage, wordsFor } from "../../src/journeys/words.js";
import { worstCases } from "../../src/journeys/worst-cases.js";

const trigger = (anchor: string, unit: string, n: number, repeat = "once") =>
  ({ anchor, offset: { unit, n }, repeat }) as Trigger;
const TODAY = "2026-03-31";

function said(words: string, of: Trigger): Record<string, string> {
  const compiled = compileMessage(words);
  return Object.fromEntries(
    worstCases(of, TODAY).map(({ name, context }) => {
      const rendered = compiled.render(wordsFor(context, compiled.variables));
      return [name, "text" in rendered ? rendered.text : `缺 ${rendered.missing.join(" ")}`];
    }),
  );
}

it("twins, a child without a name, no child, no guide", () => {
  const all = said("{{children}}{{child.months}}个月，{{guide.name}}", trigger("child_born", "months", 6));
  expect(all).toMatchObject({
    没有宝宝小名: "缺 children",
    双胞胎: "小宝和大宝6个月，李敏",
    没有宝宝资料: "缺 children child.months",
    没有导购和门店: "缺 guide.name",
    没有客户称呼: "糖糖6个月，李敏",
    什么都不知道: "缺 children child.months guide.name",
  });
});

it("careful words hold in every case", () => {
  const words =
    '{{default customer.name "您"}}好，{{default children "宝宝"}}{{#if last_order.category}}的{{last_order.category}}{{/if}}还好吗？';
  for (const text of Object.values(said(words, trigger("last_order", "days", 45, "each"))))
    expect(text).not.toContain("缺 ");
});

it.each([
  [trigger("child_due", "weeks", -4), "{{child.due_on}} {{days}}", "2026-04-28 28"],
  [trigger("child_born", "days", 0, "yearly"), "{{years}} {{child.age}}", "1 1岁"],
  [trigger("joined", "days", 7), "{{days}} {{anchor_on}}", "7 2026-03-24"],
  [trigger("supply_ends", "days", -5, "each"), "{{date anchor_on}}", "4月5日"],
])("%j counts as it will on the day", (of, words, text) => {
  expect(said(words, of).名字特别长).toBe(text);
});

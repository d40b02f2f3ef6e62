// Words as HQ reads them: variables by their Chinese names.
import { wordsParts } from "../../../src/console/journeys/page.js";

it.each([
  ["您好", ["您好"]],
  ["{{customer.name}}，您好", ["[客户称呼]", "，您好"]],
  ['{{default child.name "宝宝"}}满月了', ["[宝宝小名]", "满月了"]],
  ["{{! 依据 }}\n宝宝{{child.months}}个月", ["宝宝", "[宝宝满几个月]", "个月"]],
  ["{{!-- {{a}} --}}好", ["好"]],
  ["{{#if child.name}}{{child.name}}好{{else}}您好{{/if}}呀", ["[宝宝小名]", "好您好呀"]],
])("%j", (words, parts) => {
  expect(wordsParts(words).map(({ text, isBlank }) => (isBlank ? `[${text}]` : text))).toEqual(parts);
});

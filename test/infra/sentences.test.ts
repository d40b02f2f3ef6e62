// Sentences that were put together in Chinese, said again in English by the catalogue's patterns.
import { sentenceReader } from "../../src/infra/sentences.js";

const read = sentenceReader(
  new Map([
    ["今天", "Today"],
    ["标签", "tag"],
    ["3月{n}日", "Mar {n}"],
    ["{n}个月", "{n} months"],
    ["宝宝{when}满{count}", "baby {count} old: {when}"],
    ["{name}至少{n}{unit}", "{name} at least {n} {unit}"],
    ["订单数", "orders"],
    ["单", "orders"],
    ["放行 {n}，跳过 {n2}", "{n} released, {n2} skipped"],
    ["停在「{step}」：{why}", "stopped at “{step}”: {why}"],
    ["没有找到「{what}」。", "There is no “{what}”."],
    ["{a}和{b}", "{a} and {b}"],
    ["{what}：{changes}。", "{what}: {changes}."],
    ["上{day}", "last {day}"],
    ["周三", "Wednesday"],
    ["{name}前{time}", "{time} before {name}"],
    ["门店", "store"],
  ]),
);

test.each([
  ["今天", "Today"],
  ["3月9日", "Mar 9"],
  ["3月9日 – 3月12日", "Mar 9 – Mar 12"],
  ["放行 1,204，跳过 3", "1,204 released, 3 skipped"],
  // what stands in a place is read in turn
  ["宝宝今天满6个月", "baby 6 months old: Today"],
  ["宝宝3月9日满6个月", "baby 6 months old: Mar 9"],
  ["停在「今天」：放行 1，跳过 2", "stopped at “Today”: 1 released, 2 skipped"],
  // a list is read piece by piece, its marks with it
  ["标签：vip、gold；订单数至少3单", "tag: vip, gold; orders at least 3 orders"],
  ["3月9日 09:30 · 今天", "Mar 9 09:30 · Today"],
  // what nobody knows stays, in a sentence or alone
  ["没有找到「华东」。", "There is no “华东”."],
  ["您好，王芳。", "您好，王芳。"],
  ["标签、小王、小李", "tag, 小王、小李"],
  ["Anna、Bea", "Anna, Bea"],
  // one letter of ours between words of nobody's makes no sentence: these are names
  ["上周三", "last Wednesday"],
  ["今天前6个月", "6 months before Today"],
  ["上海徐汇店", "上海徐汇店"],
  ["和平店", "和平店"],
  ["前门店", "前门店"],
  ["李和", "李和"],
  // nor do marks alone make a sentence one of ours
  ["认识您啦。问我：推车、湿巾怎么收。慢慢跟您说。", "认识您啦。问我：推车、湿巾怎么收。慢慢跟您说。"],
  ["今天：标签。", "Today: tag."],
  ["小李：今天。", "小李: Today."],
  ["plain", "plain"],
])("%s", (text, said) => {
  expect(read(text)).toBe(said);
});

test("a number's place takes a number alone", () => {
  const numbers = sentenceReader(new Map([["{n} 位", "{n} people"]]));
  expect([numbers("12 位"), numbers("−3.5 位"), numbers("各 位")]).toEqual([
    "12 people",
    "−3.5 people",
    "各 位",
  ]);
});

test("the closer fit goes first", () => {
  const closer = sentenceReader(
    new Map([
      ["{what}。", "{what}!"],
      ["没有{what}。", "no {what}."],
    ]),
  );
  expect(closer("没有 X。")).toBe("no  X.");
});

// The list by which a customer's message is known for urgent, on examples: what must raise, and what only sounds like it.
import { DEFAULT_PHRASES } from "../../src/channels/reply-defaults.js";
import { type Phrase, replyRules, rolesOf } from "../../src/channels/reply-rules.js";
import * as phrases from "../../src/sandbox/phrases.js";

const { judge, isAutomatic } = replyRules(DEFAULT_PHRASES);

test.each([
  ["我要投诉你们！", "complaint", false],
  ["再这样我就投诉了", "complaint", false],
  ["你们不处理我只能打12315", "complaint", false],
  ["不得不投诉了", "complaint", false],
  ["这罐奶粉里有虫子！！", "complaint", false],
  ["奶粉是假货吧", "complaint", false],
  ["是不是假货啊", "complaint", false],
  ["说好的退款呢", "complaint", false],
  ["为什么不退款", "complaint", false],
  ["一直没收到退款", "complaint", false],
  ["你们服务实在太差了", "complaint", false],
  ["这样不行我要投诉", "complaint", false],
  ["不是正品我要投诉", "complaint", false],
  ["我 要 投 诉", "complaint", false],
  ["宝宝发烧39度了怎么办", "illness", false],
  ["发烧了，会影响打疫苗吗", "illness", false],
  ["喝了你们家奶粉拉肚子", "illness", false],
  ["摸着好烫，是不是发烧了", "illness", false],
  ["孩子在医院，晚点说", "illness", false],
  ["喝了就不舒服，还吐血", "illness", false],
  ["昨天过敏了，全身起疹子", "illness", false],
  ["退订", "opt_out", true],
  ["怎么退订啊", "opt_out", true],
  ["别再发了", "opt_out", true],
  ["能不能不要再给我发了", "opt_out", true],
  ["没事别老给我发", "opt_out", true],
  ["这种消息我不想再收到", "opt_out", true],
  ["TD", "opt_out", true],
  ["ｔｄ。", "opt_out", true],
  ["请勿再发", "opt_out", true],
  ["别再发了，再发我投诉你们", "complaint", true],
  ["宝宝发烧呢，别给我发这些了", "illness", true],
  ["别再打扰我了", "leave_alone", false],
  ["不要联系我了，谢谢", "leave_alone", false],
  ["再发就拉黑", "leave_alone", false],
  ["别骚扰我", "leave_alone", false],
  ["烦死了", "leave_alone", false],
])("raises: %s", (text, kind, optOut) => {
  expect(judge(text)).toMatchObject({ kind, optOut });
});

test.each([
  "不会投诉你们的，放心",
  "我不会真的去投诉",
  "没想过要投诉",
  "我不是来投诉的，是想表扬你",
  "没有人投诉，大家都说好",
  "之前投诉的问题已经解决了，谢谢",
  "我投诉的是别家",
  "朋友上次投诉过一家店",
  "没什么不满意的",
  "退款已经到账啦，谢谢",
  "收到退款了",
  "别家的服务太差了",
  "宝宝最近胃口太差",
  "奶粉开封后会不会变质",
  "我老公是律师",
  "我退订了别家，以后只买你家",
  "把别家的都退订了",
  "我想退订单，选错段了",
  "没说要退订",
  "我不想退订，就是问问",
  "希望宝宝别再发烧",
  "可别再发生这种事了",
  "货先不要再发货了哈",
  "不要给我发票",
  "先别发快递",
  "别发错了哦",
  "宝宝没有发烧",
  "不发烧了，已经好多了",
  "上周刚打完疫苗，有点低烧，现在好了",
  "已经退烧了，谢谢关心",
  "打疫苗会发烧吗",
  "如果发烧怎么办",
  "担心过敏，可以先试用吗",
  "有没有抗过敏的奶粉",
  "宝宝是过敏体质",
  "有早产儿奶粉吗",
  "下周去医院做产检",
  "我在医院上班，晚点回你",
  "不好意思打扰了，想问下奶粉",
  "不打扰你啦，晚安",
  "今天接到好多骚扰电话",
  "开玩笑的，不投诉你",
  "好的，谢谢",
  "脸上起了点小红疹，医生说观察两天",
  "",
  "👶🏻",
  "[图片]",
])("does not raise: %s", (text) => {
  expect(judge(text)).toBeNull();
});

test("what mothers say every day raises nothing", () => {
  const { replies, plainReplies, afterthoughts, greetings } = phrases;
  const said = [...replies.flatMap(({ words }) => words), ...plainReplies, ...afterthoughts, ...greetings];
  expect(said.length).toBeGreaterThan(50);
  expect(said.filter((text) => judge(text) !== null)).toEqual([]);
});

test("another sentence stands for itself", () => {
  expect(judge("上次的事解决了。这次我要投诉！")).toMatchObject({ kind: "complaint" });
  expect(judge("不会投诉你们\n宝宝发烧了")).toMatchObject({ kind: "illness" });
});

test.each([
  ["我通过了你的朋友验证请求，现在我们可以开始聊天了", true],
  ["我通过了你的联系人验证请求，现在我们可以开始聊天了", true],
  ["我已经添加了你，现在我们可以开始聊天了。", true],
  ["I've accepted your friend request. Now let's chat!", true],
  ["I’ve accepted your friend request. Now let’s chat!", true],
  ["好的，现在我们可以开始聊天了", false],
  ["我通过了你的朋友验证请求，现在我们可以开始聊天了吗？想问下奶粉", false],
  ["", false],
])("written by the chat system: %s", (text, is) => {
  expect(isAutomatic(text)).toBe(is);
});

describe("a list of HQ's own", () => {
  const list: Phrase[] = [
    { kind: "complaint", role: "any", phrase: "罐子…瘪" },
    { kind: "complaint", role: "any", phrase: "(.*)+$" },
    { kind: "every", role: "before", phrase: "并没有" },
    { kind: "opt_out", role: "whole", phrase: "停！" },
    { kind: "leave_alone", role: "any", phrase: " " },
  ];
  const own = replyRules(list);

  test("gaps stay in their clause, signs mean themselves, nothing else is known", () => {
    expect(own.judge("收到的罐子有点瘪")).toMatchObject({ kind: "complaint", word: "罐子…瘪" });
    expect(own.judge("罐子好看，肚子瘪")).toBeNull();
    expect(own.judge("并没有罐子瘪了")).toBeNull();
    expect(own.judge("停")).toMatchObject({ kind: "opt_out", optOut: true });
    expect(own.judge("停一下")).toBeNull();
    expect(own.judge("我要投诉")).toBeNull();
    expect(own.judge("(.*)+$")).toMatchObject({ word: "(.*)+$" });
    expect(replyRules([]).judge("退订")).toBeNull();
  });
});

test("every default has a place, and none has a length the list refuses", () => {
  for (const { kind, role, phrase } of DEFAULT_PHRASES) {
    expect(rolesOf(kind)).toContain(role);
    expect(phrase.length).toBeGreaterThan(0);
    expect(phrase.length).toBeLessThanOrEqual(60);
  }
});

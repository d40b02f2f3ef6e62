// What lines of chat mean: as people really type them, and never a guess.
import fc from "fast-check";
import { type Command, parseCommand } from "../../src/tasks/commands.js";
import { dayMeant } from "../../src/tasks/said-days.js";

const send = (...numbers: number[]): Command => ({ kind: "send", numbers });
const later = (...numbers: number[]): Command => ({ kind: "later", numbers });
const only = (kind: "list" | "sendAll" | "figures" | "help" | "urge" | "unknown"): Command => ({ kind });
const show = (number: number): Command => ({ kind: "show", number });
const edit = (number: number, words: string): Command => ({ kind: "edit", number, words });
const done = (number: number | number[], outcome: string): Command => ({
  kind: "done",
  numbers: [number].flat(),
  outcome,
});
const undo = (...numbers: number[]): Command => ({ kind: "undo", numbers });
const report = (region: string, day: string): Command => ({ kind: "report", region, day });
const skip = (
  numbers: number[],
  reason: Extract<Command, { kind: "skip" }>["reason"],
  note: string,
): Command => ({
  kind: "skip",
  numbers,
  reason,
  note,
});
const supply = (
  number: number,
  field: Extract<Command, { kind: "supply" }>["field"],
  value: string,
): Command => ({
  kind: "supply",
  number,
  field,
  value,
});
const incomplete = (verb: Extract<Command, { kind: "incomplete" }>["verb"]): Command => ({
  kind: "incomplete",
  verb,
});

const rows: [text: string, command: Command][] = [
  ["任务", only("list")],
  [" 任务。", only("list")],
  ["　任务　", only("list")],
  ["今日任务", only("list")],
  ["看一下今天的任务", only("list")],
  ["任务列表！", only("list")],
  ["/任务", only("list")],
  ["rw", only("list")],
  ["RenWu", only("list")],
  ["任物", only("list")],
  ["人物", only("list")],
  ["任務", only("list")],
  ["任务吧", only("list")],
  ["看下今天的任务，谢谢", only("list")],
  ["任务完成了", only("unknown")],

  ["3", show(3)],
  ["３", show(3)],
  ["12。", show(12)],
  ["第3个", show(3)],
  ["第三位", show(3)],
  ["看 3", show(3)],
  ["查看3号", show(3)],
  ["2026", only("unknown")],
  ["13800138000", only("unknown")],

  ["发 3", send(3)],
  ["发3", send(3)],
  ["发３", send(3)],
  ["發送 3", send(3)],
  ["发送3", send(3)],
  ["发给3号", send(3)],
  ["发第三个", send(3)],
  ["发第十二条", send(12)],
  ["发1-5", send(1, 2, 3, 4, 5)],
  ["发 1 - 3", send(1, 2, 3)],
  ["发1～3", send(1, 2, 3)],
  ["发1到3", send(1, 2, 3)],
  ["发 5-3", send(3, 4, 5)],
  ["发1,2,3", send(1, 2, 3)],
  ["发1，2，3。", send(1, 2, 3)],
  ["发 1、3、5-7", send(1, 3, 5, 6, 7)],
  ["发 1 2 3", send(1, 2, 3)],
  ["发1和3", send(1, 3)],
  ["发 3 3 3", send(3)],
  ["发１，２，３", send(1, 2, 3)],
  ["发１－５", send(1, 2, 3, 4, 5)],
  ["发 1 、 2", send(1, 2)],
  ["发①②", only("unknown")],
  ["发③", only("unknown")],
  ["发1,3-5。", send(1, 3, 4, 5)],
  ["发3吧", send(3)],
  ["发 1-3，谢谢", send(1, 2, 3)],
  ["发三号", send(3)],
  ["3发", send(3)],
  ["1、2 发送", send(1, 2)],
  ["发宋 3", send(3)],
  ["fa 3", send(3)],
  ["fasong 1-3", send(1, 2, 3)],
  ["发两个", only("unknown")],
  ["3 发货了吗", only("unknown")],
  ["10点再发", only("unknown")],
  ["法3", send(3)],
  ["发：3", send(3)],
  ["发", incomplete("send")],
  ["发。", incomplete("send")],
  ["发货了吗", only("unknown")],
  ["发3箱过来", only("unknown")],

  ["已发出 3", { kind: "wentOut", number: 3, sent: true }],
  ["已经发了3", { kind: "wentOut", number: 3, sent: true }],
  ["发了3", { kind: "wentOut", number: 3, sent: true }],
  ["没发出 3", { kind: "wentOut", number: 3, sent: false }],
  ["没有发出3。", { kind: "wentOut", number: 3, sent: false }],
  ["没发", only("unknown")],
  ["发了3箱", only("unknown")],

  ["全部发送", only("sendAll")],
  ["全发", only("sendAll")],
  ["全部发", only("sendAll")],
  ["发全部", only("sendAll")],
  ["一键发送！", only("sendAll")],
  ["发送所有任务", only("sendAll")],
  ["全部發送", only("sendAll")],
  ["全部发送吧", only("sendAll")],
  ["全部发，谢谢！", only("sendAll")],
  ["全不发送", only("unknown")],
  ["全发给谁", only("unknown")],

  ["改 3 亲，宝宝满月啦！", edit(3, "亲，宝宝满月啦！")],
  ["改3亲，宝宝满月啦", edit(3, "亲，宝宝满月啦")],
  ["修改３：宝宝１岁了，第１次生日快乐（抱抱）", edit(3, "宝宝１岁了，第１次生日快乐（抱抱）")],
  ["改 第2条 早上好\n今天天气不错", edit(2, "早上好\n今天天气不错")],
  ["改 3 5月1日有活动", edit(3, "5月1日有活动")],
  ["改 3 👶🏻真可爱", edit(3, "👶🏻真可爱")],
  ["改 3", incomplete("edit")],
  ["改", incomplete("edit")],
  ["改天再聊", only("unknown")],
  ["改一下时间", only("unknown")],
  ["改3段奶粉吧", only("unknown")],
  ["改3天后再说", only("unknown")],
  ["改 3、4 早上好", incomplete("edit")],
  ["改 3-5 早上好", incomplete("edit")],
  ["改 3 618 活动开始啦", edit(3, "618 活动开始啦")],
  ["改 3 發送給您一份食譜", edit(3, "發送給您一份食譜")],
  ["改 3 您看方便吗？", edit(3, "您看方便吗？")],

  ["跳过 3 太忙", skip([3], "busy", "太忙")],
  ["跳过3太忙了", skip([3], "busy", "太忙了")],
  ["跳过 3", skip([3], "other", "")],
  ["跳过 3 2天前聊过", skip([3], "already_spoke", "2天前聊过")],
  ["跳过 3，已经联系过了", skip([3], "already_spoke", "已经联系过了")],
  ["跳过 1、2、5 不是本人", skip([1, 2, 5], "wrong_person", "不是本人")],
  ["跳过1-3 内容不合适", skip([1, 2, 3], "unsuitable", "内容不合适")],
  ["跳过 3，5月再说", skip([3], "other", "5月再说")],
  ["跳过 3，2天前聊过", skip([3], "already_spoke", "2天前聊过")],
  ["跳过 3，3-20再约", skip([3], "other", "3-20再约")],
  ["跳过 1、3-5 太忙", skip([1, 3, 4, 5], "busy", "太忙")],
  ["跳过 1 2 3 太忙", skip([1, 2, 3], "busy", "太忙")],
  ["跳过 3 2 个孩子都病了", skip([3], "other", "2 个孩子都病了")],
  ["3跳过太忙", skip([3], "busy", "太忙")],
  ["別發 3", only("unknown")],
  ["别发3", skip([3], "other", "")],
  ["跳过 3 可以吗", only("unknown")],
  ["不发3 客户最近不方便", skip([3], "unsuitable", "客户最近不方便")],
  ["跳国 3 客户出国了", skip([3], "other", "客户出国了")],
  ["跳过", incomplete("skip")],

  ["稍后 3", later(3)],
  ["稍后3、4", later(3, 4)],
  ["晚点再发 3", later(3)],
  ["等会儿3", later(3)],
  ["稍候3", later(3)],
  ["捎后3", later(3)],
  ["3 稍后", later(3)],
  ["稍后", incomplete("later")],
  ["稍后联系您", only("unknown")],

  ["完成 3 已电话回访，宝宝感冒了", done(3, "已电话回访，宝宝感冒了")],
  ["完成3", done(3, "")],
  ["搞定 3", done(3, "")],
  ["完成了3：孕妈妈说先不买", done(3, "孕妈妈说先不买")],
  ["完成 1、2", done([1, 2], "")],
  ["完成 1-3 都打过电话了", done([1, 2, 3], "都打过电话了")],
  ["完成 3 2 罐奶粉送到", done(3, "2 罐奶粉送到")],
  ["完成 3 接通 下次 3-20", done(3, "接通 下次 3-20")],
  ["3完成", done(3, "")],
  ["完成 3 了吗", only("unknown")],
  ["3 完成了吗？", only("unknown")],
  ["完成", incomplete("done")],

  ["补 3 生日 2026-03-02", supply(3, "child.born_on", "2026-03-02")],
  ["补3生日2026-03-02", supply(3, "child.born_on", "2026-03-02")],
  ["补充 3 宝宝生日：2026年3月2日", supply(3, "child.born_on", "2026年3月2日")],
  ["补 3 客户生日 1995-06-01", supply(3, "customer.birthday", "1995-06-01")],
  ["补 3 预产期 2026.8.1", supply(3, "child.due_on", "2026.8.1")],
  ["补 3 宝宝 小米", supply(3, "child.name", "小米")],
  ["补 3 小名叫小米", supply(3, "child.name", "小米")],
  ["补 3 姓名 王芳", supply(3, "customer.name", "王芳")],
  ["补 3 姓名 为民", supply(3, "customer.name", "为民")],
  ["补 3 手机 138 0013 8000", supply(3, "customer.phone", "138 0013 8000")],
  ["补 3 2026-03-02", supply(3, null, "2026-03-02")],
  ["补 3、4 生日 2026-03-02", incomplete("supply")],
  ["補 3 生日 2026-03-02", supply(3, "child.born_on", "2026-03-02")],
  ["补 3 生日", incomplete("supply")],
  ["补 3", incomplete("supply")],
  ["补货", only("unknown")],

  ["撤回", undo()],
  ["撤回！", undo()],
  ["撤回全部", undo()],
  ["撤回刚才的", undo()],
  ["撤回 3", undo(3)],
  ["撤回1-3", undo(1, 2, 3)],
  ["3 撤回", undo(3)],
  ["撒回3", undo(3)],
  ["撤回一条消息怎么弄", only("unknown")],
  ["撤回 3 怎么弄", only("unknown")],
  ["撤回3条了吗", only("unknown")],
  ["数据", only("figures")],
  ["數據", only("figures")],
  ["我的数据", only("figures")],
  ["帮助", only("help")],
  ["?", only("help")],
  ["？？", only("help")],
  ["怎么用？", only("help")],
  ["催办", only("urge")],

  ["报表", report("", "")],
  ["报表 华东", report("华东", "")],
  ["报表华东", report("华东", "")],
  ["报表　华东", report("华东", "")],
  ["報表 華東", report("华东", "")],
  ["爆表 昨天", report("", "昨天")],
  ["报表，谢谢", report("", "")],
  ["催辦", only("urge")],
  ["崔办", only("urge")],
  ["报表 华东大区 昨天", report("华东大区", "昨天")],
  ["报表 昨天", report("", "昨天")],
  ["报表 3月2日 华东", report("华东", "3月2日")],
  ["报表 2026-03-02", report("", "2026-03-02")],

  ["你好", only("unknown")],
  ["", only("unknown")],
  ["谢谢", only("unknown")],
  ["[图片]", only("unknown")],
];

test.each(rows)("%j", (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

describe("whatever is typed", () => {
  const pieces = fc.constantFrom(
    "发",
    "改",
    "跳过",
    "补",
    "完成",
    "稍后",
    "报表",
    "撤回",
    "生日",
    "第",
    "十",
    "3",
    "１",
    "-",
    "、",
    " ",
    "　",
    "\n",
    "2026-03-02",
    "👶",
    "\u200b",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 8 }).map((some) => some.join("")),
  );

  test("is never a crash, and numbers are few and positive or nought", () => {
    fc.assert(
      fc.property(text, (line) => {
        const command = parseCommand(line);
        const numbers = "numbers" in command ? command.numbers : "number" in command ? [command.number] : [];
        expect(numbers.length).toBeLessThanOrEqual(200);
        expect(numbers.every((n) => Number.isInteger(n) && n >= 0 && n <= 999)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 199 }), { minLength: 1, maxLength: 12 });
  const wide = (said: string) =>
    said.replace(/[0-9,-]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
  const blank = fc.constantFrom("", " ", "　", "  ");
  const mark = fc.constantFrom(",", "，", "、", ", ", " 、", "和", "；");
  const verbs = fc.constantFrom<[string, "send" | "later" | "undo" | "skip" | "done"]>(
    ...([
      ["发", "send"],
      ["发送", "send"],
      ["發送", "send"],
      ["稍后", "later"],
      ["撤回", "undo"],
      ["跳过", "skip"],
      ["跳過", "skip"],
      ["完成", "done"],
    ] as [string, "send"][]),
  );

  test("the same numbers mean the same however they are spaced, separated and widened", () => {
    fc.assert(
      fc.property(
        verbs,
        numbers,
        blank,
        mark,
        blank,
        fc.boolean(),
        ([verb, kind], some, gap, by, end, full) => {
          const said = `${verb}${gap}${some.join(by)}${end}`;
          const command = parseCommand(full ? wide(said) : said);
          expect(command).toMatchObject({ kind, numbers: [...some].sort((a, b) => a - b) });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a range means all of it, and nothing else", () => {
    const dash = fc.constantFrom("-", "－", "~", "～", "—", "到", "至", " - ");
    const end = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(verbs, end, end, dash, blank, ([verb, kind], from, to, by, gap) => {
        const [low, high] = [Math.min(from, to), Math.max(from, to)];
        expect(parseCommand(`${verb}${gap}${from}${by}${to}`)).toMatchObject({
          ...{ kind, numbers: Array.from({ length: high - low + 1 }, (_, n) => low + n) },
        });
      }),
      { numRuns: 300 },
    );
  });

  test("a reason is never read as a number: only numbers written before it count", () => {
    const reasons = fc.constantFrom(
      "2天前聊过",
      "5月再说",
      "3-20再约",
      "2 个孩子都病了",
      "10点才下班",
      "1箱刚买",
    );
    const by = fc.constantFrom(" ", "，", ",", "：");
    fc.assert(
      fc.property(
        fc.constantFrom("跳过", "完成"),
        fc.integer({ min: 1, max: 99 }),
        by,
        reasons,
        (verb, number, gap, why) => {
          expect(parseCommand(`${verb} ${number}${gap}${why}`)).toMatchObject({ numbers: [number] });
        },
      ),
      { numRuns: 300 },
    );
  });

  test("new words for a customer arrive as they were typed", () => {
    const words = fc.string({ unit: "grapheme", minLength: 1 }).map((some) => `亲${some}。`);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), words, (number, some) => {
        const typed = some.replace(/[\u200b\ufeff]/g, "");
        expect(parseCommand(`改 ${number} ${typed}`)).toEqual({ kind: "edit", number, words: typed.trim() });
      }),
    );
  });
});

const today = "2026-03-10";
test.each<[text: string, day: string | undefined, lately?: string]>([
  ["2026-03-02", "2026-03-02"],
  ["2026/3/2", "2026-03-02"],
  ["2026.3.2", "2026-03-02"],
  ["2026年3月2日", "2026-03-02"],
  ["2026年 3月 2号", "2026-03-02"],
  ["26年3月2日", "2026-03-02"],
  ["20260302", "2026-03-02"],
  ["今天", today],
  ["昨天", "2026-03-09"],
  ["明天", "2026-03-11"],
  ["3月2日", undefined, "2026-03-02"],
  ["3-20", undefined, "2025-03-20"],
  ["2月29日", undefined, undefined],
  ["2026-02-29", undefined],
  ["2026-13-01", undefined],
  ["去年", undefined],
  ["", undefined],
])("the day %j", (text, day, lately = day) => {
  expect(dayMeant(text, today)).toBe(day);
  expect(dayMeant(text, today, "past")).toBe(lately);
});

// The words guides and managers use, as patterns over half-width text: verbs with their common typos, reasons, facts.
import type { Askable } from "../journeys/words.js";
import type { SkipReason } from "./life.js";

/** Verbs that need a number, and more. */
export type Verb = "send" | "edit" | "skip" | "later" | "done" | "supply";

/** Traditional letters of these words, as some keyboards write them. */
export const SIMPLE: Readonly<Record<string, string>> = Object.fromEntries(
  [..."發发務务過过後后報报數数據据幫帮補补辦办個个號号條条點点會会華华東东區区"].flatMap(
    (letter, at, all) => (at % 2 === 0 ? [[letter, all[at + 1] ?? letter]] : []),
  ),
);

/** Lines that are a command as a whole. Typos are those of a pinyin keyboard: words that sound the same. */
export const WHOLE: readonly [kind: "list" | "sendAll" | "figures" | "help" | "urge", pattern: RegExp][] = [
  [
    "list",
    /^(看|查看|打开)?(一下|下)?(我的|今日|今天|今天的|今日的)?(任务|任物|仁务|人物|认务|任务列表|任务清单|清单|列表|待办|名单)(列表|清单)?$/,
  ],
  ["list", /^(rw|renwu|list|tasks?)$/i],
  [
    "sendAll",
    /^(全部|全都|都|一键|全步|全布)(发送|发出|发了|发|法送|法|发宋)$|^全(发|法)(送|了)?$|^(发送|发出|发)(全部|所有|全都)(的|任务)?$/,
  ],
  ["sendAll", /^(qf|quanfa|qbfs|quanbufasong)$/i],
  ["figures", /^(看|查看)?(我的|今日|今天)?(数据|数剧|书据|数局|业绩|战绩|统计|成绩)$|^(sj|shuju|data)$/i],
  [
    "help",
    /^(帮助|帮住|帮组|邦助|帮忙|使用帮助|怎么用|怎么使用|如何使用|说明|使用说明|菜单|指令|命令|口令)$|^(help|bz|bangzhu|h)$/i,
  ],
  ["urge", /^(催办|催班|崔办|催版|催半|催一下|催催|催|一键催办|提醒(导购|大家)?)$|^(cb|cuiban)$/i],
];

/** Verbs that begin a line; the first that fits is meant. */
export const VERBS: readonly [verb: Verb | "undo", pattern: RegExp][] = [
  ["undo", /^(撤回|撤会|撤销|撤消|撒回|彻回|车回|收回|取消发送|chehui)/i],
  [
    "later",
    /^(稍后|稍候|少后|捎后|晚点|晚一点|等会儿?|等一下|等下|待会儿?|过会儿?|延后|推迟|迟点)(再说|再发|处理|发)?/,
  ],
  ["skip", /^(跳过|跳國|跳国|跳果|条过|调过|挑过|略过|忽略|不要发|不发|别发|跳|tiaoguo)/i],
  ["done", /^(已完成|完成了|完成|完城|完程|玩成|搞定了?|做完了?|办完了?|wancheng)/i],
  ["supply", /^(补充|补上|补录|补|填写|填)/],
  ["edit", /^(修改|更改|编辑|改成|改为|改)/],
  ["send", /^(发送|发宋|发出|发给|发|法送|法|fasong|fa(?=\s?\d)|fs(?=\s?\d))/i],
];

/** What a guide says of words without a receipt. */
export const WENT_OUT: readonly [sent: boolean, pattern: RegExp][] = [
  [false, /^(还没有?|没有|没|未)(发送|发出去?|发)/],
  [true, /^(已经|已)(发送|发出去?|发)了?|^发(出去?)?了/],
];

const SKIP_WORDS: readonly [reason: SkipReason, pattern: RegExp][] = [
  ["already_spoke", /聊过|说过|联系过|沟通过|回过|刚聊|刚联系|已经?(聊|联系|沟通|说|回访)/],
  ["wrong_person", /人不对|不是(本人|妈妈|她|他|客户|我的)|认错|搞错人|加错|不认识|换人|同行|同事/],
  ["busy", /忙|没空|没时间|来不及|顾不上/],
  ["unsuitable", /不合适|不适合|不方便|不需要|用不上|内容|不对|不想|打扰|重复/],
];

/** Which of the reasons a guide's own words mean. */
export function reasonOf(words: string): SkipReason {
  return SKIP_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? "other";
}

/** Facts a guide can supply, by the words they are called. */
export const FIELDS: readonly [field: Askable, pattern: RegExp][] = [
  ["customer.birthday", /^(客户|妈妈|本人|宝妈|会员)的?(生日|出生日期)/],
  ["child.due_on", /^(宝宝)?的?(预产期|预产|预约期|待产)(日期)?/],
  ["child.born_on", /^(宝宝|孩子|小孩|小朋友)?的?(生日|生曰|出生日期|出生|生于)/],
  ["customer.phone", /^(客户|妈妈)?的?(手机号码?|手机|电话号码?|电话|号码)/],
  ["child.name", /^(宝宝|孩子|小孩)?的?(小名|乳名|昵称)|^(宝宝|孩子|小孩)的?(名字|姓名|名)?/],
  ["customer.name", /^(客户|妈妈)?的?(称呼|姓名|名字|名称)/],
];

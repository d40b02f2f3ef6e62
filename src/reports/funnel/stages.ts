// The steps from a due date to a reply, how they are called, and what a task that stopped between two is said to lack. Pure.
import { REASON_NAMES, STATE_NAMES } from "../../tasks/life.js";

/** The steps in their order; a task that reached one reached all before it. */
export const STAGES = [
  { stage: 1, key: "due", name: "到期", meaning: "到了该跟进的日子（下发或结束之后计入；还在等放行的不计）" },
  { stage: 2, key: "planned", name: "已计划", meaning: "没有留作对照，也没有错过计划运行" },
  { stage: 3, key: "released", name: "已放行", meaning: "过了频次上限、退订、好友关系等检查，当天可以下发" },
  { stage: 4, key: "offered", name: "已下发", meaning: "给到了导购" },
  { stage: 5, key: "approved", name: "已确认", meaning: "导购点了发送，或报告了人工完成" },
  {
    stage: 6,
    key: "handed_over",
    name: "已交渠道",
    meaning: "确认之后交给企业微信、页面或机器人；不含人工完成",
  },
  { stage: 7, key: "delivered", name: "已送达", meaning: "渠道接受了这位客户的消息" },
  { stage: 8, key: "replied", name: "已回复", meaning: "可观察的会话里，客户在窗口期内回复了这一次跟进" },
] as const;

/** The last step there is. */
export const LAST_STAGE = STAGES.length;

/** Sent, and nothing came back that could be seen. */
const SILENT: Readonly<Record<string, string>> = {
  no_reply: "没有回复",
  unobserved: "会话不可观察",
};

/** States in which a task may still go on. */
const OPEN = ["planned", "offered", "approved", "sending", "handed_over", "needs_data", "held", "unknown"];

/** Why tasks stopped where they did, in words. */
export function whyName(why: string): string {
  const names: Readonly<Record<string, string>> = { ...STATE_NAMES, ...REASON_NAMES, ...SILENT };
  return names[why] ?? why;
}

/** Whether what stopped there may still go on. */
export function isWaiting(why: string): boolean {
  return OPEN.includes(why);
}

/** Whether it is no loss that tasks stopped there: done without a channel, kept back on purpose, said with another; or not
 *  known to be one, where nobody can see what the customer says. */
export function isMeant(why: string): boolean {
  return ["done_by_hand", "held_out", "merged", "bought_already", "unobserved"].includes(why);
}

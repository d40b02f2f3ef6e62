// A trigger, a way and the other choices of a touchpoint in Chinese, as HQ reads them on the desk.
import type { AnchorKind, AnchorTrigger, DayRef, DayTrigger, Priority, Trigger, Unit, Way } from "./spec.js";

export const WAY_NAMES: Record<Way, string> = {
  mass: "企业微信群发",
  page: "导购页面发送",
  bot: "机器人代发",
  hand: "人工跟进",
};

export const PRIORITY_NAMES: Record<Priority, string> = {
  service: "服务",
  milestone: "成长节点",
  churn: "挽回",
  promotion: "促销",
};

/** What each anchor is called before 后, 前 and 当天. */
export const ANCHOR_NAMES: Record<AnchorKind, string> = {
  joined: "加好友",
  guide_assigned: "分配导购",
  first_order: "首次购买",
  last_order: "最近一次购买",
  child_due: "预产期",
  child_born: "宝宝出生",
  customer_birthday: "生日",
  supply_ends: "预计用完",
  at_risk: "出现流失风险",
  next_touch: "约好的下次联系",
  urgent_reply: "收到紧急回复",
};

const REPEAT_NAMES: Record<Trigger["repeat"], string> = { once: "", yearly: "，每年", each: "，每次" };
const UNIT_NAMES: Record<Unit, string> = { days: "天", weeks: "周", months: "个月" };

/** When a touchpoint falls due: 加好友后第7天, 宝宝满6个月, 最近一次购买后第45天，每次, 生日当天，每年. */
export function sayTrigger(trigger: Trigger): string {
  if (trigger.anchor === "day") return sayDayTrigger(trigger);
  return `${sayMoment(trigger)}${REPEAT_NAMES[trigger.repeat]}`;
}

/** A calendar day: 双11, 6月18日, 2026年6月18日、2027年6月20日. */
export function sayDay(day: DayRef): string {
  if ("name" in day) return day.name;
  if ("monthDay" in day) return monthAndDay(day.monthDay);
  return day.dates.map((on) => `${on.slice(0, 4)}年${monthAndDay(on.slice(5))}`).join("、");
}

function monthAndDay(text: string): string {
  const [month, day] = text.split("-").map(Number);
  return `${month}月${day}日`;
}

/** 每年双11前10天起，分10天. */
function sayDayTrigger({ day, offset: { unit, n }, repeat, spreadDays }: DayTrigger): string {
  const distance = n === 0 ? "当天" : `${n < 0 ? "前" : "后"}${Math.abs(n)}${UNIT_NAMES[unit]}`;
  const spread = spreadDays > 1 ? `起，分${spreadDays}天` : "";
  return `${repeat === "yearly" ? "每年" : ""}${sayDay(day)}${distance}${spread}`;
}

function sayMoment({ anchor, offset, repeat }: AnchorTrigger): string {
  const { unit, n } = offset;
  // a birth that comes back every year is a birthday
  const name = anchor === "child_born" && repeat === "yearly" ? "宝宝生日" : ANCHOR_NAMES[anchor];
  if (n === 0) return `${name}当天`;
  const distance = `${Math.abs(n)}${UNIT_NAMES[unit]}`;
  if (n < 0) return `${name}前${distance}`;
  if (anchor === "child_born" && repeat === "once") return `宝宝满${distance}`;
  return unit === "months" ? `${name}满${distance}` : `${name}后第${distance}`;
}

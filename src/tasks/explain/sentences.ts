// A line of a timeline as a sentence that a guide understands. Pure.
import { sayTrigger } from "../../journeys/say-trigger.js";
import type { Trigger, TriggerAnchor } from "../../journeys/spec.js";
import { daysBetween, type ShopDay, shopDayOf, wallTimeOf } from "../../kernel/calendar.js";
import type { Reason, State } from "../life.js";
import { monthAndDay } from "../said-days.js";
import type { StandIn } from "./absence.js";
import type { ExplainedTask, NoRowReason, TimelineEntry } from "./timeline.js";

/** What the sentences need besides the line. */
export interface Telling {
  today: ShopDay;
  /** the brand's */
  zone: string;
  /** the children's names by number: a line about one of them says of whom */
  children: ReadonlyMap<number, string | null>;
}

/** The sentence of a line, e.g. 「第3天关怀」：加好友后第3天（3月4日），当天 09:12 已由谢安琪发给客户，客户当天回复了。 */
export function sentenceOf(line: TimelineEntry, telling: Telling): string {
  const { touchpoint, dueOn, task } = line;
  const what = `「${touchpoint.name}」${sayChild(line.childNo, telling.children)}`;
  if (dueOn === null) return `${what}：${sayNoDate(line)}。`;
  const when = `${what}：${sayMoment(touchpoint.trigger)}（${dayOf(dueOn, telling.today)}）`;
  const rest = task ? sayTask(task, telling, touchpoint.trigger) : sayNoTask(line, telling.today);
  return `${when}，${rest}。`;
}

function sayChild(childNo: number, children: Telling["children"]): string {
  const name = children.get(childNo);
  if (name) return `（${name}）`;
  return childNo > 0 && children.size > 1 ? `（第${childNo}个宝宝）` : "";
}

/** A trigger without how often it comes back: a line is about one day. */
function sayMoment(trigger: Trigger): string {
  return sayTrigger(trigger).replace(/^每年|，每.$/, "");
}

/** What is not known of a customer who has no date to count from. */
const NO_DATE: Record<TriggerAnchor, string> = {
  joined: "不知道是哪天加的好友",
  guide_assigned: "现在没有负责导购",
  first_order: "还没有买过",
  last_order: "还没有买过",
  child_due: "没有待产的宝宝，或还不知道预产期",
  child_born: "还不知道宝宝的出生日期",
  customer_birthday: "还不知道客户的生日",
  supply_ends: "还估不出什么时候用完",
  at_risk: "现在没有流失的迹象",
  next_touch: "没有约好下次联系的日子",
  urgent_reply: "客户没有说过需要马上处理的话",
  day: "日历里还没有这一天的日期",
};

function sayNoDate({ touchpoint, reason }: TimelineEntry): string {
  return reason === "no_anchor" ? NO_DATE[touchpoint.trigger.anchor] : NO_ROW[reason as NoRowReason];
}

const NO_ROW: Record<NoRowReason, string> = {
  no_anchor: "还没有算日子用的那个日期",
  not_in_audience: "客户不在这个触点的目标人群里",
  before_publish: "那一天在触点发布之前，不补发",
  import_quiet: "日期是导入的历史资料，导入时选了不触发，不补发",
};

function sayNoTask({ state, reason, dueOn, standIn }: TimelineEntry, today: ShopDay): string {
  if (state === "none" && reason === "no_anchor") return "知道这个日期时已过宽限期，不补发";
  if (state === "none") return NO_ROW[reason as NoRowReason];
  const wait = dueOn === null ? 0 : daysBetween(today, dueOn);
  const when = wait > 0 ? `还有${wait}天，到时` : "下次计划时";
  if (standIn) return sayStandIn(standIn, dueOn);
  if (reason === null) return `${when}会出现在导购的任务里`;
  return `${when}不会发出：${REASON_SENTENCES[reason as Reason]}`;
}

function sayStandIn({ on, by }: StandIn, dueOn: ShopDay | null): string {
  const when = on === dueOn ? "那天" : `顺延到${monthAndDay(on)}`;
  return by === null
    ? `导购休假，${when}回来后会出现在任务里`
    : `导购休假，${when}会出现在代班的${by}的任务里`;
}

/** Where a task stands, said of one that has not ended, or ended well. */
const STATE_SENTENCES: Partial<Record<State, string>> = {
  offered: "已在导购的任务里，等导购处理",
  approved: "导购已确认，马上发出",
  sending: "正在发送",
  handed_over: "已交给企业微信，等导购点一下发送",
  unknown: "不确定有没有发出，正在核实，核实前不会再发",
  needs_data: "缺少话术要用的资料，等导购补上",
};

function sayTask(task: ExplainedTask, telling: Telling, { anchor }: Trigger): string {
  const { state, reason, dueOn, releaseOn } = task;
  const said = STATE_SENTENCES[state];
  if (said) return said;
  if (state === "sent") return saySent(task, telling);
  if (state === "done_by_hand") return `已由${task.guideName ?? "导购"}人工完成`;
  // only a birth takes the place of what counts from the due date; all else that is superseded asked for a fact
  const isAnswered = reason === "superseded" && anchor !== "child_due";
  const instead = anchor === "urgent_reply" ? "客户撤回了那条消息" : "要问的资料已经知道了";
  const because = isAnswered ? instead : reason ? REASON_SENTENCES[reason] : "";
  if (state === "planned") return sayPlanned(dueOn, releaseOn, because, telling.today);
  if (state === "held") return `先放着：${because}，宽限期到${monthAndDay(task.expiresOn)}`;
  return because === "" ? "没有发出" : `没有发出：${because}`;
}

function sayPlanned(dueOn: ShopDay, releaseOn: ShopDay, because: string, today: ShopDay): string {
  if (releaseOn > dueOn && releaseOn > today)
    return `顺延到${monthAndDay(releaseOn)}再看${because ? `（${because}）` : "（当天名额已满、导购休假或不宜打扰）"}`;
  return "已排好，等当天放行";
}

function saySent({ dueOn, sentAt, repliedAt, guideName }: ExplainedTask, { today, zone }: Telling): string {
  if (sentAt === null) return "已发给客户";
  const on = shopDayOf(sentAt, zone);
  const sent = `${on === dueOn ? "当天" : dayOf(on, today)} ${wallTimeOf(sentAt, zone)} 已由${guideName ?? "导购"}发给客户`;
  if (repliedAt === null) return `${sent}，还没有回复`;
  const days = daysBetween(on, shopDayOf(repliedAt, zone));
  return `${sent}，客户${days === 0 ? "当天" : `${days}天后`}回复了`;
}

/** A day of another year says so. */
function dayOf(day: ShopDay, today: ShopDay): string {
  const year = day.slice(0, 4);
  return year === today.slice(0, 4) ? monthAndDay(day) : `${year}年${monthAndDay(day)}`;
}

/** Each reason of the closed list as what a guide is told. */
const REASON_SENTENCES: Record<Reason, string> = {
  anchor_corrected: "日期更正了，原来的日子不算了",
  superseded: "宝宝已经出生，孕期的提醒不再需要",
  opted_out: "客户说过不要再发",
  not_a_friend: "客户已不是导购的好友",
  stopped: "客户已停止宝宝相关的跟进",
  cap: "客户或导购的次数已满，宽限期内没有空位",
  receive_limit: "客户这个月收到的群发已满",
  quiet: "正逢免打扰的日子，宽限期内没有别的日子",
  missed_run: "系统那几天没有运行，已过宽限期",
  grace_passed: "宽限期内没有处理",
  no_guide: "客户没有负责导购，或导购休假而无人代班",
  guide_left: "导购已离职，客户还没有交接",
  transfer_declined: "客户不接受新的导购",
  bought_already: "客户已经又买了",
  audience_left: "客户已不在目标人群里",
  no_data: "缺少话术要用的资料",
  automatic: "到点自动发出",
  held_out: "客户在对照组，这个触点特意不发，用来比较效果",
  merged: "同一天有另一条一起说了",
  paused: "旅程已暂停",
  archived: "触点已下线",
  erased: "客户资料已删除",
  emergency_stop: "总部紧急停止了发送",
  guide_skipped_busy: "导购跳过了：太忙",
  guide_skipped_unsuitable: "导购跳过了：内容不合适",
  guide_skipped_wrong_person: "导购跳过了：人不对",
  guide_skipped_already_spoke: "导购跳过了：已经聊过",
  guide_skipped_other: "导购跳过了：其他原因",
  channel_refused: "企业微信没有接受",
  channel_fault: "企业微信出错，没有发成",
};

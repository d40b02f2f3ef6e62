// What guides and managers read in chat: tasks, help and figures put into the words of templates/cards.
import type { PageRenderer } from "../infra/templates-pages.js";
import type { OutcomeForm } from "../journeys/outcome-form.js";
import { wallTimeOf } from "../kernel/calendar.js";
import { OPEN } from "./listing.js";
import type { TodayItem } from "./queries.js";

/** Figures of one guide for some days. */
export interface GuideFigures {
  issued: number;
  completed: number;
  delivered: number;
  observed: number;
  replied: number;
  messages: number;
}

/** An instant as the guide's clock shows it: 10:30. */
type Clock = (ms: number) => string;

export type ChatTexts = ReturnType<typeof chatTexts>;

const MOST_LINES = 40;
const NUDGE_LINES = 6;

/** The texts, from the templates of `templates/cards`. */
export function chatTexts(cards: PageRenderer, zone: string) {
  const clock: Clock = (ms) => wallTimeOf(ms, zone);
  const text = (name: string, view: object) => cards.page(name, view).trim();
  return {
    /** The list of a day; only what the guide still has to do stands on it, under its number. */
    list: (items: readonly TodayItem[], now: number): string => text("list", listView(items, now, clock)),

    /** What is open in the afternoon, under the numbers of the list. */
    nudge: (items: readonly TodayItem[], now: number): string => text("nudge", nudgeView(items, now, clock)),

    /** One task, and what can be done with it now. */
    one: (item: TodayItem): string => text("one", oneView(item, clock)),

    /** What can be said; `reason` says why it is told now. */
    help: (who: { guide: boolean; manager: boolean }, reason = ""): string =>
      text(who.guide ? "help" : "help-manager", { reason, manager: who.manager }),

    /** A guide's own figures, one line for each span of days. */
    figures: (name: string, periods: readonly { label: string; figures: GuideFigures }[]): string =>
      text("figures", {
        ...{ name, cheer: cheerOf(periods[0]?.figures) },
        periods: periods.map(({ label, figures }) => ({
          ...{ label, ...figures },
          completion: percent(figures.completed, figures.issued),
          reply: percent(figures.replied, figures.observed),
        })),
      }),
  };
}

function listView(items: readonly TodayItem[], now: number, clock: Clock): object {
  const open = items.filter(isLeft);
  const lines = open.slice(0, MOST_LINES).map((item) => ({
    ...{ number: item.position, name: nameOf(item), why: item.why, todo: todoOf(item, now, clock) },
  }));
  return {
    lines,
    left: open.length,
    more: open.length - lines.length,
    mass: open.filter(({ state }) => state === "handed_over").length,
    finished: items.length - open.length,
  };
}

/** The first of the list that can be done now, and how all of it is done fastest. */
function nudgeView(items: readonly TodayItem[], now: number, clock: Clock): object {
  const open = items.filter(
    (item) => isLeft(item) && !(item.snoozedUntil !== null && item.snoozedUntil > now),
  );
  const count = (is: (item: TodayItem) => boolean) => open.filter(is).length;
  return {
    left: open.length,
    finished: items.filter((item) => !isLeft(item)).length,
    lines: open.slice(0, NUDGE_LINES).map((item) => ({
      number: item.position,
      name: nameOf(item),
      why: item.why,
      todo: todoOf(item, now, clock),
    })),
    more: Math.max(0, open.length - NUDGE_LINES),
    mass: count(({ state }) => state === "handed_over"),
    bot: count(({ state, way, sendsAt }) => state === "offered" && way === "bot" && sendsAt === null),
    automatic: count(({ sendsAt }) => sendsAt !== null),
  };
}

function oneView(item: TodayItem, clock: Clock): object {
  return {
    number: item.position,
    name: nameOf(item),
    why: item.why,
    touchpoint: item.touchpointName,
    state: item.stateName,
    reason: item.reasonName ?? "",
    replied: item.replied,
    words: item.words ?? "",
    edited: item.original !== null,
    hints: hintsOf(item, clock),
  };
}

/** Whether the guide still has to do something. */
export function isLeft({ state }: Pick<TodayItem, "state">): boolean {
  return (OPEN as readonly string[]).includes(state) && state !== "approved" && state !== "sending";
}

/** 王芳（小米）: the customer, and the child by name. */
export function nameOf({ customerName, childName }: Pick<TodayItem, "customerName" | "childName">): string {
  return childName ? `${customerName}（${childName}）` : customerName;
}

function todoOf(item: TodayItem, now: number, clock: Clock): string {
  if (item.state === "needs_data") return `待补：${item.missing.join("、") || "资料"}`;
  if (item.state === "handed_over") return "群发助手待确认";
  if (item.state === "unknown") return "待核实";
  if (item.snoozedUntil !== null && item.snoozedUntil > now) return "稍后";
  switch (item.way) {
    case "hand":
      return item.asks.length > 0 ? `问${item.asks.map(({ label }) => label).join("、")}` : "回访";
    case "bot":
      return item.sendsAt === null ? `回复 发 ${item.position}` : `${clock(item.sendsAt)} 自动发`;
    case "page":
      return "打开页面发送";
    case "mass":
      return "准备中";
  }
}

/** What the guide may answer, in the form it is to be typed. */
function hintsOf(
  { position, state, way, asks, form, snoozedUntil, sendsAt }: TodayItem,
  clock: Clock,
): string[] {
  if (!isLeft({ state })) return [];
  if (state === "unknown")
    return [`不确定是否已经发出，请看一下聊天记录，回复「已发出 ${position}」或「没发出 ${position}」。`];
  const hints: string[] = [];
  if (state === "needs_data")
    hints.push(...asks.map(({ word }) => `补上后才能发：补 ${position} ${word} ${exampleOf(word)}`));
  else if (state === "handed_over") hints.push("打开企业微信的群发助手，点一下确认就会发出。");
  else if (way === "bot" && sendsAt !== null)
    hints.push(`${clock(sendsAt)} 会自动发出，不用你点。`, `发 ${position} —— 不等了，现在发`);
  else if (way === "bot") hints.push(`发 ${position} —— 确认发送`);
  else if (way === "page") hints.push("打开任务页，点一下就把内容放进聊天。");
  else if (way === "hand" && form) hints.push(formHint(position, form));
  else if (way === "hand") hints.push(`跟进后回复：完成 ${position} 结果`);
  else if (snoozedUntil === null) hints.push("马上会放进群发助手。");
  if (state !== "needs_data")
    hints.push(...asks.map(({ word }) => `问到后回复：补 ${position} ${word} ${exampleOf(word)}`));
  if (way !== "hand") hints.push(`改 ${position} 新内容 —— 换成自己的话`);
  hints.push(`跳过 ${position} 原因｜稍后 ${position}`);
  return hints;
}

/** 跟进后回复：完成 3 接通（或 未接通）… with all the form takes. */
function formHint(position: number, { outcomes, tags, nextTouch }: OutcomeForm): string {
  const [first = "", ...others] = outcomes;
  const other = others.length > 0 ? `（或 ${others.join("、")}）` : "";
  const tagged = tags.length > 0 ? `，可加标签 ${tags.map((tag) => `#${tag}`).join(" ")}` : "";
  return `跟进后回复：完成 ${position} ${first}${other} 备注${tagged}${nextTouch ? "，约下次写：下次 3月20日" : ""}`;
}

function exampleOf(word: string): string {
  if (/生日|预产期/.test(word)) return "2026-03-02";
  return word === "手机" ? "13800001234" : "小米";
}

/** A warm word after figures, about the first of the spans told. */
function cheerOf(today: GuideFigures | undefined): string {
  if (!today || today.issued === 0) return "今天没有安排客户，好好招呼到店的客人吧。";
  const left = today.issued - today.completed;
  return left > 0 ? `还有 ${left} 位，慢慢来，回复「任务」接着聊。` : "今天都照顾到了，真棒！";
}

function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)}%` : "";
}

// A customer's card on the guide's phone: who they are, today's words for them, what was said and sent before.
import type { ChatLine, CustomerCard } from "../../tasks/customer-card.js";
import { count, moment as momentText, shortDay } from "../format.js";
import { type CardMoment, cardOf, modeOf } from "./cards.js";

/** What messages that are no text are called. */
const KINDS: Readonly<Record<string, string>> = {
  image: "[图片]",
  voice: "[语音]",
  video: "[视频]",
  file: "[文件]",
  emotion: "[表情]",
  link: "[链接]",
  weapp: "[小程序]",
  location: "[位置]",
  card: "[名片]",
};

/** Everything templates/pages/today/customer.hbs names. */
export function customerPage(card: CustomerCard, moment: CardMoment): object {
  const open = card.items.filter((item) => modeOf(item) !== "done");
  const done = card.items.filter((item) => modeOf(item) === "done");
  return {
    ...{ tab: "", name: card.name || "未留姓名", level: card.level ?? "", notes: notesOf(card) },
    ...{ children: card.children, tags: card.tags, facts: factsOf(card) },
    open: open.map((item) => cardOf(item, moment)),
    done: done.map((item) => cardOf(item, moment)),
    hasTasks: card.items.length > 0,
    chat: card.chat.map((line) => ({
      mine: line.from === "guide",
      at: momentText(line.at, moment.zone),
      text: textOf(line),
    })),
    past: card.past.map(({ on, ...one }) => ({ ...one, on: shortDay(on), reply: one.reply ?? "" })),
    outcomes: card.outcomes.map(({ on, outcome, note, nextTouchOn }) => ({
      ...{ on: shortDay(on), outcome, note: note ?? "" },
      next: nextTouchOn ? shortDay(nextTouchOn) : "",
    })),
    orders: card.orders.map(({ on, category, subcategory, quantity, amount, status }) => ({
      on: dayWithYear(on, moment.today),
      what: [category, subcategory].filter(Boolean).join(" ") || "商品",
      quantity,
      amount: amount === null ? "" : `¥${count(amount)}`,
      refunded: status === "refunded",
    })),
    orderCount: card.orderCount,
    moreOrders: card.orderCount > card.orders.length,
  };
}

/** What a guide must know before they write. */
function notesOf({ optedOut, stopped, isFriend }: CustomerCard): string[] {
  return [
    ...(optedOut ? ["这位客户已退订，请不要主动发消息。"] : []),
    ...(stopped ? ["总部已停止跟进这位客户。"] : []),
    ...(isFriend ? [] : ["你们现在不是好友。"]),
  ];
}

function factsOf(card: CustomerCard): { label: string; value: string }[] {
  const facts = [
    { label: "添加", value: card.joinedOn ?? "" },
    { label: "来源", value: card.source ?? "" },
    { label: "偏好", value: card.brandPreference ?? "" },
    { label: "生日", value: card.birthday ? shortDay(card.birthday) : "" },
  ];
  return facts.filter(({ value }) => value !== "");
}

function textOf({ recalled, text, type }: ChatLine): string {
  if (recalled) return "（已撤回）";
  return text || (KINDS[type] ?? "[消息]");
}

function dayWithYear(day: string, today: string): string {
  return day.slice(0, 4) === today.slice(0, 4) ? shortDay(day) : `${day.slice(0, 4)}年${shortDay(day)}`;
}

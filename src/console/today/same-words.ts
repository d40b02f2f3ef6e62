// The same words for several customers of one list: shown once, sent by one tap, each still with a card of its own.
import { stableJson } from "../../journeys/spec.js";
import type { TodayItem } from "../../tasks/queries.js";
import { type CardMode, type CardMoment, cardOf, enclosedWith, isPutOff, modeOf } from "./cards.js";

/** A stretch of the list: one customer, or several who are told the same. */
export type Stretch = TodayItem | TodayItem[];

/** Ways to act on several at once. */
const TOGETHER: readonly CardMode[] = ["take", "report", "approve"];

/** Puts those together that say the same the same way and wait for the same tap; a group stands where its first stood.
 *  What lies in WeCom as one mass send is one group too. */
export function stretchesOf(items: readonly TodayItem[], now: number): Stretch[] {
  const groups = new Map<string, TodayItem[]>();
  const keys = items.map((item) => sameKey(item, now));
  items.forEach((item, at) => {
    const key = keys[at];
    if (key) groups.set(key, [...(groups.get(key) ?? []), item]);
  });
  return items.flatMap((item, at): Stretch[] => {
    const group = groups.get(keys[at] ?? "");
    if (!group || group.length < 2) return [item];
    return group[0] === item ? [group] : [];
  });
}

/** Equal for items that belong together; "" for one that stands alone. */
function sameKey(item: TodayItem, now: number): string {
  const { state, way, words, attachments, handOverId, asks, sendsAt } = item;
  if (words === null || asks.length > 0 || sendsAt !== null || isPutOff(item, now)) return "";
  if (way === "mass" && state === "handed_over") return handOverId === null ? "" : `mass ${handOverId}`;
  const mode = modeOf(item);
  return TOGETHER.includes(mode) ? stableJson([mode, way, words, attachments]) : "";
}

/** Everything partials/same-words.hbs names. `go`: the tap whose words may go to all of them now. */
export function groupOf(items: readonly TodayItem[], moment: CardMoment, go = ""): object {
  const [first] = items;
  if (!first) return {};
  const mode = modeOf(first);
  const cards = items.map((item) => cardOf(item, moment));
  return {
    ...{ isGroup: true, mode, count: items.length, lead: first.taskId, words: first.words ?? "", cards },
    attachments: enclosedWith(first),
    ...{ csrf: moment.csrf, tap: mode === "take" ? moment.tap() : "", go: mode === "report" ? go : "" },
    tasks: items.map(({ taskId }) => taskId).join(","),
    customers: items.map(({ externalUserid }) => externalUserid).join(","),
    people: items.map(({ customerId, customerName, why }) => ({
      ...{ customerId, why },
      customer: customerName || "未留姓名",
    })),
    hint: hintOf(mode, moment.inWecom),
    reportHint: reportHintOf(moment.inWecom, go, first.attachments.length > 0),
  };
}

function hintOf(mode: CardMode, inWecom: boolean): string {
  if (mode === "wait") return "已合成一条放进「群发助手」：在那里点一次「发送」，几位都会收到。";
  if (mode === "approve") return "确认一次，几位都会发出；半分钟内可以撤回。";
  if (mode === "report") return "看一下聊天，再点结果。";
  return inWecom ? "点一次，几位一起交给企业微信发送。" : "点一次，话术复制好，到各位的聊天里粘贴。";
}

function reportHintOf(inWecom: boolean, go: string, encloses: boolean): string {
  if (inWecom && go !== "") return "正在交给企业微信…";
  if (inWecom) return "刚才点了发送，没有等到结果。请看看聊天里，这段话都发出去了吗？";
  return encloses
    ? "话术已复制，到各位的聊天里粘贴发送，上面的图片和文件也一起发，再回来点一下："
    : "话术已复制，到各位的聊天里粘贴发送，再回来点一下：";
}

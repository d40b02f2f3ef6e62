// One customer's card on the guide's list: what it says and which taps it offers, from the task's state and way.
import { ATTACHMENT_NAMES, type Attachment } from "../../journeys/attachments.js";
import { ASKABLE } from "../../journeys/words.js";
import { addDays, type ShopDay, wallTimeOf } from "../../kernel/calendar.js";
import { isTerminal, SKIP_NAMES, type State } from "../../tasks/life.js";
import type { TodayItem } from "../../tasks/queries.js";
import { shortDay } from "../format.js";

/** What the card asks of the guide now: `take` the words and send them, `report` that they are sent, and so on. */
export type CardMode = "take" | "report" | "approve" | "hand" | "data" | "ask" | "wait" | "done";

/** The moment a card is drawn at, and for whom. */
export interface CardMoment {
  /** epoch ms */
  now: number;
  today: ShopDay;
  zone: string;
  csrf: string;
  /** whether the page is looked at inside WeCom, whose functions put words into chats */
  inWecom: boolean;
  /** a text nobody has used, for the next tap */
  tap(): string;
}

/** What went wrong with what the guide just typed, and what it was. */
export interface CardFault {
  /** which panel of the card it belongs to */
  panel: "edit" | "skip" | "data" | "hand";
  text: string;
  typed: string;
}

/** How a guide says a follow-up by hand went, where HQ asks for nothing of its own. */
const OUTCOMES: readonly string[] = ["已微信聊过", "已电话联系", "已到店接待", "联系不上"];

const SKIPS = Object.entries(SKIP_NAMES).map(([value, label]) => ({ value, label }));

const WAITS: Partial<Record<State, string>> = {
  offered: "正在送往企业微信，稍后会出现在你的「群发助手」里。",
  needs_data: "这段话还缺资料，需要总部补充。",
  approved: "已确认，半分钟后发出。",
  sending: "正在送往企业微信…",
  handed_over: "已放进企业微信「群发助手」，在那里点「发送」，客户就会收到。",
};

/** Everything partials/task-card.hbs names. `go`: the tap whose words may go into the chat now. */
export function cardOf(
  item: TodayItem,
  moment: CardMoment,
  { fault = null, go = "" }: { fault?: CardFault | null; go?: string } = {},
): object {
  const mode = modeOf(item);
  const isLast = item.expiresOn <= moment.today;
  return {
    ...{
      isGroup: false,
      id: item.taskId,
      position: item.position,
      csrf: moment.csrf,
      mode,
      isDone: mode === "done",
    },
    ...{ inWecom: moment.inWecom, tap: mode === "take" ? moment.tap() : "", go: mode === "report" ? go : "" },
    reportHint: mode === "report" ? reportHint(item, moment, go) : "",
    ...{ customer: item.customerName || "未留姓名", customerId: item.customerId },
    externalUserid: item.externalUserid,
    proof: item.proof === null ? "" : PROOFS[item.proof],
    child: item.childName ?? "",
    touchpoint: item.touchpointName,
    why: item.why,
    words: item.words ?? "",
    edited: item.original !== null,
    ...{ stateName: item.stateName, reasonName: item.reasonName ?? "", tone: toneOf(item) },
    replied: item.replied,
    ...{ deadline: isLast ? "今天截止" : `${shortDay(item.expiresOn)}截止`, urgent: isLast },
    snoozed: isPutOff(item, moment.now) ? wallTimeOf(item.snoozedUntil ?? 0, moment.zone) : "",
    wait: mode === "wait" ? (WAITS[item.state] ?? item.stateName) : sayAutomatic(item, moment.zone),
    ...{ byItself: item.sendsAt !== null, automatic: item.automatic && item.state === "sent" },
    asks: item.asks.map(({ field, label }) => ({ field, label, type: ASKABLE[field].type })),
    ...tapsOf(item, mode),
    ...{ skips: SKIPS, outcomes: OUTCOMES, form: mode === "hand" && formOf(item, moment) },
    attachments: enclosedWith(item),
    leftOut: item.leftOut.join("、"),
    ...faultOf(item, fault),
  };
}

/** What the guide does once the words are claimed: by hand where no function of WeCom's takes them. */
function reportHint({ customerName, attachments }: TodayItem, { inWecom }: CardMoment, go: string): string {
  const chat = `与${customerName || "客户"}的聊天`;
  if (inWecom && go !== "") return "正在交给企业微信…";
  if (inWecom) return `刚才点了发送，没有等到结果。请看看${chat}，这段话发出去了吗？`;
  const more = attachments.length > 0 ? "，上面的图片和文件也一起发（图片长按保存）" : "";
  return `话术已复制，到${chat}里粘贴发送${more}，再回来点一下：`;
}

/** A page can only report; the archive can show. */
const PROOFS = { proven: "已核实", unproven: "未核实" } as const;

/** 10:30 自动发出: what HQ lets go without a tap is shown while it can still be skipped. */
function sayAutomatic({ sendsAt }: TodayItem, zone: string): string {
  return sendsAt === null
    ? ""
    : `${wallTimeOf(sendsAt, zone)} 自动发出，不用你点；不想发就跳过，想换说法就改一改。`;
}

/** HQ's own form; the next day begins tomorrow. */
function formOf({ form }: TodayItem, { today }: CardMoment): object | null {
  return form && { ...form, tomorrow: addDays(today, 1) };
}

/** What goes with a task's words, and where the guide finds it. */
export function enclosedWith({ taskId, attachments }: Pick<TodayItem, "taskId" | "attachments">): object[] {
  return attachments.map((one, place) => attachmentOf(one, `/g/tasks/${taskId}/files/${place}`));
}

function attachmentOf(one: Attachment, address: string): object {
  switch (one.kind) {
    case "picture":
    case "poster":
      return { name: ATTACHMENT_NAMES[one.kind], picture: address };
    case "file":
      return { name: one.file.name, file: address };
    case "link":
      return { name: one.title, desc: one.desc ?? "", link: one.url };
    case "mini_program":
      return { name: `${ATTACHMENT_NAMES[one.kind]}「${one.title}」`, cover: address };
  }
}

/** What a task asks of its guide. */
export function modeOf({ state, way, asks }: Pick<TodayItem, "state" | "way" | "asks">): CardMode {
  if (isTerminal(state)) return "done";
  if (state === "unknown") return "ask";
  if (state === "needs_data" && asks.length > 0) return "data";
  if (state === "sending" && way === "page") return "report";
  if (state !== "offered" || way === "mass") return "wait";
  if (way === "hand") return "hand";
  return way === "bot" ? "approve" : "take";
}

/** Whether the guide put it off and the time has not come. */
export function isPutOff({ snoozedUntil }: Pick<TodayItem, "snoozedUntil">, now: number): boolean {
  return snoozedUntil !== null && snoozedUntil > now;
}

/** Which other taps a card offers: what would be refused anyway is not shown. */
function tapsOf({ state, words }: TodayItem, mode: CardMode): object {
  const isOurs = ["offered", "needs_data", "handed_over"].includes(state);
  return {
    canTakeBack: state === "approved",
    canEdit: words !== null && isOurs && mode !== "data",
    canSkip: isOurs,
    canPutOff: isOurs,
  };
}

/** The form keeps what was typed, so that nothing is lost when it is refused. */
function faultOf(item: TodayItem, fault: CardFault | null): object {
  return {
    fault: fault?.text ?? "",
    faultEdit: fault?.panel === "edit",
    faultSkip: fault?.panel === "skip",
    faultData: fault?.panel === "data",
    faultHand: fault?.panel === "hand",
    draft: fault?.panel === "edit" && fault.typed ? fault.typed : (item.words ?? ""),
  };
}

function toneOf({ state }: TodayItem): "good" | "bad" | "none" {
  if (state === "failed" || state === "expired") return "bad";
  return state === "sent" || state === "done_by_hand" ? "good" : "none";
}

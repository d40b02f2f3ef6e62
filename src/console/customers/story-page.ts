// What was done for a customer and will be, what was said, who changed what: as values for the page's pieces. Pure.
import type { AuditLine } from "../../identity/audit.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { STOP_NAMES, type StopReason } from "../../tasks/customer-acts.js";
import type { ChatLine, HistoryTask } from "../../tasks/customer-history.js";
import type { Explained, ExplainedLine } from "../../tasks/explain/service.js";
import { fieldName } from "../audit/fields.js";
import { actionName } from "../audit/names.js";
import { longDay, moment } from "../format.js";

/** Everything templates/pages/customers/timeline.hbs names. */
export function timelinePage({ timeline, today }: Explained): object {
  // what never was and never will be is kept apart: of a customer of years there is much of it
  const dated = timeline.filter(({ due_on, state }) => due_on !== null && state !== "none");
  const isAhead = ({ due_on, state }: ExplainedLine) =>
    (due_on ?? "") >= today || state === "to_come" || OPEN.includes(state);
  const ahead = dated.filter(isAhead).map((line) => lineOf(line, today));
  const past = dated.filter((line) => !isAhead(line)).map((line) => lineOf(line, today));
  const never = timeline.filter((line) => !dated.includes(line)).map((line) => lineOf(line, today));
  return { ahead, past: past.reverse(), never, isEmpty: timeline.length === 0 };
}

const OPEN: readonly string[] = [
  ...["planned", "offered", "approved", "sending", "handed_over", "needs_data", "held", "unknown"],
];

/** A dot's colour: done, on its way, to come, not going out. */
const TONES: Readonly<Record<string, string>> = {
  ...{ sent: "done", done_by_hand: "done", to_come: "ahead", planned: "ahead" },
  ...{ offered: "open", approved: "open", sending: "open", handed_over: "open", needs_data: "open" },
};

function lineOf({ due_on, journey, state, reason, sentence }: ExplainedLine, today: ShopDay): object {
  const isGoing = state !== "to_come" || reason === null;
  return {
    ...{ journey, sentence },
    on: due_on === null ? "" : due_on === today ? "今天" : longDay(due_on),
    tone: isGoing ? (TONES[state] ?? "none") : "none",
  };
}

/** Everything templates/pages/customers/tasks.hbs names. */
export function tasksPage(
  tasks: readonly HistoryTask[],
  {
    childName,
    nameOf,
    zone,
  }: { childName(childNo: number): string; nameOf(actor: string): string; zone: string },
): object {
  return {
    tasks: tasks.map((task) => ({
      ...{ touchpoint: task.touchpoint, journey: task.journey, due: longDay(task.dueOn), state: task.state },
      ...{ reason: task.reason ?? "", guide: task.guide ?? "" },
      child: task.childNo > 0 ? childName(task.childNo) : "",
      events: eventsOf(task)
        .toSorted((a, b) => a.at - b.at)
        .map(({ at, who, what, why }) => ({ at: moment(at, zone), who: who && nameOf(who), what, why })),
    })),
  };
}

/** What happened to a task, and to its words with the customer. */
function eventsOf({ events, sentAt, repliedAt }: HistoryTask) {
  const happened = events.map(({ at, actor, from, to, reason, note }) => {
    const why = [reason, note].filter(Boolean).join("；");
    return { at, who: actor, what: from === to ? to : `${from} → ${to}`, why };
  });
  if (sentAt !== null) happened.push({ at: sentAt, who: "", what: "发给客户", why: "" });
  if (repliedAt !== null) happened.push({ at: repliedAt, who: "", what: "客户回复", why: "" });
  return happened;
}

/** What a message is that has no text. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ image: "图片", voice: "语音", video: "视频", file: "文件", emotion: "表情", link: "链接" },
  ...{ weapp: "小程序", location: "位置", card: "名片", meeting_voice_call: "语音通话" },
};

/** Everything templates/pages/customers/chat.hbs names. */
export function chatPage(lines: readonly ChatLine[], name: string, zone: string): object {
  return {
    lines: lines.map(({ at, isCustomer, guide, type, text, isRecalled }) => ({
      ...{ isCustomer, who: isCustomer ? name || "客户" : guide, at: moment(at, zone) },
      // what customers wrote is not put into another language, what we say in its place is
      note: isRecalled ? "（已撤回）" : text === null ? `[${TYPES[type] ?? "消息"}]` : "",
      text: text ?? "",
    })),
  };
}

/** Everything the page's list of changes names. */
export function changesPage(
  lines: readonly AuditLine[],
  nameOf: (actor: string) => string,
  zone: string,
): object {
  return {
    changes: lines.map(({ at, by, action, before, after }) => ({
      ...{ at: moment(at, zone), who: nameOf(by), what: actionName(action).verb },
      details: detailsOf(before as Details, after as Details),
    })),
  };
}

type Details = Readonly<Record<string, unknown>> | undefined;

const SHOWN = ["birthday", "bornOn", "dueOn", "name"];

/** 出生日期 2025-09-02 → 2025-09-05；移动 3 条 */
function detailsOf(before: Details, after: Details): string {
  const values = SHOWN.flatMap((key) => {
    const value = after?.[key];
    if (value === undefined || value === "") return [];
    const old = before?.[key];
    return [`${fieldName(key)[0]} ${old === undefined ? "" : `${old ?? "空"} → `}${value ?? "空"}`];
  });
  const why = STOP_NAMES[after?.why as StopReason] ?? "";
  return [...values, why, sayCounts({ ...after, moved: after?.shifted })].filter(Boolean).join("；");
}

/** 移动 3 条，取消 1 条，新增 2 条; "" when nothing changed. */
export function sayCounts(counts: Details): string {
  const parts = [
    ["moved", "移动"],
    ["dropped", "取消"],
    ["added", "新增"],
  ] as const;
  return parts
    .flatMap(([key, label]) => (Number(counts?.[key] ?? 0) > 0 ? [`${label} ${counts?.[key]} 条`] : []))
    .join("，");
}

// The life of a task: which states there are, which moves exist between them, why, and what guides call it all.

/** States with their Chinese names: the way to the customer in order; waiting for a value, for a guide, for an answer
 *  that never came; ended. */
export const STATE_NAMES = {
  planned: "待下发",
  offered: "待处理",
  approved: "已确认",
  sending: "发送中",
  handed_over: "待确认发送",
  sent: "已发送",
  needs_data: "待补资料",
  held: "暂缓",
  unknown: "待核实",
  done_by_hand: "已人工完成",
  skipped: "已跳过",
  expired: "已过期",
  cancelled: "已取消",
  failed: "发送失败",
  merged: "已合并",
  held_out: "对照",
} as const;
export type State = keyof typeof STATE_NAMES;
export const STATES = Object.keys(STATE_NAMES) as State[];

/** Nothing more happens, save what reconciliation finds out late. */
const TERMINAL: readonly State[] = [
  ...(["sent", "done_by_hand", "skipped", "expired", "cancelled", "failed", "merged", "held_out"] as const),
];

/** Why a guide passes a customer over; a task's reason is `guide_skipped_` and one of these. */
export const SKIP_NAMES = {
  busy: "太忙，来不及",
  unsuitable: "内容不合适",
  wrong_person: "人不对",
  already_spoke: "已经聊过",
  other: "其他原因",
} as const;
export type SkipReason = keyof typeof SKIP_NAMES;

/** The closed list of reasons, with their Chinese names. */
export const REASON_NAMES = {
  anchor_corrected: "日期已更正",
  superseded: "已被新的事实取代",
  opted_out: "客户已退订",
  not_a_friend: "已不是好友",
  stopped: "客户不再跟进",
  cap: "触达次数已满",
  receive_limit: "客户接收次数已满",
  quiet: "免打扰时段",
  missed_run: "错过计划运行",
  grace_passed: "已过宽限期",
  no_guide: "没有负责导购",
  guide_left: "导购已离职",
  transfer_declined: "客户拒绝接替",
  bought_already: "客户已购买",
  audience_left: "不再属于目标人群",
  no_data: "缺少资料",
  held_out: "对照组",
  merged: "已并入其他任务",
  paused: "旅程已暂停",
  archived: "旅程已归档",
  erased: "客户资料已删除",
  emergency_stop: "紧急停止",
  automatic: "自动发送",
  guide_skipped_busy: "导购跳过：太忙，来不及",
  guide_skipped_unsuitable: "导购跳过：内容不合适",
  guide_skipped_wrong_person: "导购跳过：人不对",
  guide_skipped_already_spoke: "导购跳过：已经聊过",
  guide_skipped_other: "导购跳过：其他原因",
  channel_refused: "渠道拒绝发送",
  channel_fault: "渠道故障",
} as const;
export type Reason = keyof typeof REASON_NAMES;
export const REASONS = Object.keys(REASON_NAMES) as Reason[];

/** Whether a reason says that a guide passed the customer over. */
export function isPassedOver(reason: Reason | null): boolean {
  return reason?.startsWith("guide_skipped_") ?? false;
}

const END: readonly State[] = ["skipped", "expired", "cancelled"];

/** Every move anybody may make. Same to same is a correction of the due date, written down and no more. */
const MOVES: Readonly<Record<State, readonly State[]>> = {
  planned: ["planned", "offered", "needs_data", "held", "merged", "held_out", ...END],
  offered: [
    "offered",
    "approved",
    "sending",
    "needs_data",
    "planned",
    "held",
    "done_by_hand",
    "merged",
    ...END,
  ],
  approved: ["sending", "offered", "needs_data", "planned", "held", "done_by_hand", ...END],
  // back from sending only while it is sure that the channel has not taken the words
  sending: ["handed_over", "sent", "unknown", "failed", "offered", "needs_data", "planned", "held", ...END],
  handed_over: ["sent", "unknown", "failed", "offered", "planned", "held", "done_by_hand", ...END],
  needs_data: ["needs_data", "offered", "planned", "held", "done_by_hand", ...END],
  held: ["held", "planned", "merged", "held_out", ...END],
  unknown: ["handed_over", "offered", "failed", ...END],
  // the same identity fell due again, and nothing had been offered
  cancelled: ["planned"],
  sent: [],
  done_by_hand: [],
  skipped: [],
  expired: [],
  // made anew by HQ, where the channel surely did not take the words (see failures.ts)
  failed: ["planned"],
  // the task it went with goes another way, and has not been sent
  merged: ["planned"],
  held_out: [],
};

/** What reconciliation alone may find out: it was sent after all (flag `late` where the task had ended). */
const FOUND_SENT: readonly State[] = ["unknown", "expired", "cancelled"];

/** Reasons a state must come with; a state not named takes any or none. */
const REASONS_OF: Partial<Record<State, readonly Reason[]>> = {
  expired: ["grace_passed", "missed_run"],
  failed: ["channel_refused", "channel_fault"],
  merged: ["merged"],
  held_out: ["held_out"],
  held: ["no_guide", "guide_left"],
  skipped: REASONS,
  cancelled: REASONS,
};

/** Who moves: reconciliation reads from the channel what truly happened. */
export type MovedBy = "anybody" | "reconciliation";

/** Whether a move exists. */
export function mayMove(from: State, to: State, by: MovedBy = "anybody"): boolean {
  return MOVES[from].includes(to) || (by === "reconciliation" && to === "sent" && FOUND_SENT.includes(from));
}

/** Whether a state may be entered with this reason (null: none). */
export function mayGive(to: State, reason: Reason | null): boolean {
  // nothing but an approval is given by the clock
  if (reason === "automatic") return to === "approved";
  const reasons = REASONS_OF[to];
  if (reasons) return reason !== null && reasons.includes(reason);
  return true;
}

/** Whether a task in this state has ended. */
export function isTerminal(state: State): boolean {
  return TERMINAL.includes(state);
}

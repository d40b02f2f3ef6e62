// Tasks that failed or are stuck, by why: how many, an example of each, and what may be done about them. Rules. Pure.
import type { HandOverState } from "./hand-overs.js";
import { REASON_NAMES, type Reason, type State } from "./life.js";

/** What is wrong: the channel refused; it never told how it went; it refuses for now and is called again; a call without
 *  an answer; nobody to do it; a value is missing. */
export const TROUBLES = ["refused", "fault", "retrying", "unknown", "held", "no_data"] as const;
export type Trouble = (typeof TROUBLES)[number];

/** What HQ may do about one. `again`: made anew, or tried at once; `close`: known of, or ended. */
export interface TroubleRule {
  name: string;
  /** the state such tasks are in */
  state: State;
  /** what the house does by itself, and what HQ can do */
  advice: string;
  /** the button; null: there is nothing to try */
  again: string | null;
  close: string | null;
}

export const TROUBLE_RULES: Readonly<Record<Trouble, TroubleRule>> = {
  refused: {
    ...{ name: "渠道拒绝发送", state: "failed", again: "重新安排", close: "知道了" },
    advice:
      "确定没有发出。改好原因（账号权限、话术、客户号）后重新安排，仍按每日上限放行；过了宽限期的不再发。",
  },
  fault: {
    ...{ name: "渠道没有送达", state: "failed", again: null, close: "知道了" },
    advice: "导购确认后一天还没有结果。不能确定没有发出，所以不再发，以免客户收到两次。",
  },
  retrying: {
    ...{ name: "发送受阻，自动重试中", state: "sending", again: "马上重试", close: "不再发" },
    advice: "渠道暂时不可用或受限。系统会越来越慢地重试，直到宽限期结束。",
  },
  unknown: {
    ...{ name: "没有回音，待核实", state: "unknown", again: "马上核实", close: null },
    advice: "先在渠道里找，找不到再问导购；不会盲目重发。",
  },
  held: {
    ...{ name: "没有导购可以跟进", state: "held", again: null, close: "不再跟进" },
    advice: "客户有了导购就自动继续；过了宽限期的不再发。",
  },
  no_data: {
    ...{ name: "缺少资料，等导购补", state: "needs_data", again: null, close: "不再跟进" },
    advice: "导购的任务页会提示补什么；也可以导入补齐。",
  },
};

/** Calls that went wrong so often are worth a look. */
export const TRIES_SHOWN = 3;

/** What such a task ends with when HQ closes it; null: its reason stays, or it had ended. */
export function endReason(trouble: Trouble, reason: Reason | null): Reason {
  if (trouble === "held") return reason === "guide_left" ? "guide_left" : "no_guide";
  return trouble === "no_data" ? "no_data" : "channel_fault";
}

/**
 * Whether the channel surely did not take a failed task's words: it refused the call; the mass send was stopped there
 * before anybody confirmed it; or it left this customer out of one that still waits. `failedFrom`: the state it failed in.
 */
export function isSurelyUnsent(handOver: HandOverState | null, failedFrom: State): boolean {
  if (handOver === "failed" || handOver === "stopped") return true;
  return handOver === "waiting" && failedFrom === "sending";
}

/** Why, in words: the reason's name, and what the channel said of it without what differs each time. */
export function causeOf(reason: Reason | null, error: string): string {
  const name = reason ? REASON_NAMES[reason] : "";
  return [name, error].filter(Boolean).join("：") || "没有说明";
}

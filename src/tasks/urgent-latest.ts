// The latest urgent replies and what came of each, as HQ reads them.
import type { UrgentKind } from "../channels/reply-rules.js";
import type { UrgentState } from "../channels/urgent-rows.js";
import type { Sql } from "../infra/store.js";
import { REASON_NAMES, type Reason, STATE_NAMES, type State } from "./life.js";
import type { UrgentEnd } from "./urgent-rows.js";
import { URGENT_NAMES } from "./urgent-texts.js";

/** One line of the list. */
export interface UrgentLine {
  customer: string;
  /** who has it; "" when nobody has */
  guide: string;
  /** epoch ms */
  saidAt: number;
  kind: string;
  /** the phrase of HQ's list */
  word: string;
  optedOut: boolean;
  outcome: string;
}

interface Row {
  customer: string;
  guide: string | null;
  saidAt: number;
  kind: UrgentKind;
  word: string;
  optOut: number;
  state: UrgentState;
  reason: UrgentEnd | null;
  taskState: State | null;
  taskReason: Reason | null;
  outcome: string | null;
  note: string | null;
}

/** The newest first. */
export async function latestUrgent(sql: Sql, most: number): Promise<UrgentLine[]> {
  const rows = await sql.rows<Row>(
    `SELECT c.name AS customer, g.name AS guide, u.said_at AS saidAt, u.kind, u.word, u.opt_out AS optOut, u.state, u.reason,
       t.state AS taskState, t.reason AS taskReason, o.outcome, o.note
     FROM urgent_reply u JOIN customer c ON c.id = u.customer_id LEFT JOIN task t ON t.id = u.task_id
       LEFT JOIN guide g ON g.id = COALESCE(t.guide_id, u.told_guide) LEFT JOIN task_outcome o ON o.task_id = u.task_id
     ORDER BY u.id DESC LIMIT ${most}`,
  );
  return rows.map((row) => ({
    ...{ customer: row.customer, guide: row.guide ?? "", saidAt: Number(row.saidAt), word: row.word },
    ...{ kind: URGENT_NAMES[row.kind], optedOut: row.optOut === 1, outcome: outcomeOf(row) },
  }));
}

/** Why there is no task, or why nobody was told of it. */
const END_NAMES: Readonly<Record<UrgentEnd, string>> = {
  joined: "",
  handled: "",
  taken_back: "客户撤回",
  too_old: "来信已久，没有交给导购",
  paused: "旅程暂停，没有交给导购",
  no_touchpoint: "没有处理紧急回复的旅程",
  nobody: "没有可以处理的导购",
  erased: "客户资料已删除",
  unreachable: "通知没有送到导购",
};

function outcomeOf({ state, reason, taskState, taskReason, outcome, note }: Row): string {
  const why = reason ? END_NAMES[reason] : "";
  if (state === "new") return "正在处理";
  if (taskState === null || reason === "taken_back") return why;
  const task = taskReason
    ? `${STATE_NAMES[taskState]}（${REASON_NAMES[taskReason]}）`
    : STATE_NAMES[taskState];
  const done = outcome ? `${task}：${[outcome, note].filter(Boolean).join("，")}` : task;
  return [done, why].filter(Boolean).join("；");
}

// An urgent reply in words: what the guide is told at once, and what stands beside the task on their list.

import { selectIn } from "../infra/batches.js";
import { type Sql } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { URGENT_REPLY } from "../journeys/spec.js";
import { type ShopDay, shopDayOf, wallTimeOf } from "../kernel/calendar.js";
import type { TaskRow } from "./rows.js";
import { monthAndDay } from "./said-days.js";
import type { UrgentRow } from "./urgent-rows.js";

/** What kinds of urgent reply are called. */
export const URGENT_NAMES: Readonly<Record<UrgentRow["kind"], string>> = {
  illness: "身体不适",
  complaint: "投诉或不满",
  opt_out: "要求退订",
  leave_alone: "不想被打扰",
};

/** What a note says besides the reply itself. */
export interface UrgentNote {
  reply: Pick<UrgentRow, "kind" | "saidAt" | "optOut"> & { text: string | null };
  customer: string;
  child: string | null;
  /** its number on the guide's list */
  position: number;
  outcomes: readonly string[];
  /** epoch ms */
  now: number;
  zone: string;
}

const MOST_SAID = 200;

/** The text a guide gets at once. */
export function urgentNote(cards: PageRenderer, note: UrgentNote): string {
  const { reply, outcomes, now, zone, ...rest } = note;
  return cards
    .page("urgent", {
      ...rest,
      ...{ kind: URGENT_NAMES[reply.kind], optOut: reply.optOut === 1 },
      when: momentOf(reply.saidAt, shopDayOf(now, zone), zone),
      said: cut(reply.text ?? "", MOST_SAID),
      outcome: outcomes[0] ?? "",
      outcomes: outcomes.join("、"),
    })
    .trim();
}

/** Of the tasks that urgent replies raised: what the customer said, and when. Messages taken back are not in it. */
export async function saidOf(
  sql: Sql,
  tasks: readonly TaskRow[],
  triggerOf: (task: TaskRow) => { anchor: string } | undefined,
  today: ShopDay,
  zone: string,
): Promise<Map<number, string>> {
  const ids = tasks.filter((task) => triggerOf(task)?.anchor === URGENT_REPLY).map(({ id }) => id);
  const rows = await selectIn<{ taskId: number; saidAt: number; text: string | null }>(
    sql,
    `SELECT u.task_id AS taskId, u.said_at AS saidAt, m.text FROM urgent_reply u JOIN message m ON m.msgid = u.msgid
     WHERE m.recalled = 0 AND u.task_id IN`,
    ids,
    { tail: " ORDER BY u.said_at, u.id" },
  );
  const said = new Map<number, string>();
  for (const { taskId, saidAt, text } of rows) {
    const line = `${momentOf(Number(saidAt), today, zone)}「${cut(text ?? "", MOST_LINE)}」`;
    said.set(Number(taskId), [said.get(Number(taskId)), line].filter(Boolean).join("，"));
  }
  return said;
}

const MOST_LINE = 40;

/** 10:12, of another day 3月2日 10:12. */
function momentOf(at: number, today: ShopDay, zone: string): string {
  const day = shopDayOf(at, zone);
  return `${day === today ? "" : `${monthAndDay(day)} `}${wallTimeOf(at, zone)}`;
}

function cut(text: string, most: number): string {
  const all = [...text.replace(/\s+/g, " ").trim()];
  return all.length <= most ? all.join("") : `${all.slice(0, most - 1).join("")}…`;
}

// What guides report of follow-ups by hand: a line of their own, or HQ's form with tags and the next day to talk.
import { setNextTouch } from "../customers/next-touch.js";
import { giveTag } from "../customers/tags.js";
import type { Sql } from "../infra/store.js";
import { type FilledForm, filledFrom, formFault, type OutcomeForm } from "../journeys/outcome-form.js";
import { addMonths, type ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { clipped, end } from "./acting.js";
import type { Answer } from "./answers.js";
import { acted } from "./moves.js";
import { ownTask } from "./queries.js";
import type { TaskRow } from "./rows.js";
import { dayMeant, monthAndDay } from "./said-days.js";
import { dayOf, type TaskSetup } from "./setup.js";

const NOTE = 500;

/** Reports a follow-up done by hand: a visit, a call; in the guide's words, or as HQ's form asks. It was done when the guide
 *  said so, however late we hear of it. Raises a Refusal `invalid` when the form asks for something else. */
export async function doneByHand(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  outcome: string | FilledForm,
  saidAt?: number,
): Promise<Answer> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  const { form } = (await setup.touchpoint(task.versionId, task.touchpointId)).spec;
  const at = setup.world.now();
  const actedAt = Math.max(task.offeredAt ?? 0, Math.min(at, saidAt ?? at));
  const move = { to: "done_by_hand", set: acted(actedAt) } as const;
  if (!form) {
    const text = typeof outcome === "string" ? outcome : sayFilled(outcome);
    return end(setup, guideId, taskId, { ...move, note: clipped(text) }, "已记录：人工完成。");
  }
  const today = dayOf(setup, at);
  const filled = typeof outcome === "string" ? readSaid(form, outcome, today) : outcome;
  const fault = formFault(form, filled, today);
  if (fault) throw new Refusal("invalid", fault);
  const keep = (sql: Sql) => keepOutcome(sql, task, filled, { guideId, at });
  const next = filled.nextTouchOn ? `，${monthAndDay(filled.nextTouchOn)}再联系` : "";
  return end(
    setup,
    guideId,
    taskId,
    { ...move, note: clipped(sayFilled(filled)) },
    `已记录：${filled.outcome}${next}。`,
    keep,
  );
}

/** From chat: a day without a year is the next such day. */
function readSaid(form: OutcomeForm, text: string, today: ShopDay): FilledForm {
  return filledFrom(form, text.trim(), (words) => {
    const day = dayMeant(words.normalize("NFKC"), today, "past");
    return day !== undefined && day <= today && !/\d{4}/.test(words) ? addMonths(day, 12) : day;
  });
}

function sayFilled({ outcome, tags, note, nextTouchOn }: FilledForm): string {
  const parts = [
    note ? `${outcome}：${note}` : outcome,
    ...tags.map((tag) => `#${tag}`),
    nextTouchOn ? `下次 ${nextTouchOn}` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

async function keepOutcome(
  sql: Sql,
  { id, customerId }: TaskRow,
  { outcome, tags, note, nextTouchOn }: FilledForm,
  { guideId, at }: { guideId: number; at: number },
): Promise<void> {
  await sql.run(
    `INSERT INTO task_outcome (task_id, customer_id, guide_id, at, outcome, tags, note, next_touch_on)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, customerId, guideId, at, outcome, tags.join("|") || null],
      ...[[...note].slice(0, NOTE).join("") || null, nextTouchOn],
    ],
  );
  for (const name of tags)
    await giveTag(sql, { name, source: "manual", by: `guide:${guideId}`, at }, [customerId]);
  if (nextTouchOn) await setNextTouch(sql, customerId, nextTouchOn);
}

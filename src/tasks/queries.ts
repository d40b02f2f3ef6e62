// A guide's list and one task of it, as page and chat show them.
import type { Sql } from "../infra/store.js";
import type { Attachment } from "../journeys/attachments.js";
import type { OutcomeForm } from "../journeys/outcome-form.js";
import { sayAttachment } from "../journeys/say-content.js";
import type { Way } from "../journeys/spec.js";
import { ASKABLE, type Askable, askFor, variableOf } from "../journeys/words.js";
import { instantOf, type ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { isAnswered } from "./answered.js";
import { partsOf } from "./bundles.js";
import { type People, peopleOf, standsIn } from "./facts.js";
import { frozenWords, sendTimes } from "./item-words.js";
import { lastOutcomes } from "./last-outcomes.js";
import { isPassedOver, REASON_NAMES, type Reason, STATE_NAMES, type State } from "./life.js";
import { shownList, tasksToList } from "./listing.js";
import { type TaskRow, tasksOf } from "./rows.js";
import { dayOf, isAutomatic, type TaskSetup } from "./setup.js";
import { saidOf } from "./urgent-texts.js";
import { why } from "./why.js";
import { childNamesOf, type Worded, wordTasks } from "./wording.js";

/** One line of a guide's list. */
export interface TodayItem {
  taskId: number;
  /** its number in the list last shown */
  position: number;
  customerId: number;
  /** the chat system's id of the customer */
  externalUserid: string;
  customerName: string;
  /** or those of all whom the message speaks of */
  childName: string | null;
  touchpointName: string;
  journeyName: string;
  /** why this customer today */
  why: string;
  /** what goes, or went, to the customer; null when a value is missing or there are no words */
  words: string | null;
  /** the rendering, where the guide wrote words of their own */
  original: string | null;
  /** Chinese names of values the words miss */
  missing: string[];
  /** of these, what the guide can supply: the fact, and the word it is asked by (补 3 生日 …) */
  asks: { field: Askable; label: string; word: string }[];
  /** what goes with the words; files by their place in this list */
  attachments: Attachment[];
  /** what HQ encloses and this customer may not get, in Chinese */
  leftOut: string[];
  /** what HQ asks of a follow-up by hand; null: a line of the guide's own */
  form: OutcomeForm | null;
  way: Way;
  state: State;
  stateName: string;
  reason: Reason | null;
  reasonName: string | null;
  dueOn: ShopDay;
  expiresOn: ShopDay;
  /** epoch ms until which the guide put it off */
  snoozedUntil: number | null;
  /** the guide did their part: sent it, did it by hand, passed the customer over */
  acted: boolean;
  /** HQ lets it go without a tap; when, epoch ms, while it waits for that */
  automatic: boolean;
  sendsAt: number | null;
  /** those with the same number go to their customers together */
  handOverId: number | null;
  /** words that only the guide's own page reports as sent; null: not sent, or by another way */
  proof: "proven" | "unproven" | null;
  replied: boolean;
}

/** One thing that happened to a task. */
export interface HistoryLine {
  /** epoch ms */
  at: number;
  actor: string;
  from: State;
  to: State;
  stateName: string;
  reasonName: string | null;
  note: string | null;
}

/** Today's list of a guide with what they did today: the numbers of the list last shown first, what came since after them. */
export async function todaysList(setup: TaskSetup, guideId: number): Promise<TodayItem[]> {
  const { read } = setup.store;
  const today = dayOf(setup, setup.world.now());
  const tasks = await tasksToList(read, guideId, today, instantOf(today, "00:00", setup.config.zone));
  const shown = new Map(
    [...(await shownList(read, guideId))].map(([position, taskId]) => [taskId, position]),
  );
  let last = Math.max(0, ...shown.values());
  const placed = tasks.map((task) => ({ task, position: shown.get(task.id) ?? ++last }));
  return itemsOf(
    setup,
    placed.sort((a, b) => a.position - b.position),
    today,
  );
}

/** A guide's own task; a neighbour's does not exist for them. Raises a Refusal `not_found`. */
export async function ownTask(sql: Sql, guideId: number, taskId: number): Promise<TaskRow> {
  const [task] = Number.isSafeInteger(taskId) ? await tasksOf(sql, [taskId]) : [];
  if (!task || task.guideId !== guideId || task.offeredAt === null)
    throw new Refusal("not_found", "没有这个任务。");
  return task;
}

/** One task as on the list. */
export async function itemOf(setup: TaskSetup, task: TaskRow): Promise<TodayItem> {
  const today = dayOf(setup, setup.world.now());
  const shown = [...(await shownList(setup.store.read, task.guideId))];
  const position = shown.find(([, taskId]) => taskId === task.id)?.[0] ?? 0;
  const [item] = await itemsOf(setup, [{ task, position }], today);
  if (!item) throw new Refusal("not_found", "没有这个任务。");
  return item;
}

/** Everything that happened to a task, oldest first. */
export async function historyOf(sql: Sql, taskId: number): Promise<HistoryLine[]> {
  const rows = await sql.rows<EventRow>(
    `SELECT at, actor, from_state AS fromState, to_state AS toState, reason, note FROM task_event
     WHERE task_id = ? ORDER BY id`,
    [taskId],
  );
  return rows.map(({ fromState, toState, reason, ...row }) => ({
    ...{ ...row, from: fromState, to: toState, stateName: STATE_NAMES[toState] },
    reasonName: reason ? REASON_NAMES[reason] : null,
  }));
}

type EventRow = Pick<HistoryLine, "at" | "actor" | "note"> & {
  fromState: State;
  toState: State;
  reason: Reason | null;
};

async function itemsOf(
  setup: TaskSetup,
  placed: readonly { task: TaskRow; position: number }[],
  today: ShopDay,
): Promise<TodayItem[]> {
  const { read } = setup.store;
  const tasks = placed.map(({ task }) => task);
  const people = await peopleOf(read, tasks);
  const worded = await wordTasks(setup, read, tasks, today, people);
  const frozen = await frozenWords(read, tasks);
  const parts = await partsOf(
    read,
    tasks.map(({ id }) => id),
  );
  const sends = await sendTimes(read, worded);
  const last = await lastOutcomes(
    read,
    tasks.map(({ customerId }) => customerId),
    setup.config.zone,
  );
  const trigger = (task: TaskRow) => worded.get(task.id)?.touchpoint.spec.trigger;
  const said = await saidOf(read, tasks, trigger, today, setup.config.zone);
  const namesOf = (task: TaskRow) => childNamesOf(task, parts.get(task.id) ?? [], people);
  return placed.flatMap(({ task, position }) => {
    const one = worded.get(task.id);
    if (!one) return [];
    const shown = itemFrom(one, position, people, frozen.get(task.id) ?? null, today);
    const item = { ...shown, sendsAt: sends.get(task.id) ?? null };
    const reasons = [standsIn(task, people), item.why, said.get(task.id), last.get(task.customerId)];
    return [{ ...item, why: reasons.filter(Boolean).join("；"), childName: namesOf(task) }];
  });
}

function itemFrom(
  { task, touchpoint, text, original, edited, missing, attachments }: Worded,
  position: number,
  people: People,
  frozen: string | null,
  today: ShopDay,
): Omit<TodayItem, "childName" | "sendsAt"> {
  const { trigger, send, ask, form = null } = touchpoint.spec;
  const open = frozen === null;
  // an answer may come after the question has gone
  const wanted = ask && (open || task.state === "sent") && !isAnswered(ask, task, people) ? asksOf(ask) : [];
  const asked = [...new Set([...wanted, ...(open ? askFor(missing) : [])])];
  return {
    ...{ taskId: task.id, position, customerId: task.customerId, way: send },
    automatic: isAutomatic(touchpoint.spec),
    externalUserid: people.customers.get(task.customerId)?.externalUserid ?? "",
    customerName: people.customers.get(task.customerId)?.name ?? "",
    touchpointName: touchpoint.name,
    journeyName: touchpoint.journeyName,
    why: why(trigger, task.dueOn, task.anchorOn, today),
    words: frozen ?? text,
    original: edited ? original : null,
    missing: open ? missing.map((name) => variableOf(name)?.label ?? name) : [],
    asks: asked.map((field) => ({ field, ...labelled(field) })),
    ...{ attachments, form },
    leftOut: (touchpoint.spec.attachments ?? [])
      .filter((one) => !attachments.includes(one))
      .map(sayAttachment),
    state: task.state,
    stateName: STATE_NAMES[task.state],
    reason: task.reason,
    reasonName: task.reason ? REASON_NAMES[task.reason] : null,
    ...{ dueOn: task.dueOn, expiresOn: task.expiresOn, snoozedUntil: task.snoozedUntil },
    ...{ acted: task.actedAt !== null || isPassedOver(task.reason), handOverId: task.handOverId },
    proof: send !== "page" || task.state !== "sent" ? null : task.proven === 1 ? "proven" : "unproven",
    replied: task.repliedAt !== null,
  };
}

/** What a guide may answer to a fact that is collected: of a baby not born yet the day it is due. */
function asksOf(ask: Askable): Askable[] {
  return ask === "child.born_on" ? [ask, "child.due_on"] : [ask];
}

function labelled(field: Askable): { label: string; word: string } {
  const { label, word } = ASKABLE[field];
  return { label, word };
}

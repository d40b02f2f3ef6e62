// The way page: words the guide's own page puts into the open chat. The tap is the approval: claimed before, reported after.
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { type Answer, answer, unchanged } from "./answers.js";
import { judge, turnAway } from "./checks.js";
import { deliver } from "./deliver.js";
import { changeHandOver } from "./hand-over-changes.js";
import { groupOutgoing, type HandOverRow, handOversWhere, putHandOvers } from "./hand-overs.js";
import { REASON_NAMES } from "./life.js";
import { moveTasks } from "./moves.js";
import { ownTask } from "./queries.js";
import { sayOpening } from "./quiet.js";
import { quietAt } from "./quiet-hours.js";
import { type TaskRow, tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";
import { type Worded, wordTask, written } from "./wording.js";

/** Words claimed for a page. */
export interface TakenWords {
  words: string;
  /** whether whoever asks may put them into the chat: only the tap that claimed them may, however often it asks */
  go: boolean;
}

/**
 * The words of a task for the page that puts them into the chat: checked once more, frozen, claimed. `tap` is a text the
 * page thought up for this one tap: asking again with it gives the same, another page or phone only gets to see the
 * words. Raises a Refusal when they may not go (any more).
 */
export async function takeWords(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  tap = "",
): Promise<TakenWords> {
  const worded = await wordOwn(setup, guideId, taskId);
  const { task, touchpoint, text } = worded;
  if (touchpoint.spec.send !== "page") throw new Refusal("unsupported", "这个任务不从页面发送。");
  if (task.state === "sending") {
    const claimed = await pageHandOver(setup.store.read, task);
    if (claimed) return asClaimed(claimed, tap);
  }
  if (task.state !== "offered" || text === null)
    throw new Refusal("conflict", unchanged(taskId, task.state).message);
  const taken = await setup.store.write((sql) => takeOnce(setup, sql, worded, text, tap));
  if ("refused" in taken) throw new Refusal("conflict", taken.refused);
  return taken;
}

function asClaimed({ words, providerRef }: HandOverRow, tap: string): TakenWords {
  return { words, go: tap !== "" && providerRef === tap };
}

/** Claims the words, or gives those of a tap that was faster. */
async function takeOnce(
  setup: TaskSetup,
  sql: Sql,
  worded: Worded,
  text: string,
  tap: string,
): Promise<TakenWords | { refused: string }> {
  if (await stoppedSince(sql)) return { refused: "消息发送已紧急停止。" };
  const at = setup.world.now();
  const opens = await quietAt(setup, sql, at);
  if (opens !== null)
    return { refused: `现在是免打扰时段，${sayOpening(opens, at, setup.config.zone)} 后再发。` };
  const locked = await tasksOf(sql, [worded.task.id], "lock");
  const faster = locked[0]?.state === "sending" && (await pageHandOver(sql, locked[0]));
  if (faster) return asClaimed(faster, tap);
  const offered = locked.filter(({ state }) => state === "offered");
  const { go, turned } = await judge(setup, sql, offered, dayOf(setup, at));
  await turnAway(sql, turned, ["offered"], at);
  if (go.length === 0) {
    const reason = turned[0]?.verdict.reason;
    return { refused: reason ? `不能发送：${REASON_NAMES[reason]}。` : "这个任务刚刚有了变化。" };
  }
  await claimPage(setup, sql, worded, { words: text, tap, at });
  return { words: text, go: true };
}

async function claimPage(
  setup: TaskSetup,
  sql: Sql,
  { task, attachments }: Worded,
  { words, tap, at }: { words: string; tap: string; at: number },
): Promise<void> {
  const move = { actor: `guide:${task.guideId}`, at };
  await moveTasks(sql, [task.id], { from: ["offered"], to: "approved", ...move });
  await moveTasks(sql, [task.id], { from: ["approved"], to: "sending", ...move });
  const draft = { channel: setup.channels.tell.name, way: "page" as const, guideId: task.guideId, words };
  const when = { attachments: written(attachments), preparedOn: dayOf(setup, at), nextAt: at };
  await putHandOvers(sql, groupOutgoing([{ ...draft, ...when, task }]), () => setup.world.id(), "creating");
  const [claimed] = await tasksOf(sql, [task.id]);
  if (tap !== "" && claimed?.handOverId)
    await changeHandOver(sql, claimed.handOverId, ["creating"], { providerRef: tap });
}

/** The page reports that the words are in the chat. Unproven until the archive shows them. `sentAt`: when, for a report that
 *  had to wait for the network; never before the words were claimed. */
export async function reportSent(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  sentAt?: number,
): Promise<Answer> {
  const worded = await wordOwn(setup, guideId, taskId);
  const { touchpoint, text } = worded;
  if (touchpoint.spec.send !== "page") throw new Refusal("unsupported", "这个任务不从页面发送。");
  const at = setup.world.now();
  const stamp = { actor: `guide:${guideId}`, at };
  const sent = await setup.store.write(async (sql) => {
    const [locked] = await tasksOf(sql, [taskId], "lock");
    if (locked?.state === "offered" && text !== null)
      await claimPage(setup, sql, worded, { words: text, tap: "", at });
    const [now] = await tasksOf(sql, [taskId]);
    const handOver =
      now && (now.state === "sending" || now.state === "unknown") ? await pageHandOver(sql, now) : null;
    if (!handOver) return 0;
    const when = Math.min(at, Math.max(sentAt ?? at, Number(handOver.calledAt)));
    const confirmed = { state: "confirmed" as const, confirmedAt: when };
    await changeHandOver(sql, handOver.id, ["creating", "asking"], confirmed);
    const one = { taskId, words: handOver.words, way: "page" as const, sentAt: when, actedAt: when };
    return (await deliver(setup, sql, [one], stamp)).length;
  });
  if (sent === 0) return unchanged(taskId, (await ownTask(setup.store.read, guideId, taskId)).state);
  await setup.onDelivered?.();
  return answer(setup, guideId, taskId, true, "已记录发送。");
}

/** Why words that were claimed did not go into the chat after all. */
export const UNSENT = {
  cancelled: "导购在微信里取消了",
  refused: "微信没有接受",
  not_ready: "附件没有准备好",
  not_sent: "导购说没有发出",
} as const;
export type Unsent = keyof typeof UNSENT;

const NOT_READY = "附件还没有准备好，话术也没有发出；已放回清单，请稍后再点一次。";

/** The page reports that the words did not go: the task is offered again. `said`: what the chat system answered. */
export async function putBack(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  why: Unsent,
  said = "",
): Promise<Answer> {
  await ownTask(setup.store.read, guideId, taskId);
  const at = setup.world.now();
  const note = [...[UNSENT[why], said].filter(Boolean).join("：")].slice(0, 250).join("");
  const moved = await setup.store.write(async (sql) => {
    const [locked] = await tasksOf(sql, [taskId], "lock");
    const handOver = locked?.state === "sending" ? await pageHandOver(sql, locked) : null;
    if (!handOver || !(await changeHandOver(sql, handOver.id, ["creating"], { state: "absent" }))) return 0;
    const move = { actor: `guide:${guideId}`, at, note, set: { hand_over_id: null } };
    return (await moveTasks(sql, [taskId], { ...move, from: ["sending"], to: "offered" })).length;
  });
  if (moved === 0) return unchanged(taskId, (await ownTask(setup.store.read, guideId, taskId)).state);
  return answer(setup, guideId, taskId, true, why === "not_ready" ? NOT_READY : "没有发出，已放回清单。");
}

async function wordOwn(setup: TaskSetup, guideId: number, taskId: number): Promise<Worded> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  return wordTask(setup, setup.store.read, task, dayOf(setup, setup.world.now()));
}

async function pageHandOver(sql: Sql, task: TaskRow): Promise<HandOverRow | null> {
  const rows = await handOversWhere(sql, "id = ? AND way = 'page'", [task.handOverId]);
  return rows[0] ?? null;
}

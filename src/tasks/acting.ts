// What a guide does to a task before its words have gone: skip it, put it off, do it by hand, change the words.
import type { Sql } from "../infra/store.js";
import { sayClaim } from "../journeys/claims.js";
import { MESSAGE_BYTES } from "../journeys/file.js";
import { addDays, instantOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { type Answer, answer, endedOrBusy, notTakenBack, unchanged } from "./answers.js";
import { takeBackApprovals } from "./approving.js";
import { handOversWhere, leaveReady } from "./hand-overs.js";
import { SKIP_NAMES, type SkipReason, type State } from "./life.js";
import { type Move, moveTasks } from "./moves.js";
import { prepareAnew } from "./preparing.js";
import { ownTask } from "./queries.js";
import type { TaskRow } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { isWished, keepOwnWords, putOffTask, type Wish } from "./wishes.js";
import { offerAgain, type Then, withdraw } from "./withdrawing.js";
import { wordTasks } from "./wording.js";

const WITH_US: readonly State[] = ["offered", "needs_data", "approved"];
const HANDED: readonly State[] = ["handed_over"];
const TWO_HOURS = 2 * 3_600_000;
/** Nothing is put off to later than this in a day. */
const LATEST = "20:00";

/** Passes a customer over for a reason. */
export async function skip(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  reason: SkipReason,
  note?: string,
): Promise<Answer> {
  if (!Object.hasOwn(SKIP_NAMES, reason))
    throw new Refusal("invalid", "请选择跳过的原因。", [
      { where: "reason", value: String(reason), expected: Object.keys(SKIP_NAMES).join(", ") },
    ]);
  const move = { to: "skipped", reason: `guide_skipped_${reason}`, note: clipped(note) } as const;
  return end(setup, guideId, taskId, { ...move, set: { acted_at: null } }, `已跳过：${SKIP_NAMES[reason]}。`);
}

/** Puts a task off: two hours, else to the guide's hour of the next day. */
export async function later(setup: TaskSetup, guideId: number, taskId: number): Promise<Answer> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  const done = endedOrBusy(taskId, task.state);
  if (done) return done;
  if (task.state === "approved") throw new Refusal("conflict", "这条消息已确认发送，请先撤回。");
  const { until, word } = putOffUntil(setup, task);
  if (task.state !== "handed_over") {
    const first = async (sql: Sql) => {
      await putOffTask(sql, taskId, { guideId, until });
      return true;
    };
    await prepareAnew(setup, [taskId], { actor: `guide:${guideId}`, first });
    return answer(setup, guideId, taskId, true, `好的，${word}再提醒。`);
  }
  const result = await takeBack(setup, task, { putOff: { guideId, until }, at: setup.world.now() });
  if (result === "later") return wishedMeanwhile(setup, guideId, taskId);
  if (result === "stopped") return heeded(setup, guideId, taskId, "offered", `好的，${word}再提醒。`);
  return answer(setup, guideId, taskId, false, "这条消息已经发出。");
}

/** Takes one task's words back: approved here, it is open again; waiting for a tap in the chat system, it is cancelled
 *  there and put off, for what is merely open would be laid there again at once. */
export async function takeBackOne(setup: TaskSetup, guideId: number, taskId: number): Promise<Answer> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  const say = (message: string) => answer(setup, guideId, taskId, false, message);
  if (task.state === "approved") {
    const [taken] = await takeBackApprovals(setup, guideId, [taskId]);
    return taken ?? say(TOO_LATE);
  }
  if (task.state === "sent" || task.state === "sending") return say(TOO_LATE);
  if (task.state === "offered" && task.handOverId !== null)
    return say("还没有发。到点会自动发出；不想发请回复「跳过」加号码，想晚点回复「稍后」加号码。");
  if (task.state !== "handed_over") return say("还没有确认发送，不用撤回。");
  const put = await later(setup, guideId, taskId);
  if (!put.changed) return { ...put, message: put.state === "sent" ? TOO_LATE : put.message };
  return { ...put, message: "已从群发助手撤回，过后会再放进去；不想发请回复「跳过」加号码。" };
}

const TOO_LATE = "已经发出去了，收不回来。";

/** Puts the guide's own words in place of the rendering, checked like HQ's. */
export async function edit(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  words: string,
): Promise<Answer> {
  const text = words.trim();
  const task = await ownTask(setup.store.read, guideId, taskId);
  const done = endedOrBusy(taskId, task.state);
  if (done) return done;
  if (task.state === "approved") throw new Refusal("conflict", "这条消息已确认发送，请先撤回再修改。");
  const today = dayOf(setup, setup.world.now());
  const worded = (await wordTasks(setup, setup.store.read, [task], today)).get(taskId);
  if (!worded?.touchpoint.words) throw new Refusal("unsupported", "这个任务没有话术，不能修改。");
  await refuseBadWords(setup, text);
  // words wished for stand nowhere yet: who wants the old ones again has to be heard
  if (text === worded.text && !(await isWished(setup.store.read, taskId)))
    return unchanged(taskId, task.state);
  const actor = `guide:${guideId}`;
  const own = { words: text, original: worded.original ?? "", actor, at: setup.world.now() };
  if (task.state !== "handed_over") {
    const first = async (sql: Sql) => {
      await keepOwnWords(sql, taskId, own);
      return true;
    };
    const ids = await prepareAnew(setup, [taskId], { actor, edit: text, first });
    const message = ids.length > 0 ? "内容已修改。" : "这条消息刚刚发出，没有改动。";
    return answer(setup, guideId, taskId, ids.length > 0, message);
  }
  const result = await takeBack(setup, task, { own, at: own.at });
  if (result === "later") return wishedMeanwhile(setup, guideId, taskId);
  if (result === "stopped")
    return heeded(setup, guideId, taskId, "offered", "内容已修改，稍后请重新确认发送。");
  return answer(setup, guideId, taskId, false, "这条消息已经发出，没有改动。");
}

/** Ends a task by the guide's will, wherever it stands with us; what WeCom holds is taken back first. `keep` writes what
 *  belongs to the end, in the same transaction, once it is sure. */
export async function end(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  move: Pick<Move, "to" | "reason" | "note" | "set">,
  message: string,
  keep?: (sql: Sql) => Promise<void>,
): Promise<Answer> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  const done = endedOrBusy(taskId, task.state);
  if (done) return done;
  const stamp = { actor: `guide:${guideId}`, at: setup.world.now() };
  if (task.state === "handed_over") {
    const result = await takeBack(setup, task, { ...move, ...stamp });
    if (result === "later") return wishedMeanwhile(setup, guideId, taskId);
    if (result === "stopped") return heeded(setup, guideId, taskId, move.to, message);
    return answer(setup, guideId, taskId, false, "这条消息已经发出。");
  }
  const moved = await setup.store.write(async (sql) => {
    const ids = await moveTasks(sql, [taskId], { ...move, ...stamp, from: WITH_US });
    await leaveReady(sql, ids);
    if (ids.length > 0) await keep?.(sql);
    return ids.length;
  });
  return answer(setup, guideId, taskId, moved > 0, moved > 0 ? message : "这个任务刚刚有了变化，没有改动。");
}

/** Stops the hand-over a task is in and does what its guide wishes, also when that takes until later; the others in it are
 *  offered anew. */
async function takeBack(
  setup: TaskSetup,
  task: TaskRow,
  wish: Wish,
): Promise<"stopped" | "confirmed" | "later"> {
  const [handOver] = await handOversWhere(setup.store.read, "id = ?", [task.handOverId]);
  if (!handOver) return "later";
  const others: Then = (sql, tasks) => offerAgain(setup, sql, tasks, handOver, HANDED, setup.world.now());
  return withdraw(setup, handOver, others, { taskId: task.id, wish });
}

/** What the guide wished came true; or the task went elsewhere with the words taken back: its day was over, everything
 *  stands still, another of their taps came last. */
async function heeded(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  wished: State,
  message: string,
): Promise<Answer> {
  const { state } = await ownTask(setup.store.read, guideId, taskId);
  return state === wished ? answer(setup, guideId, taskId, true, message) : unchanged(taskId, state);
}

/** The words cannot be taken back now: what was wished is done as soon as they are. Or somebody else was faster (a doubled
 *  tap). Raises a Refusal where nothing could be kept. */
async function wishedMeanwhile(setup: TaskSetup, guideId: number, taskId: number): Promise<Answer> {
  const { state } = await ownTask(setup.store.read, guideId, taskId);
  if (state !== "handed_over") return unchanged(taskId, state);
  if (!(await isWished(setup.store.read, taskId))) throw notTakenBack();
  return answer(setup, guideId, taskId, false, WISHED);
}

const WISHED = "已记下，正在从企业微信撤回；撤回后就照您说的办，不用再说一次。";

function putOffUntil(setup: TaskSetup, task: TaskRow): { until: number; word: string } {
  const { zone, day } = setup.config;
  const now = setup.world.now();
  const today = dayOf(setup, now);
  const soon = now + TWO_HOURS;
  if (soon <= instantOf(today, LATEST, zone)) return { until: soon, word: "两小时后" };
  const tomorrow = addDays(today, 1);
  if (tomorrow > task.expiresOn) throw new Refusal("conflict", "这个任务今天到期，不能再推迟。");
  return { until: instantOf(tomorrow, day.guide_hour, zone), word: "明天" };
}

async function refuseBadWords(setup: TaskSetup, text: string): Promise<void> {
  if (text === "") throw new Refusal("invalid", "内容不能为空。");
  if (Buffer.byteLength(text) > MESSAGE_BYTES) throw new Refusal("invalid", "内容太长，请缩短后再试。");
  await refuseClaims(setup, text);
}

/** Raises a Refusal for what no message to a customer may say. Never inside of a transaction: it may write. */
export async function refuseClaims(setup: Pick<TaskSetup, "claims">, text: string): Promise<void> {
  await setup.claims.fresh?.();
  refuseKnownClaims(setup, text);
}

/** The same by the list as it was read last, with nothing to wait for. */
export function refuseKnownClaims(setup: Pick<TaskSetup, "claims">, text: string): void {
  const hits = setup.claims(text);
  if (hits.length === 0) return;
  const faults = hits.map((hit) => ({ where: "words", value: hit.found, expected: sayClaim(hit) }));
  throw new Refusal("invalid", `内容里有不能使用的说法：${hits.map(sayClaim).join("；")}`, faults);
}

/** A note as an event keeps it. */
export function clipped(note: string | undefined): string | null {
  return note?.trim() ? [...note.trim()].slice(0, 250).join("") : null;
}

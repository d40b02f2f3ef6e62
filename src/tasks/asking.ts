// Words of which no channel can tell whether they went out: the guide is asked, and the guide's answer holds.
import { grouped } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { type Answer, answer, unchanged } from "./answers.js";
import { deliver } from "./deliver.js";
import { erasedAmong, forgetHandOvers } from "./erased.js";
import { guidesOf, peopleOf } from "./facts.js";
import { changeHandOver } from "./hand-over-changes.js";
import { dueHandOvers, type HandOverRow, handOversWhere, linksOf } from "./hand-overs.js";
import { moveTasks } from "./moves.js";
import { ownTask } from "./queries.js";
import { type TaskRow, tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { offerAgain } from "./withdrawing.js";

const BATCH = 200;
const ASK_AGAIN = 24 * 3_600_000;

/** Asks guides about words of which nobody else can tell whether they went out; once a day while it is open. */
export async function askGuides(setup: TaskSetup): Promise<number> {
  const { store, channels } = setup;
  const now = setup.world.now();
  const due = await dueHandOvers(store.read, "asking", now, BATCH);
  for (const handOver of due) {
    const tasks = await stillMeant(setup, await openOf(setup, handOver), now);
    const next = tasks.length > 0 ? { nextAt: now + ASK_AGAIN } : { state: "absent" as const };
    await store.write(async (sql) => {
      await changeHandOver(sql, handOver.id, ["asking"], next);
      await forgetErased(sql, handOver);
    });
    const [guide] = await guidesOf(store.read, [handOver.guideId]);
    if (tasks.length === 0 || !guide) continue;
    const people = await peopleOf(store.read, tasks);
    const names = tasks.slice(0, 5).map(({ customerId }) => people.customers.get(customerId)?.name ?? "客户");
    const who = names.join("、") + (tasks.length > 5 ? `等${tasks.length}位客户` : "");
    const text = `发给${who}的消息没有收到回执。请看看聊天里是否已经发出，再在任务页选「已发出」或「没有发出」；也可以回复「任务」看号码，再回复「已发出 3」或「没发出 3」。`;
    await channels.tell.tellGuide(guide.userid, { kind: "text", text }).catch((error: unknown) => {
      setup.log.warn({ handOverId: handOver.id, err: String(error) }, "a guide could not be asked");
    });
  }
  return due.length;
}

/** Of whom nothing is known any more nobody is asked: their tasks end. Gives the others. */
async function stillMeant(setup: TaskSetup, tasks: readonly TaskRow[], at: number): Promise<TaskRow[]> {
  const gone = await erasedAmong(setup.store.read, tasks);
  if (gone.size === 0) return [...tasks];
  await setup.store.write((sql) =>
    moveTasks(sql, [...gone], {
      ...{ from: ["unknown"], to: "cancelled", reason: "erased", actor: "system", at },
    }),
  );
  return tasks.filter(({ id }) => !gone.has(id));
}

async function openOf(setup: TaskSetup, handOver: HandOverRow): Promise<TaskRow[]> {
  const ids = (await linksOf(setup.store.read, [handOver.id])).map(({ taskId }) => taskId);
  const tasks = await tasksOf(setup.store.read, ids);
  return tasks.filter(({ state, handOverId }) => state === "unknown" && handOverId === handOver.id);
}

/** Answers whether words without a receipt went out; it holds for all customers of that hand-over. */
export async function answerUnknown(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  sent: boolean,
): Promise<Answer> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  const [handOver] = await handOversWhere(setup.store.read, "id = ?", [task.handOverId]);
  if (task.state !== "unknown" || !handOver) return unchanged(taskId, task.state);
  // while the channel can still find it, only the channel can say that it is not there
  if (!sent && handOver.state !== "asking") throw new Refusal("conflict", "还在核实，请稍后再回答。");
  const stamp = { actor: `guide:${guideId}`, at: setup.world.now() };
  await setup.store.write(async (sql) => {
    const change = sent
      ? { state: "confirmed" as const, confirmedAt: handOver.calledAt }
      : { state: "absent" as const };
    if (!(await changeHandOver(sql, handOver.id, ["asking", "unknown"], change))) return;
    const links = await linksOf(sql, [handOver.id]);
    const tasks = await tasksOf(
      sql,
      links.map((link) => link.taskId),
      "lock",
    );
    if (!sent) return neverTookPlace(setup, sql, handOver, tasks, stamp.actor);
    const times = {
      words: handOver.words,
      way: handOver.way,
      sentAt: handOver.calledAt,
      actedAt: handOver.calledAt,
    };
    const open = tasks.filter(({ state }) => state === "unknown");
    await deliver(
      setup,
      sql,
      open.map(({ id }) => ({ taskId: id, ...times })),
      stamp,
    );
  });
  if (sent) await setup.onDelivered?.();
  return answer(setup, guideId, taskId, true, sent ? "已记录：已发出。" : "已记录：没有发出，会重新安排。");
}

/** Open tasks of a call that surely never took place are offered anew inside their grace. */
export async function neverTookPlace(
  setup: TaskSetup,
  sql: Sql,
  handOver: HandOverRow,
  tasks: readonly TaskRow[],
  actor = "system",
): Promise<void> {
  const at = setup.world.now();
  const today = dayOf(setup, at);
  await forgetErased(sql, handOver);
  const open = tasks.filter(({ state, handOverId }) => state === "unknown" && handOverId === handOver.id);
  const isOver = grouped(open, ({ expiresOn }) => expiresOn < today);
  const over = (isOver.get(true) ?? []).map(({ id }) => id);
  await moveTasks(sql, over, { from: ["unknown"], to: "expired", reason: "grace_passed", actor, at });
  await offerAgain(setup, sql, isOver.get(false) ?? [], handOver, ["unknown"], at);
}

/** The words of a hand-over that is over, where they were for somebody of whom nothing shall be known. */
async function forgetErased(sql: Sql, { id }: Pick<HandOverRow, "id">): Promise<void> {
  const links = (await linksOf(sql, [id])).map(({ taskId, customerId }) => ({ id: taskId, customerId }));
  await forgetHandOvers(sql, [...(await erasedAmong(sql, links))]);
}

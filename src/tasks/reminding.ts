// Reminders of what a guide put off: kept until they are due, told once, forgotten.
import { ChannelError } from "../channels/port.js";
import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { guidesOf, type People, peopleOf } from "./facts.js";
import { shownList } from "./listing.js";
import { type TaskRow, tasksOf } from "./rows.js";
import type { TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";

const BATCH = 500;
const AGAIN = 5 * 60_000;

/** Keeps a reminder; putting a task off again moves it. */
export async function putReminder(
  sql: Sql,
  { taskId, guideId, at }: { taskId: number; guideId: number; at: number },
): Promise<void> {
  await sql.run(
    `INSERT INTO task_reminder (task_id, guide_id, at) VALUES (?, ?, ?)
     ${sql.dialect.onConflict(["task_id"], ["guide_id", "at"])}`,
    [taskId, guideId, at],
  );
}

/** Reminds guides of what they put off until now and have not done; gives how many guides were told. */
export async function remindDue(setup: TaskSetup): Promise<number> {
  const { store, world } = setup;
  const now = world.now();
  const due = await store.read.rows<{ taskId: number; guideId: number }>(
    `SELECT task_id AS taskId, guide_id AS guideId FROM task_reminder WHERE at <= ? ORDER BY at LIMIT ${BATCH}`,
    [now],
  );
  if (due.length === 0 || (await stoppedSince(store.read))) return 0;
  const tasks = await tasksOf(
    store.read,
    due.map(({ taskId }) => taskId),
  );
  const open = tasks.filter(({ state }) => state === "offered" || state === "needs_data");
  const people = await peopleOf(store.read, open);
  let told = 0;
  for (const [guideId, ofOne] of grouped(due, (one) => one.guideId)) {
    const ids = new Set(ofOne.map(({ taskId }) => taskId));
    const mine = open.filter((task) => ids.has(task.id) && task.guideId === guideId);
    const isTold = mine.length === 0 || (await tell(setup, guideId, mine, people));
    if (isTold && mine.length > 0) told++;
    await store.write((sql) => settle(sql, [...ids], isTold ? null : now + AGAIN));
  }
  return told;
}

/** Forgets reminders, or moves them where the guide could not be told now. */
function settle(sql: Sql, taskIds: readonly number[], again: number | null) {
  const here = `task_id IN (${marks(taskIds.length)})`;
  return again === null
    ? sql.run(`DELETE FROM task_reminder WHERE ${here}`, taskIds)
    : sql.run(`UPDATE task_reminder SET at = ? WHERE ${here}`, [again, ...taskIds]);
}

/** False: try again later. */
async function tell(
  setup: TaskSetup,
  guideId: number,
  tasks: readonly TaskRow[],
  people: People,
): Promise<boolean> {
  const [guide] = await guidesOf(setup.store.read, [guideId]);
  if (!guide) return true;
  const shown = new Map(
    [...(await shownList(setup.store.read, guideId))].map(([number, id]) => [id, number]),
  );
  const lines = tasks.map(({ id, customerId }) => {
    const number = shown.get(id);
    return `${number === undefined ? "" : `${number}. `}${people.customers.get(customerId)?.name ?? "客户"}`;
  });
  const text = `您之前说稍后跟进：\n${lines.join("\n")}`;
  try {
    await setup.channels.tell.tellGuide(guide.userid, { kind: "text", text });
    return true;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ guideId, err: error.message }, "a guide was not reminded");
    return error.kind === "fix";
  }
}

// Words that reached their customer: the delivery written down, the task sent, the pair marked for credit.

import { markPairs } from "../channels/pairs.js";
import { grouped, insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { erasedAmong, forgetHandOvers } from "./erased.js";
import type { HandOverRow } from "./hand-overs.js";
import type { State } from "./life.js";
import { type Move, moveTasks } from "./moves.js";
import { quietAmong } from "./quiet-hours.js";
import { type TaskRow, tasksOf } from "./rows.js";
import type { TaskSetup } from "./setup.js";

/** One follow-up the customer has. */
export interface Delivery {
  taskId: number;
  words: string;
  way: HandOverRow["way"];
  /** the channel itself says, customer by customer, that it arrived */
  proven?: boolean;
  /** epoch ms */
  sentAt: number;
  /** epoch ms of the guide's tap; kept only where none was known before */
  actedAt: number;
}

const ON_THE_WAY: readonly State[] = ["sending", "handed_over"];
const FOUND_LATE: readonly State[] = ["unknown", "expired", "cancelled"];

/**
 * Writes deliveries down and moves their tasks to `sent`; those that had ended without being sent are flagged late.
 * A task that went elsewhere meanwhile (or was sent already) is left alone. Gives the ids of those now sent.
 */
export async function deliver(
  setup: Pick<TaskSetup, "config" | "log">,
  sql: Sql,
  deliveries: readonly Delivery[],
  { actor, at }: Pick<Move, "actor" | "at">,
): Promise<number[]> {
  const byTask = new Map(deliveries.map((one) => [one.taskId, one]));
  const tasks = await tasksOf(sql, [...byTask.keys()], "lock");
  const sendable = tasks.filter(({ state }) => [...ON_THE_WAY, ...FOUND_LATE].includes(state));
  for (const task of tasks)
    if (!sendable.includes(task) && task.state !== "sent")
      setup.log.error({ taskId: task.id, state: task.state }, "sent according to the channel, but not to us");
  if (sendable.length === 0) return [];
  await putDeliveries(setup, sql, sendable, byTask);
  await flagQuiet(setup, sql, sendable, byTask);
  const sent: number[] = [];
  const isLateIn = (state: State) => state === "expired" || state === "cancelled";
  const kinds = grouped(sendable, ({ id, state }) => `${isLateIn(state)} ${byTask.get(id)?.proven ?? false}`);
  for (const group of kinds.values()) {
    const isLate = isLateIn(group[0]?.state ?? "sending");
    const isProven = byTask.get(group[0]?.id ?? 0)?.proven;
    const ids = group.map(({ id }) => id);
    sent.push(
      ...(await moveTasks(sql, ids, {
        ...{ from: [...ON_THE_WAY, ...FOUND_LATE], to: "sent", by: "reconciliation", actor, at },
        set: {
          sent_at: { sql: "(SELECT d.sent_at FROM delivery d WHERE d.task_id = task.id)" },
          acted_at: {
            sql: "COALESCE(acted_at, (SELECT d.acted_at FROM delivery d WHERE d.task_id = task.id))",
          },
          ...(isLate ? { late: 1 } : {}),
          ...(isProven ? { proven: 1 } : {}),
        },
      })),
    );
  }
  return sent;
}

/** A tap in the gap before the words could be taken back counts, and is seen. */
async function flagQuiet(
  setup: Pick<TaskSetup, "config">,
  sql: Sql,
  tasks: readonly TaskRow[],
  byTask: ReadonlyMap<number, Delivery>,
): Promise<void> {
  const sentAt = ({ id }: TaskRow) => byTask.get(id)?.sentAt ?? 0;
  const quiet = await quietAmong(setup, sql, tasks.map(sentAt));
  const ids = tasks.filter((task) => quiet.has(sentAt(task))).map(({ id }) => id);
  if (ids.length > 0)
    await sql.run(`UPDATE task SET outside_quiet = 1 WHERE id IN (${marks(ids.length)})`, ids);
}

async function putDeliveries(
  setup: Pick<TaskSetup, "config">,
  sql: Sql,
  tasks: readonly TaskRow[],
  byTask: ReadonlyMap<number, Delivery>,
): Promise<void> {
  const gone = await erasedAmong(sql, tasks);
  const rows = tasks.flatMap((task) => {
    const one = byTask.get(task.id);
    if (!one) return [];
    const on = shopDayOf(one.sentAt, setup.config.zone);
    const words = gone.has(task.id) ? "" : one.words;
    return [[task.id, task.guideId, task.customerId, one.sentAt, on, one.actedAt, words, one.way]];
  });
  await forgetHandOvers(sql, [...gone]);
  await insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, acted_at, words, way)`,
    rows,
  );
  await markPairs(
    sql,
    tasks.map(({ guideId, customerId }) => ({ guideId, customerId })),
  );
}

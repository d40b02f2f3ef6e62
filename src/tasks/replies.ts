// Credit, kept right in the database: computed anew for every pair that gained a delivery or a message.
import { type ChatPair, distinctPairs, keyOfPair } from "../channels/pairs.js";
import { chunked, grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Logger } from "../infra/log.js";
import type { Param, Sql, Store } from "../infra/store.js";
import { type Credit, credit, type Heard, type Send } from "./credit.js";
import { markFigures } from "./moves.js";

export interface RepliesDeps {
  store: Store;
  /** ms in which a message can answer a follow-up */
  windowMs: number;
  log: Pick<Logger, "error">;
}

export type ReplyService = ReturnType<typeof replyService>;

const PAIRS = 256;

/** The keeper of credit. Whoever adds a delivery or message marks the pair (channels/pairs) and then calls `settle`. */
export function replyService({ store, windowMs, log }: RepliesDeps) {
  let running: Promise<number> | undefined;
  let again = false;

  /** Computes the credit of these pairs anew and writes what differs; gives how many tasks changed. */
  async function recompute(pairs: readonly ChatPair[]): Promise<number> {
    const once = distinctPairs(pairs);
    let changed = 0;
    for (const some of chunked(once, PAIRS))
      changed += await store.write((sql) => recomputeIn(sql, some, windowMs));
    return changed;
  }

  async function settleAll(): Promise<number> {
    let changed = 0;
    try {
      for (;;) {
        again = false;
        const piece = await store.write((sql) => settlePiece(sql, windowMs));
        changed += piece.changed;
        if (piece.marks === 0 && !again) return changed;
      }
    } finally {
      running = undefined;
    }
  }

  return {
    recompute,
    /** Works off all marks, in short transactions; callers at the same time share one pass. Gives tasks changed. */
    settle(): Promise<number> {
      again = true;
      running ??= settleAll();
      return running;
    },
    /** As `settle`, for callers that do not wait and have other worries than a fault here. */
    async settleQuietly(): Promise<void> {
      await this.settle().catch((error: unknown) => log.error({ error }, "credit waits for its marks"));
    },
  };
}

/** The oldest marks, their pairs computed and the marks gone, as one. */
async function settlePiece(sql: Sql, windowMs: number): Promise<{ marks: number; changed: number }> {
  const rows = await sql.rows<{ id: number; customer_id: number; guide_id: number }>(
    `SELECT id, customer_id, guide_id FROM credit_mark ORDER BY id LIMIT ${PAIRS}`,
  );
  if (rows.length === 0) return { marks: 0, changed: 0 };
  const pairs = rows.map((row) => ({ customerId: row.customer_id, guideId: row.guide_id }));
  const changed = await recomputeIn(sql, distinctPairs(pairs), windowMs);
  const ids = rows.map(({ id }) => id);
  await sql.run(`DELETE FROM credit_mark WHERE id IN (${marks(ids.length)})`, ids);
  return { marks: rows.length, changed };
}

interface SentRow {
  task_id: number;
  guide_id: number;
  customer_id: number;
  sent_at: number;
  words: string;
}
interface TaskRow {
  id: number;
  replied_at: number | null;
  observed: number;
  proven: number;
}
interface MessageRow {
  id: number;
  guide_id: number;
  customer_id: number;
  sender: Heard["from"];
  sent_at: number;
  text: string | null;
  /** 0 for a message that counts: not taken back, not a guide's own report, which is counted apart */
  leave_out: number;
  task_id: number | null;
}

/**
 * One transaction's worth of pairs. Two at once for the same pair queue at the deliveries' rows, and only then read
 * the messages: the later one sees all that the earlier one saw.
 */
async function recomputeIn(sql: Sql, pairs: readonly ChatPair[], windowMs: number): Promise<number> {
  const wanted = new Set(pairs.map(keyOfPair));
  const customers = [...new Set(pairs.map(({ customerId }) => customerId))];
  const sent = (
    await sql.rows<SentRow>(
      `SELECT task_id, guide_id, customer_id, sent_at, words FROM delivery
       WHERE customer_id IN (${marks(customers.length)})${sql.dialect.forUpdate}`,
      customers,
    )
  ).filter((row) => wanted.has(rowKey(row)));
  if (sent.length === 0) return 0;
  const tasks = await tasksOf(sql, sent);
  const heard = await heardOf(sql, sent);
  const changedTasks: (readonly Param[])[] = [];
  const changedMessages: (readonly Param[])[] = [];
  for (const [key, rows] of grouped(sent, rowKey)) {
    const messages = heard.get(key) ?? [];
    const counting = messages.filter((row) => row.leave_out === 0).map(heardOne);
    const found = credit(rows.map(sendOf), counting, windowMs);
    changedTasks.push(...taskChanges(found, tasks));
    changedMessages.push(...messageChanges(found, messages));
  }
  await updateById(sql, "message", ["task_id"], changedMessages);
  await updateById(sql, "task", ["replied_at", "observed", "proven"], changedTasks);
  await markFigures(
    sql,
    changedTasks.map(([id]) => Number(id)),
  );
  return changedTasks.length;
}

async function tasksOf(sql: Sql, sent: readonly SentRow[]): Promise<Map<number, TaskRow>> {
  const ids = sent.map(({ task_id }) => Number(task_id));
  const rows = await sql.rows<TaskRow>(
    `SELECT id, replied_at, observed, proven FROM task WHERE id IN (${marks(ids.length)})`,
    ids,
  );
  return new Map(rows.map((row) => [Number(row.id), row]));
}

/** What was said between those who have a delivery. */
async function heardOf(sql: Sql, sent: readonly SentRow[]): Promise<Map<string, MessageRow[]>> {
  const customers = [...new Set(sent.map(({ customer_id }) => customer_id))];
  const rows = await sql.rows<MessageRow>(
    `SELECT id, guide_id, customer_id, sender, sent_at, task_id,
            CASE WHEN sender = 'guide' THEN text END AS text,
            CASE WHEN recalled = 0 AND source <> 'guide_report' THEN 0 ELSE 1 END AS leave_out
     FROM message WHERE customer_id IN (${marks(customers.length)})`,
    customers,
  );
  return grouped(rows, rowKey);
}

function rowKey(row: { guide_id: number; customer_id: number }): string {
  return keyOfPair({ guideId: row.guide_id, customerId: row.customer_id });
}

function sendOf(row: SentRow): Send {
  return { taskId: Number(row.task_id), at: Number(row.sent_at), words: row.words };
}

function heardOne(row: MessageRow): Heard {
  return { id: Number(row.id), from: row.sender, at: Number(row.sent_at), text: row.text };
}

function taskChanges(found: Credit, tasks: ReadonlyMap<number, TaskRow>): Param[][] {
  return [...found.sends].flatMap(([taskId, { repliedAt, observed, proven }]) => {
    const row = tasks.get(taskId);
    if (!row) return [];
    // what the channel itself has proven stays so without the archive
    const [isObserved, isProven] = [observed ? 1 : 0, proven ? 1 : row.proven];
    const before = row.replied_at === null ? null : Number(row.replied_at);
    if (before === repliedAt && row.observed === isObserved && row.proven === isProven) return [];
    return [[taskId, repliedAt, isObserved, isProven]];
  });
}

function messageChanges(found: Credit, messages: readonly MessageRow[]): Param[][] {
  return messages.flatMap(({ id, task_id }) => {
    const taskId = found.messages.get(Number(id)) ?? null;
    return taskId === (task_id === null ? null : Number(task_id)) ? [] : [[Number(id), taskId]];
  });
}

/** Sets columns of many rows by their id, one statement for a few hundred. Rows are [id, value of each column …]. */
async function updateById(
  sql: Sql,
  table: "message" | "task",
  columns: readonly string[],
  rows: readonly (readonly Param[])[],
): Promise<void> {
  for (const some of chunked(rows, 200)) {
    const cases = columns.map((column) => `${column} = CASE id ${"WHEN ? THEN ? ".repeat(some.length)}END`);
    const values = columns.flatMap((_, column) =>
      some.flatMap((row) => [row[0] ?? null, row[column + 1] ?? null]),
    );
    await sql.run(`UPDATE ${table} SET ${cases.join(", ")} WHERE id IN (${marks(some.length)})`, [
      ...values,
      ...some.map((row) => row[0] ?? null),
    ]);
  }
}

// Rows a chat needs in the database: guides, customers, and follow-ups that were sent.
import type { Store } from "../../src/infra/store.js";

/** Makes guides g1…, customers c1… (all of guide 1's); gives nothing, ids count from 1 in an empty database. */
export async function enrol(store: Store, guides: number, customers: number): Promise<void> {
  await store.write(async (sql) => {
    for (let n = 1; n <= guides; n++)
      await sql.run("INSERT INTO guide (id, userid, name, store_id) VALUES (?, ?, ?, 1)", [
        n,
        `g${n}`,
        `导购${n}`,
      ]);
    for (let n = 1; n <= customers; n++)
      await sql.run(
        `INSERT INTO customer (id, external_userid, name, guide_id, opted_out, stopped, bucket)
         VALUES (?, ?, ?, 1, 0, 0, 0)`,
        [n, `c${n}`, `客户${n}`],
      );
  });
}

/** A task of a guide's list; `state` and day as given. */
export interface TaskRow {
  id: number;
  guideId: number;
  customerId: number;
  state: string;
  /** the offer's shop day */
  day: string;
  offeredAt: number;
}

/** Writes a task row. */
export async function putTask(store: Store, row: TaskRow): Promise<void> {
  await store.write((sql) =>
    sql.run(
      `INSERT INTO task (id, touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, priority,
         variant, late, due_on, anchor_on, release_on, expires_on, released_on, offered_at, store_id, region_id)
       VALUES (?, 1, ?, ?, 0, 1, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?, ?, 1, 1)`,
      [
        row.id,
        row.id,
        row.customerId,
        row.guideId,
        row.state,
        ...[row.day, row.day, row.day, row.day, row.day],
        row.offeredAt,
      ],
    ),
  );
}

/** Writes what a sent task leaves behind, without the pair's mark. */
export async function putDelivery(
  store: Store,
  row: { taskId: number; guideId: number; customerId: number; at: number; on: string; words: string },
): Promise<void> {
  await store.write((sql) =>
    sql.run(
      "INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words) VALUES (?, ?, ?, ?, ?, ?)",
      [row.taskId, row.guideId, row.customerId, row.at, row.on, row.words],
    ),
  );
}

/** One archive record as the archive gives it. */
export function archived(
  msgid: string,
  from: string,
  to: string,
  msgtime: number,
  content: string,
): Record<string, unknown> {
  return {
    msgid,
    action: "send",
    from,
    tolist: [to],
    roomid: "",
    msgtime,
    msgtype: "text",
    text: { content },
  };
}

/** The archive's record of a message taken back. */
export function recallOf(record: Record<string, unknown>, msgtime: number): Record<string, unknown> {
  return {
    ...record,
    msgid: `${record.msgid}-recall`,
    action: "recall",
    msgtime,
    msgtype: "revoke",
    text: undefined,
    revoke: { pre_msgid: record.msgid },
  };
}

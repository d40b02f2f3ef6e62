// Customers an import made or changed, taken back: one made goes with all that follows from it, one changed is again
// what they were.
import { selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";
import { loadCustomers } from "../customer-rows.js";
import { putCustomers } from "../customer-writes.js";
import type { StoredCustomer } from "../writing.js";
import { isWithTags } from "./change-log.js";
import { type CustomerBefore, type KeptCustomer, keptOf } from "./kept-customers.js";
import { pin, type Undoing, type UndoKind } from "./undo-words.js";

/** A customer with their id; what they were says too whether the friendship with their owner was not there. */
type CustomerNow = KeptCustomer & Pick<CustomerBefore, "contactMade"> & { id: number };

/** How customers are taken back. */
export const undoCustomers: UndoKind<CustomerNow> = {
  kind: "customers",
  load: async (sql, logged) => {
    const withTags = new Set(logged.filter(({ digest }) => isWithTags(digest)).map(({ key }) => key));
    const found = await loadCustomers(
      sql,
      logged.map(({ key }) => key),
      withTags.size > 0,
    );
    const merged = await mergedAmong(
      sql,
      [...found.values()].map(({ id }) => id),
    );
    return new Map(
      [...found]
        .filter(([, { id }]) => !merged.has(id))
        .map(([key, row]) => [key, { id: row.id, ...keptOf(row, withTags.has(key)) }]),
    );
  },
  inUse: async (sql, rows, undoing) => {
    const ids = [...rows.values()].map(({ id }) => id);
    const used = await usedAmong(sql, ids, undoing);
    return new Set([...rows].filter(([, { id }]) => used.has(id)).map(([key]) => key));
  },
  remove: async (sql, rows, { tasks, since }) => {
    const ids = rows.map(({ id }) => id);
    const gone = await tasks.forget(sql, ids, since);
    const here = `IN (${marks(ids.length)})`;
    for (const table of FOLLOWING) await sql.run(`DELETE FROM ${table} WHERE customer_id ${here}`, ids);
    await sql.run(`DELETE FROM customer WHERE id ${here}`, ids);
    return gone;
  },
  restore: async (sql, rows, { today, at }) => {
    for (const { now, was } of rows)
      if (was.contactMade && now.guideId !== null)
        await sql.run(
          `DELETE FROM contact WHERE customer_id = ? AND guide_id = ? AND ended_on IS NULL
             AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.customer_id = contact.customer_id
               AND f.guide_id = contact.guide_id)`,
          [now.id, now.guideId],
        );
    const changes = rows.map(({ now, was }) => {
      // what the number is found by may have been worked out since
      const isSame = was.phoneCipher === now.phoneCipher;
      const after = stored(now.id, isSame ? { ...was, phoneIndex: now.phoneIndex } : was);
      return { before: stored(now.id, now), after };
    });
    // what an import that must not trigger made quiet stays quiet: rather a task less than a flood of old ones
    const secretKey = Buffer.alloc(0);
    await putCustomers(sql, changes, { today, at, quietThrough: null, secretKey });
  },
  pins: (row, undoing) => pin(undoing, "guides", row.guideId),
};

function stored(id: number, { tags = "", contactMade: _made, ...row }: KeptCustomer & CustomerBefore) {
  return { ...row, id, tags } satisfies StoredCustomer;
}

/** What follows from a customer's row and has no life of its own. */
const FOLLOWING = [
  ...["contact", "customer_figure", "customer_tag", "customer_tag_past", "data_fault", "model_value"],
  ...["anchor", "anchor_mark", "customer_mark", "credit_mark"],
];

async function mergedAmong(sql: Sql, ids: readonly number[]): Promise<Set<number>> {
  const rows = await selectIn<{ id: number }>(
    sql,
    "SELECT id FROM customer WHERE merged_into IS NOT NULL AND id IN",
    ids,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Where a customer has more than an import said of them: `?` is the run. */
const USES: readonly { sql: string; withRun?: true }[] = [
  {
    withRun: true,
    sql: `SELECT k.customer_id AS id FROM child k WHERE NOT EXISTS (SELECT 1 FROM import_change x WHERE x.run_id = ?
      AND x.kind = 'children' AND x.row_key = CONCAT(k.customer_id, ':', k.child_no)) AND k.customer_id IN`,
  },
  {
    withRun: true,
    sql: `SELECT o.customer_id AS id FROM customer_order o WHERE NOT EXISTS (SELECT 1 FROM import_change x
      WHERE x.run_id = ? AND x.kind = 'orders' AND x.row_key = o.order_no) AND o.customer_id IN`,
  },
  { sql: "SELECT customer_id AS id FROM customer_tag WHERE source <> 'import' AND customer_id IN" },
  { sql: "SELECT into_id AS id FROM customer_merge WHERE into_id IN" },
  { sql: "SELECT id FROM customer WHERE stopped = 1 AND id IN" },
  ...["follow", "message", "transfer", "contact_transfer", "task_outcome", "delivery"].map((table) => ({
    sql: `SELECT customer_id AS id FROM ${table} WHERE customer_id IN`,
  })),
];

async function usedAmong(sql: Sql, ids: readonly number[], undoing: Undoing): Promise<Set<number>> {
  const { tasks, since, runId, pinned } = undoing;
  const used = await tasks.begun(sql, ids, since);
  for (const id of pinned.get("customers") ?? []) used.add(id);
  for (const { sql: head, withRun } of USES) {
    const params: Param[] = withRun ? [runId] : [];
    for (const { id } of await selectIn<{ id: number }>(sql, head, ids, { params })) used.add(id);
  }
  return used;
}

// Keeps anchors right: what follows from a customer's data is compared with what is stored, and the difference written
// with its marks, in the transaction that changed the data.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import {
  compare,
  type Differences,
  type Refreshing,
  type StoredAnchor,
  type StoredFault,
} from "./anchor-differences.js";
import {
  FACT_KINDS,
  type Facts,
  limitsOn,
  MODEL_KINDS,
  NEXT_TOUCH,
  PARTS,
  type Part,
  type WantedFault,
} from "./anchor-rules.js";
import { markCustomers } from "./customer-marks.js";
import { loadFacts } from "./facts.js";

const FIELDS: Record<Part, WantedFault["field"][]> = {
  self: ["joined_on", "birthday"],
  children: ["born_on", "due_on"],
  orders: ["ordered_on"],
};

/** Brings the anchors, marks and data faults of these customers in line with their data. Call it in the transaction
 *  that changed the data, after the change. Locks the customers. */
export async function refreshAnchors(
  sql: Sql,
  customerIds: readonly number[],
  refreshing: Refreshing,
): Promise<void> {
  const ids = [...new Set(customerIds)].sort((a, b) => a - b);
  if (ids.length === 0) return;
  const parts = refreshing.parts ?? PARTS;
  const facts = await loadFacts(sql, ids, parts, limitsOn(refreshing.today));
  const anchors = await loadAnchors(sql, ids, parts);
  const faults = await loadFaults(sql, ids, parts);
  await writeDifferences(sql, compare(facts, anchors, faults, refreshing));
  if (refreshing.quietThrough === null) await markCustomers(sql, ids);
}

/** Writes the anchors of customers made in this very transaction, of whom nothing can be stored yet. */
export async function writeFirstAnchors(
  sql: Sql,
  facts: readonly Facts[],
  refreshing: Refreshing,
): Promise<void> {
  await writeDifferences(sql, compare(facts, [], [], refreshing));
  if (refreshing.quietThrough === null)
    await markCustomers(
      sql,
      facts.map(({ customerId }) => customerId),
    );
}

/** What is stored of these parts. `kind` stands in a call so that no index is chosen by it: those that begin with the
 *  customer are the short way. */
async function loadAnchors(
  sql: Sql,
  ids: readonly number[],
  parts: readonly Part[],
): Promise<StoredAnchor[]> {
  const kinds = parts.flatMap((part): string[] => [...FACT_KINDS[part]]);
  if (parts.includes("orders")) kinds.push(...MODEL_KINDS);
  // whose owner it follows
  if (parts.includes("self")) kinds.push(NEXT_TOUCH);
  const tail = ` AND CONCAT(kind, '') IN (${kinds.map((kind) => `'${kind}'`).join(", ")})`;
  const head = `SELECT customer_id AS customerId, kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn,
      guide_id AS guideId, quiet_through AS quietThrough
    FROM anchor${sql.dialect.force("PRIMARY")} WHERE customer_id IN`;
  return selectIn<StoredAnchor>(sql, head, ids, { tail, forced: true });
}

async function loadFaults(sql: Sql, ids: readonly number[], parts: readonly Part[]): Promise<StoredFault[]> {
  const fields = new Set<string>(parts.flatMap((part) => FIELDS[part]));
  const head = `SELECT customer_id AS customerId, child_no AS childNo, field, value, reason
    FROM data_fault${sql.dialect.force("PRIMARY")} WHERE customer_id IN`;
  const rows = await selectIn<StoredFault>(sql, head, ids, { forced: true });
  return rows.filter(({ field }) => fields.has(field));
}

async function writeDifferences(sql: Sql, differences: Differences): Promise<void> {
  const { anchors, marks, gone, cleared, faults, mended } = differences;
  await insertRows(
    sql,
    "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id, quiet_through)",
    anchors,
    sql.dialect.onConflict(
      ["customer_id", "kind", "child_no"],
      ["on_date", "cycle_on", "guide_id", "quiet_through"],
    ),
  );
  for (const { customerId, kind, childNo } of gone)
    await sql.run("DELETE FROM anchor WHERE customer_id = ? AND kind = ? AND child_no = ?", [
      ...[customerId, kind, childNo],
    ]);
  for (const { customerId, kind, childNo } of cleared)
    await sql.run("UPDATE anchor SET on_date = NULL WHERE customer_id = ? AND kind = ? AND child_no = ?", [
      customerId,
      kind,
      childNo,
    ]);
  await insertRows(sql, "INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)", marks);
  await insertRows(
    sql,
    "INSERT INTO data_fault (customer_id, child_no, field, value, reason, seen_on)",
    faults,
    sql.dialect.onConflict(["customer_id", "child_no", "field"], ["value", "reason", "seen_on"]),
  );
  for (const { customerId, childNo, field } of mended)
    await sql.run("DELETE FROM data_fault WHERE customer_id = ? AND child_no = ? AND field = ?", [
      ...[customerId, childNo, field],
    ]);
}

// Writes the anchors that models compute, with their marks.
import { grouped, insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { StoredAnchor } from "./anchor-differences.js";
import { MODEL_KINDS } from "./anchor-rules.js";
import { compareModels, type Foretold, type Owned } from "./model-differences.js";

const KINDS = ["last_order", ...MODEL_KINDS].map((kind) => `'${kind}'`).join(", ");

/** Brings the anchors of these customers in line with what models say of them, in the caller's transaction; see
 *  `compareModels`. Locks the customers. Gives how many anchors were written or taken away. */
export async function writeModelAnchors(
  sql: Sql,
  foretold: readonly Foretold[],
  today: ShopDay,
): Promise<number> {
  const ids = foretold.map(({ customerId }) => customerId).sort((a, b) => a - b);
  const { dialect } = sql;
  const owners = await selectIn<Owned>(
    sql,
    `SELECT id AS customerId, guide_id AS guideId FROM customer${dialect.force("PRIMARY")} WHERE id IN`,
    ids,
    { tail: dialect.forUpdate, forced: true },
  );
  // `kind` stands in a call so that no index is chosen by it
  const stored = await selectIn<StoredAnchor>(
    sql,
    `SELECT customer_id AS customerId, kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn,
       guide_id AS guideId, quiet_through AS quietThrough
     FROM anchor${dialect.force("PRIMARY")} WHERE customer_id IN`,
    ids,
    { tail: ` AND CONCAT(kind, '') IN (${KINDS})`, forced: true },
  );
  const ownerOf = new Map(owners.map((owner) => [owner.customerId, owner]));
  const storedOf = grouped(stored, ({ customerId }) => customerId);
  const { anchors, marks, gone } = compareModels(foretold, ownerOf, storedOf, today);
  await insertRows(
    sql,
    "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id, quiet_through)",
    anchors,
    dialect.onConflict(
      ["customer_id", "kind", "child_no"],
      ["on_date", "cycle_on", "guide_id", "quiet_through"],
    ),
  );
  for (const { customerId, kind, childNo } of gone)
    await sql.run("DELETE FROM anchor WHERE customer_id = ? AND kind = ? AND child_no = ?", [
      ...[customerId, kind, childNo],
    ]);
  await insertRows(sql, "INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)", marks);
  return anchors.length + gone.length;
}

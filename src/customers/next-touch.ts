// The day a guide and a customer agreed on to talk again: an anchor of its own, written when the guide tells it.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { cycleOf, NEXT_TOUCH } from "./anchor-rules.js";
import { markCustomers } from "./customer-marks.js";

/** Writes the next day of a customer in place of the one before, in the caller's transaction. Every date is an
 *  occurrence of its own. */
export async function setNextTouch(sql: Sql, customerId: number, on: ShopDay): Promise<void> {
  const before = await sql.row<{ cycleOn: number }>(
    "SELECT cycle_on AS cycleOn FROM anchor WHERE customer_id = ? AND kind = ? AND child_no = 0",
    [customerId, NEXT_TOUCH],
  );
  await sql.run(
    `INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id, quiet_through)
     SELECT id, ?, 0, ?, ?, guide_id, NULL FROM customer WHERE id = ?
     ${sql.dialect.onConflict(["customer_id", "kind", "child_no"], ["on_date", "cycle_on", "guide_id"])}`,
    [NEXT_TOUCH, on, cycleOf(on), customerId],
  );
  await sql.run("INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle) VALUES (?, ?, 0, ?)", [
    ...[customerId, NEXT_TOUCH, before?.cycleOn ?? 0],
  ]);
  await markCustomers(sql, [customerId]);
}

// A customer whom nobody shall follow up about their baby any more: a loss, a complaint.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshAnchors } from "./anchors.js";

/** Sets or lifts the flag with the anchors that follow, in the caller's transaction. */
export async function writeStopped(
  sql: Sql,
  customerId: number,
  stopped: boolean,
  today: ShopDay,
): Promise<void> {
  await sql.run("UPDATE customer SET stopped = ? WHERE id = ?", [Number(stopped), customerId]);
  await refreshAnchors(sql, [customerId], { today, quietThrough: null, parts: ["children"] });
}

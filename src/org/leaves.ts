// Who is on leave on a day, and who stands in for them.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

/** Guides on leave on a day, each with the one named to stand in (null: nobody was named). Of two leaves at once the
 *  one that began last says who. */
export type Leaves = ReadonlyMap<number, number | null>;

interface LeaveRow {
  guideId: number;
  deputyId: number | null;
}

const HELD = "SELECT guide_id AS guideId, deputy_id AS deputyId FROM guide_leave WHERE cancelled = 0";
const LATEST_LAST = " ORDER BY from_on";

/** Everybody on leave on a day. */
export async function leavesOn(sql: Sql, day: ShopDay): Promise<Leaves> {
  const rows = await sql.rows<LeaveRow>(`${HELD} AND to_on >= ? AND from_on <= ?${LATEST_LAST}`, [day, day]);
  return new Map(rows.map(({ guideId, deputyId }) => [guideId, deputyId]));
}

/** Whether a guide was, or is, on leave on a day: their leaves as a question. */
export async function leavesOf(
  sql: Sql,
  guideIds: readonly number[],
): Promise<(guideId: number, day: ShopDay) => boolean> {
  const rows = await selectIn<{ guideId: number; fromOn: ShopDay; toOn: ShopDay }>(
    sql,
    `SELECT guide_id AS guideId, from_on AS fromOn, to_on AS toOn FROM guide_leave
     WHERE cancelled = 0 AND guide_id IN`,
    guideIds,
  );
  return (guideId, day) =>
    rows.some((leave) => leave.guideId === guideId && leave.fromOn <= day && day <= leave.toOn);
}

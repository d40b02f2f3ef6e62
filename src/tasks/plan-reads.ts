// What stands already where the tasks of a due day would stand, and how many would be new: reads only.
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import type { AudienceBasis } from "../journeys/audience-sql.js";
import type { ShopDay } from "../kernel/calendar.js";
import { heldIn } from "./plan-arms.js";
import {
  type DuePlan,
  dueFrom,
  mayStandAtZero,
  type Piece,
  type Slice,
  sameIdentity,
  slotOf,
} from "./plan-sql.js";

/** How many tasks of a slice are not there yet. */
export async function countDue(sql: Sql, plan: DuePlan, slice: Slice, basis: AudienceBasis): Promise<number> {
  const from = dueFrom(sql, plan, slice, basis, "new");
  const row = await sql.row<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from.sql}`, from.params);
  return Number(row?.n ?? 0);
}

/** Tasks counted, with the guides who own their customers (ids), one a task; of some customers nobody is. */
export interface Owned {
  n: number;
  guides: readonly number[];
}

/** How many tasks of a slice are not there yet, by what becomes of them. Guides come joined by commas: groups of them
 *  would cost more than the counting. */
export async function countDueOwned(
  sql: Sql,
  plan: DuePlan,
  slice: Slice,
  basis: AudienceBasis,
): Promise<{ open: Owned; heldOut: Owned }> {
  const from = dueFrom(sql, plan, slice, basis, "new");
  const held = heldIn(plan.touchpoint.trial);
  const count = async (which: string) => {
    const row = await sql.row<{ n: number; owned: number; guides: string | null }>(
      `SELECT COUNT(*) AS n, COUNT(a.guide_id) AS owned, GROUP_CONCAT(a.guide_id) AS guides FROM ${from.sql}${which}`,
      from.params,
    );
    const guides = row?.guides ? String(row.guides).split(",").map(Number) : [];
    if (guides.length !== Number(row?.owned ?? 0)) throw new Error("group_concat_max_len is too small");
    return { n: Number(row?.n ?? 0), guides };
  };
  if (!held) return { open: await count(""), heldOut: { n: 0, guides: [] } };
  // a shuffle gives most customers no arm at all
  return {
    open: await count(` AND NOT COALESCE(${held}, 0)`),
    heldOut: await count(` AND COALESCE(${held}, 0)`),
  };
}

/** Tasks of a slice that were cancelled for one of these reasons before anybody saw them, with their anchor's date and
 *  owner now. */
export function cancelledDue(
  sql: Sql,
  plan: DuePlan,
  slice: Slice,
  basis: AudienceBasis,
  reasons: readonly string[],
) {
  const from = backFrom(sql, plan, slice, basis, reasons);
  return sql.rows<{ id: number; anchorOn: ShopDay; guideId: number | null }>(
    `SELECT t.id, a.on_date AS anchorOn, a.guide_id AS guideId FROM ${from.sql}`,
    from.params,
  );
}

/** How many those are. */
export async function countBack(
  sql: Sql,
  plan: DuePlan,
  slice: Slice,
  basis: AudienceBasis,
  reasons: readonly string[],
): Promise<number> {
  const from = backFrom(sql, plan, slice, basis, reasons);
  const row = await sql.row<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from.sql}`, from.params);
  return Number(row?.n ?? 0);
}

function backFrom(
  sql: Sql,
  plan: DuePlan,
  slice: Slice,
  basis: AudienceBasis,
  reasons: readonly string[],
): Piece {
  const from = dueFrom(sql, plan, slice, basis, "due", `JOIN task t ON ${sameIdentity(plan, slotOf(plan))}`);
  return {
    sql: `${from.sql} AND t.state = 'cancelled' AND t.offered_at IS NULL AND t.reason IN (${marks(reasons.length)})
      ${plan.touchpoint.trial?.everHeld ? "AND was.customer_id IS NULL" : ""}`,
    params: [...from.params, ...reasons],
  };
}

/** The tasks that stand, in whatever state, where those of a slice would stand: whole rows as stored. */
export async function tasksThere(
  sql: Sql,
  plan: DuePlan,
  slice: Slice,
  basis: AudienceBasis,
): Promise<Record<string, Param>[]> {
  const slots = mayStandAtZero(plan) ? [slotOf(plan), "0"] : [slotOf(plan)];
  const rows: Record<string, Param>[] = [];
  for (const slot of slots) {
    const from = dueFrom(sql, plan, slice, basis, "any", `JOIN task t ON ${sameIdentity(plan, slot)}`);
    for (const row of await sql.rows<Record<string, Param>>(`SELECT t.* FROM ${from.sql}`, from.params))
      rows.push(row);
  }
  return rows;
}

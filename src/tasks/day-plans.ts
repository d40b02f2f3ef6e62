// Touchpoints that wait for a calendar day, as the planner meets them: their dates, their plans, and whether those still stand.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { isDayTrigger, namesDay, occasionsOn } from "../journeys/days.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { TouchpointSpec } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import { loadNamedDays } from "../org/calendar-queries.js";
import type { NamedDays } from "../org/calendar-rules.js";
import { type DuePlan, duePlan, type Slots } from "./plan-sql.js";

/** The dates of named days, where one of these touchpoints names one; nothing is read for all others. */
export async function namedDaysFor(
  sql: Sql,
  touchpoints: readonly { spec: Pick<TouchpointSpec, "trigger"> }[],
): Promise<NamedDays> {
  return touchpoints.some(({ spec }) => namesDay(spec.trigger)) ? loadNamedDays(sql) : new Map();
}

/** The plans of a due day: one, or for a touchpoint that waits for a calendar day one a year whose turn it is. */
export function plansFor(
  touchpoint: LiveTouchpoint,
  slots: Slots,
  on: { dueOn: ShopDay; runDay: ShopDay; byHand: boolean },
  named: NamedDays,
): DuePlan[] {
  const { trigger } = touchpoint.spec;
  if (!isDayTrigger(trigger)) return [duePlan(touchpoint, slots, on)];
  return occasionsOn(trigger, on.dueOn, named).map((occasion) =>
    duePlan(touchpoint, slots, { ...on, occasion }),
  );
}

/** Whether the calendar still says what these plans were made by. Nobody corrects their dates before the transaction ends:
 *  a correction's own look at the open tasks finds these among them. */
export async function datesStand(sql: Sql, plans: readonly DuePlan[]): Promise<boolean> {
  for (const { touchpoint, occasion } of plans) {
    const { trigger } = touchpoint.spec;
    if (!occasion || !isDayTrigger(trigger) || !("name" in trigger.day)) continue;
    const row = await sql.row<{ on: ShopDay | null }>(
      `SELECT on_day AS \`on\` FROM calendar_name WHERE name = ? AND year = ?${sql.dialect.forUpdate}`,
      [trigger.day.name, occasion.year],
    );
    if (row?.on !== occasion.on) return false;
  }
  return true;
}

/** A customer as far as calendar days ask. */
export interface DayCustomer {
  bucket: number;
  guideId: number | null;
  quietThrough: ShopDay | null;
}

/** These customers, by id; none where no touchpoint waits for a calendar day. */
export async function dayCustomers(
  sql: Sql,
  touchpoints: readonly LiveTouchpoint[],
  customerIds: readonly number[],
): Promise<Map<number, DayCustomer>> {
  if (!touchpoints.some(({ spec }) => isDayTrigger(spec.trigger))) return new Map();
  const rows = await selectIn<DayCustomer & { id: number }>(
    sql,
    "SELECT id, bucket, guide_id AS guideId, quiet_through AS quietThrough FROM customer WHERE id IN",
    [...new Set(customerIds)],
  );
  return new Map(rows.map(({ id, ...customer }) => [id, customer]));
}

// How far each touchpoint is planned, by which version, and which day is being planned now.
import { insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { TriggerAnchor } from "../journeys/spec.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";

/** The planner's memory of one touchpoint. */
export interface PlanState {
  touchpointId: number;
  /** the anchor kind it began with: its tasks' slots come from there, whatever anchor it has now */
  slotKind: TriggerAnchor;
  /** 1: it counted from another anchor once, of which a customer may have had one without the other (slot 0) */
  wandered: 0 | 1;
  /** the latest day whose planning has begun; null before the first */
  planningOn: ShopDay | null;
  /** the watermark: every task due up to this day has its row */
  plannedThrough: ShopDay | null;
  /** the version that the watermark's day was planned by */
  versionId: number | null;
  /** a second watermark: days from here on are planned once more; null: none are */
  againFrom: ShopDay | null;
}

/** The states of these touchpoints, by id. One the planner meets for the first time gets its row; one that counts from
 *  another anchor than it began with has wandered from now on. */
export async function planStates(
  store: Store,
  touchpoints: readonly LiveTouchpoint[],
): Promise<Map<number, PlanState>> {
  const states = await statesOf(store.read, touchpoints);
  const fresh = touchpoints.filter(({ id }) => !states.has(id));
  const wandering = touchpoints.filter(({ id, spec }) => {
    const state = states.get(id);
    return state?.wandered === 0 && state.slotKind !== spec.trigger.anchor;
  });
  if (fresh.length + wandering.length === 0) return states;
  return store.write(async (sql) => {
    await insertRows(
      sql,
      `${sql.dialect.insertIgnore} INTO touchpoint_plan (touchpoint_id, slot_kind)`,
      fresh.map(({ id, spec }) => [id, spec.trigger.anchor]),
    );
    for (const { id } of wandering)
      await sql.run("UPDATE touchpoint_plan SET wandered = 1 WHERE touchpoint_id = ?", [id]);
    return statesOf(sql, touchpoints);
  });
}

/** The states as they are committed now, by id. */
export async function statesOf(
  sql: Sql,
  touchpoints: readonly Pick<LiveTouchpoint, "id">[],
): Promise<Map<number, PlanState>> {
  const rows = await selectIn<PlanState>(
    sql,
    `SELECT touchpoint_id AS touchpointId, slot_kind AS slotKind, wandered, planning_on AS planningOn,
       planned_through AS plannedThrough, version_id AS versionId, again_from AS againFrom FROM touchpoint_plan WHERE touchpoint_id IN`,
    touchpoints.map(({ id }) => id),
  );
  return new Map(rows.map((row) => [row.touchpointId, row]));
}

/** The day through which marked anchors must be planned by hand of their marks: where the run that reads all anchors
 *  has begun, it may have passed them already. */
export function reachOf({ planningOn, plannedThrough }: PlanState): ShopDay | null {
  if (planningOn === null || plannedThrough === null) return planningOn ?? plannedThrough;
  return planningOn > plannedThrough ? planningOn : plannedThrough;
}

/** Says that a day's planning begins: committed before its first anchor is read. Never moves back. */
export async function beginDay(sql: Sql, touchpointIds: readonly number[], day: ShopDay): Promise<void> {
  await sql.run(
    `UPDATE touchpoint_plan SET planning_on = ? WHERE touchpoint_id IN (${marks(touchpointIds.length)})
       AND (planning_on IS NULL OR planning_on < ?)`,
    [day, ...touchpointIds, day],
  );
}

/** Moves the watermarks to a day, in the transaction of its last insert. Never back. What was to be planned once more
 *  is so up to this day. */
export async function endDay(
  sql: Sql,
  touchpoints: readonly LiveTouchpoint[],
  day: ShopDay,
  today: ShopDay,
): Promise<void> {
  const ids = touchpoints.map(({ id }) => id);
  const here = `touchpoint_id IN (${marks(ids.length)})`;
  await sql.run(
    `UPDATE touchpoint_plan SET planned_through = ? WHERE ${here} AND (planned_through IS NULL OR planned_through < ?)`,
    [day, ...ids, day],
  );
  await sql.run(
    `UPDATE touchpoint_plan SET version_id = (SELECT j.live_version_id FROM touchpoint t
       JOIN journey j ON j.id = t.journey_id WHERE t.id = touchpoint_plan.touchpoint_id) WHERE ${here}`,
    ids,
  );
  await sql.run(`UPDATE touchpoint_plan SET again_from = ? WHERE ${here} AND again_from <= ?`, [
    ...[day < today ? addDays(day, 1) : null, ...ids, day],
  ]);
}

// What a new version makes of the dates of open tasks: another day, or none any more.
import { grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { calendarDayIn, isDayTrigger } from "../journeys/days.js";
import type { FollowedTouchpoint } from "../journeys/service.js";
import { CYCLIC_KINDS, stableJson, type TouchpointSpec } from "../journeys/spec.js";
import { dueDayOf } from "../journeys/triggers.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { namedDaysFor } from "./day-plans.js";
import type { Reason } from "./life.js";

/** Without words yet, so still free to follow. What was offered keeps the words it was offered with. */
export const WORDLESS = ["planned", "held", "needs_data"] as const;

/** The plus keeps SQLite from reading all a touchpoint ever made: what is open is little, and found by its state. */
export const OF_TOUCHPOINT = "+task.touchpoint_id";

/** An open task and the anchor date it has by the new trigger; null: it has none. */
interface OpenTask extends Dates {
  id: number;
  touchpointId: number;
  state: (typeof WORDLESS)[number];
  reason: Reason | null;
  occurrence: number;
  anchorNow: ShopDay | null;
  /** the customer's, of a touchpoint that waits for a calendar day; else 0 */
  bucket: number;
}

export interface Dates {
  dueOn: ShopDay;
  anchorOn: ShopDay;
  expiresOn: ShopDay;
}

/** A task on its way to other dates. */
export interface Moved {
  task: OpenTask;
  to: Dates;
}

/** A touchpoint that both versions have. */
export interface Kept extends FollowedTouchpoint {
  after: TouchpointSpec;
}

/** What becomes of the tasks of touchpoints whose trigger or grace is another. */
export async function redatings(
  sql: Sql,
  kept: readonly Kept[],
  today: ShopDay,
): Promise<{ moved: Moved[]; cancelled: number[] }> {
  const dates = kept.filter(({ before, after }) => whenOf(before) !== whenOf(after));
  const byId = new Map(dates.map((touchpoint) => [touchpoint.id, touchpoint]));
  const known = new Map<string, Dates | null>();
  const cancelled: number[] = [];
  const moved: Moved[] = [];
  for (const task of await datedTasks(sql, dates)) {
    const { touchpointId, anchorNow, occurrence, bucket } = task;
    const touchpoint = byId.get(touchpointId);
    if (!touchpoint) continue;
    // tasks by the thousand share their dates
    const key = `${touchpointId} ${anchorNow} ${occurrence} ${bucket}`;
    const to = known.get(key) ?? newDates(task, touchpoint);
    known.set(key, to);
    if (to === null || to.expiresOn < today) cancelled.push(task.id);
    else if (differ(task, to)) moved.push({ task, to });
  }
  return { moved, cancelled };
}

/** All that decides on when a task is due, and for how long. */
function whenOf({ trigger, graceDays }: TouchpointSpec): string {
  return stableJson({ trigger, graceDays });
}

/** The open tasks of touchpoints that were never offered. Of another anchor the date is looked up, in the same cycle. */
async function datedTasks(sql: Sql, touchpoints: readonly Kept[]): Promise<OpenTask[]> {
  const columns = `task.id, task.touchpoint_id AS touchpointId, task.state, task.reason, task.occurrence, task.due_on AS dueOn,
    task.anchor_on AS anchorOn, task.expires_on AS expiresOn`;
  const where = `task.state IN (${marks(WORDLESS.length)}) AND task.offered_at IS NULL AND ${OF_TOUCHPOINT} IN`;
  const groups = grouped(touchpoints, ({ before, after }) =>
    before.trigger.anchor === after.trigger.anchor && !isDayTrigger(after.trigger)
      ? null
      : after.trigger.anchor,
  );
  const found: OpenTask[][] = [];
  for (const [anchor, group] of groups) {
    const ids = group.map(({ id }) => id);
    if (anchor === "day") {
      found.push(await onCalendarDays(sql, group, { columns, where }));
      continue;
    }
    const from =
      anchor === null
        ? `SELECT ${columns}, task.anchor_on AS anchorNow, 0 AS bucket FROM task`
        : `SELECT ${columns}, a.on_date AS anchorNow, 0 AS bucket FROM task LEFT JOIN anchor a ON a.customer_id = task.customer_id
             AND a.kind = ? AND a.child_no = task.child_no
             ${CYCLIC_KINDS.includes(anchor) ? "AND a.cycle_on = task.occurrence" : ""}`;
    const params = [...(anchor === null ? [] : [anchor]), ...WORDLESS];
    found.push(await selectIn<OpenTask>(sql, `${from} WHERE ${where}`, ids, { params }));
  }
  return found.flat();
}

/** The open tasks of touchpoints that wait for a calendar day now, each with that day in the year it is of. */
async function onCalendarDays(
  sql: Sql,
  touchpoints: readonly Kept[],
  { columns, where }: { columns: string; where: string },
): Promise<OpenTask[]> {
  const triggers = new Map(touchpoints.map(({ id, after }) => [id, after.trigger]));
  const named = await namedDaysFor(
    sql,
    touchpoints.map(({ after }) => ({ spec: after })),
  );
  const head = `SELECT ${columns}, c.bucket FROM task JOIN customer c ON c.id = task.customer_id WHERE ${where}`;
  const tasks = await selectIn<OpenTask>(sql, head, [...triggers.keys()], { params: WORDLESS });
  return tasks.map((task) => {
    const trigger = triggers.get(task.touchpointId);
    const on = trigger && isDayTrigger(trigger) && calendarDayIn(trigger.day, task.occurrence, named);
    return { ...task, anchorNow: on || null };
  });
}

/** The dates by the new version; null: none. A touchpoint that repeats otherwise numbers its tasks otherwise, so none
 *  of the old ones is one of its own. */
function newDates({ anchorNow, occurrence, bucket }: OpenTask, { before, after }: Kept): Dates | null {
  const { trigger, graceDays } = after;
  const countsAlike =
    before.trigger.repeat === trigger.repeat || (isDayTrigger(before.trigger) && isDayTrigger(trigger));
  if (anchorNow === null || !countsAlike) return null;
  const dueOn = dueDayOf(trigger, anchorNow, occurrence, bucket);
  return dueOn === undefined ? null : { dueOn, anchorOn: anchorNow, expiresOn: addDays(dueOn, graceDays) };
}

function differ(task: OpenTask, { dueOn, anchorOn, expiresOn }: Dates): boolean {
  return task.dueOn !== dueOn || task.anchorOn !== anchorOn || task.expiresOn !== expiresOn;
}

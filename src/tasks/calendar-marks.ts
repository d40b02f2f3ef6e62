// A named day got another date: the open tasks of its year follow, and the days of the grace are planned once more.
import { setImmediate as turn } from "node:timers/promises";
import type { Sql } from "../infra/store.js";
import { isDayTrigger } from "../journeys/days.js";
import { type LiveTouchpoint, liveTouchpoints } from "../journeys/queries.js";
import { addDays } from "../kernel/calendar.js";
import { loadNamedDays } from "../org/calendar-queries.js";
import { dayCustomers } from "./day-plans.js";
import { correctTasks } from "./mark-corrections.js";
import type { MarkedRun, MarksRun } from "./mark-rows.js";
import { correctableOn } from "./mark-tasks.js";
import { statesOf } from "./watermark.js";

/** Says that a named day of a year has another date, or none any more. */
interface CalendarMark {
  id: number;
  name: string;
  year: number;
}

/** Tasks looked at in one transaction. */
const PIECE = 200;

/** Works off the marks of the calendar; gives how many tasks changed. */
export async function planCalendarMarks(run: MarksRun): Promise<number> {
  let touched = 0;
  for (;;) {
    const marks = await run.store.read.rows<CalendarMark>(
      "SELECT id, name, year FROM calendar_mark ORDER BY id LIMIT 100",
    );
    if (marks.length === 0) return touched;
    for (const mark of marks) touched += await followDate(run, mark);
  }
}

/** Takes the tasks in runs of customers, each in its own transaction; the last of them forgets the mark. Begun again after
 *  a crash it finds what was done already as it should be. */
async function followDate(run: MarksRun, mark: CalendarMark): Promise<number> {
  let touched = 0;
  for (let after = 0; ; ) {
    const done = await run.store.write((sql) => followSome(sql, run, mark, after));
    touched += done.touched;
    if (done.last === null) return touched;
    after = done.last;
    await turn();
  }
}

/** The customers after one; `last` is the last of them, null when there are no more. */
async function followSome(sql: Sql, run: MarksRun, mark: CalendarMark, after: number) {
  const touchpoints = (await liveTouchpoints(sql)).filter((one) => isNamed(one, mark.name));
  const ids = touchpoints.map(({ id }) => id);
  const tasks = await correctableOn(sql, ids, mark.year, after, PIECE);
  if (tasks.length === 0) {
    for (const { id, spec } of touchpoints) await planAgain(sql, id, addDays(run.today, -spec.graceDays));
    await sql.run("DELETE FROM calendar_mark WHERE id = ?", [mark.id]);
    return { touched: 0, last: null };
  }
  const customerIds = tasks.map(({ customerId }) => customerId);
  const marked: MarkedRun = {
    ...{ ...run, sql, touchpoints, marks: [], anchors: new Map() },
    states: await statesOf(sql, touchpoints),
    named: await loadNamedDays(sql),
    customers: await dayCustomers(sql, touchpoints, customerIds),
  };
  return { touched: await correctTasks(marked, tasks), last: Math.max(...customerIds) };
}

function isNamed({ spec: { trigger } }: LiveTouchpoint, name: string): boolean {
  return isDayTrigger(trigger) && "name" in trigger.day && trigger.day.name === name;
}

/** Turns that came by the new date, and were planned by nobody. */
async function planAgain(sql: Sql, touchpointId: number, from: string): Promise<void> {
  await sql.run(
    `UPDATE touchpoint_plan SET again_from = ? WHERE touchpoint_id = ? AND planned_through IS NOT NULL
       AND (again_from IS NULL OR again_from > ?)`,
    [from, touchpointId, from],
  );
}

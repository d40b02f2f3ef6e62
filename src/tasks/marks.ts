// What changed since planning: marked anchors are planned for the days gone by, and their open tasks corrected.
import { setImmediate as turn } from "node:timers/promises";
import { grouped, selectIn } from "../infra/batches.js";
import { marks as questionMarks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { isDayTrigger } from "../journeys/days.js";
import { liveTouchpoints } from "../journeys/queries.js";
import type { TriggerAnchor } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import { planCalendarMarks } from "./calendar-marks.js";
import { dayCustomers, namedDaysFor } from "./day-plans.js";
import { correctMarked } from "./mark-corrections.js";
import { type Anchor, anchorOf, type Mark, type MarkedRun, type MarksRun } from "./mark-rows.js";
import { type DueBehind, type DueByDate, daysBehind, dueBehind, dueKey } from "./mark-window.js";
import { anchorDates, type DuePlan, insertDue } from "./plan-sql.js";
import { statesOf } from "./watermark.js";

/** Marks worked off in one transaction. */
const BATCH = 200;

/** How many marks were worked off, and how many tasks made, moved, cancelled or given to another guide. */
export interface WorkedOff {
  marks: number;
  touched: number;
}

/** Works off all marks there are. */
export async function planMarks(run: MarksRun): Promise<WorkedOff> {
  const sum: WorkedOff = { marks: 0, touched: await planCalendarMarks(run) };
  const behind = dueBehind();
  for (;;) {
    const done = await run.store.write((sql) => planSome(sql, run, behind));
    sum.marks += done.marks;
    sum.touched += done.touched;
    if (done.marks < BATCH) return sum;
    await turn();
  }
}

/** The oldest marks, with all that follows from them; they go in the same transaction. */
async function planSome(sql: Sql, run: MarksRun, behind: DueBehind): Promise<WorkedOff> {
  const marks = await sql.rows<Mark>(
    `SELECT id, customer_id AS customerId, kind, child_no AS childNo, was_cycle AS wasCycle
     FROM anchor_mark ORDER BY id LIMIT ${BATCH}${sql.dialect.forUpdate}`,
  );
  return workOff(sql, run, behind, marks);
}

/** Works off what one customer's data have marked after a mark's id, in the transaction that changed them: what planning
 *  would make of it in a minute happens at once. */
export async function planMarksOf(
  sql: Sql,
  run: MarksRun,
  customerId: number,
  after: number,
): Promise<WorkedOff> {
  const marks = await sql.rows<Mark>(
    `SELECT id, customer_id AS customerId, kind, child_no AS childNo, was_cycle AS wasCycle
     FROM anchor_mark WHERE id > ? AND customer_id = ? ORDER BY id${sql.dialect.forUpdate}`,
    [after, customerId],
  );
  return workOff(sql, run, dueBehind(), marks);
}

async function workOff(
  sql: Sql,
  run: MarksRun,
  behind: DueBehind,
  marks: readonly Mark[],
): Promise<WorkedOff> {
  if (marks.length === 0) return { marks: 0, touched: 0 };
  // after the marks: a run that begins later than this read sees what the marks tell of
  const touchpoints = await liveTouchpoints(sql);
  const states = await statesOf(sql, touchpoints);
  const anchors = await anchorsOf(sql, marks);
  const ids = marks.map(({ id }) => id);
  const named = await namedDaysFor(sql, touchpoints);
  const customers = await dayCustomers(
    sql,
    touchpoints,
    marks.map(({ customerId }) => customerId),
  );
  const marked: MarkedRun = { ...run, sql, marks, anchors, touchpoints, states, named, customers };
  const touched =
    (await correctMarked(marked)) +
    (await planBehind(marked, behind(marked))) +
    (await planDaysBehind(marked));
  await sql.run(`DELETE FROM anchor_mark WHERE id IN (${questionMarks(ids.length)})`, ids);
  return { marks: marks.length, touched };
}

/** All anchors of the marked customers, by `customer kind child`. */
async function anchorsOf(sql: Sql, marks: readonly Mark[]): Promise<Map<string, Anchor>> {
  const rows = await selectIn<Anchor>(
    sql,
    `SELECT customer_id AS customerId, kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn,
       guide_id AS guideId, quiet_through AS quietThrough FROM anchor WHERE customer_id IN`,
    [...new Set(marks.map(({ customerId }) => customerId))],
  );
  return new Map(rows.map((row) => [anchorOf(row), row]));
}

/** Kinds of anchors with which somebody becomes a customer. */
const BEGINNINGS: readonly TriggerAnchor[] = ["joined", "guide_assigned", "day"];

/** Plans the turns behind the watermark of those who have just become customers. */
async function planDaysBehind({ sql, basis, marks, touchpoints, states, named, today }: MarkedRun) {
  const days = touchpoints.filter(({ spec }) => isDayTrigger(spec.trigger));
  const begun = marks.filter(({ kind }) => BEGINNINGS.includes(kind)).map(({ customerId }) => customerId);
  if (days.length === 0 || begun.length === 0) return 0;
  const customers = [...new Set(begun)];
  let made = 0;
  for (const touchpoint of days)
    for (const plan of daysBehind(touchpoint, states.get(touchpoint.id), today, named))
      made += await insertDue(sql, plan, { dates: anchorDates(plan), customers }, basis);
  return made;
}

/** Plans what the marked anchors made due behind the watermark, by the planner's own statement. */
async function planBehind({ sql, basis, marks, anchors }: MarkedRun, dueByDate: DueByDate): Promise<number> {
  const due: { plan: DuePlan; anchor: Anchor & { onDate: ShopDay } }[] = [];
  const known = new Set<string>();
  for (const mark of marks) {
    const key = anchorOf(mark);
    const anchor = anchors.get(key);
    if (!anchor?.onDate || known.has(key)) continue;
    known.add(key);
    const { onDate } = anchor;
    for (const plan of dueByDate.get(dueKey(mark.kind, onDate)) ?? [])
      due.push({ plan, anchor: { ...anchor, onDate } });
  }
  let made = 0;
  for (const [plan, group] of grouped(due, (one) => one.plan)) {
    const on = [...new Set(group.map(({ anchor }) => anchor.onDate))].sort();
    const customers = [...new Set(group.map(({ anchor }) => anchor.customerId))];
    made += await insertDue(sql, plan, { dates: on, customers }, basis);
  }
  return made;
}

// The tasks that marked anchors have made already, found by their identity: every read is a point in the unique key.
import { grouped } from "../infra/batches.js";
import { marks as questionMarks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import { CYCLIC_KINDS, type Repeat, type TriggerAnchor } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import { COMES_BACK, CORRECTABLE, type CorrectableTask } from "./corrections.js";
import type { MarkedRun } from "./mark-rows.js";

/** A task that a correction may touch. */
export interface MarkedTask extends CorrectableTask {
  id: number;
  touchpointId: number;
  customerId: number;
  childNo: number;
}

/** Touchpoints whose tasks are found the same way. */
interface Form {
  kind: TriggerAnchor;
  repeat: Repeat;
  slotKind: TriggerAnchor;
  wandered: 0 | 1;
}

/** One way from a mark (`m`), its anchor (`a`) and the slot's anchor (`s`) to a task's slot and occurrence, in SQL. */
interface Way {
  slot: string;
  occurrence: string;
}

const COLUMNS = `t.id, t.touchpoint_id AS touchpointId, t.customer_id AS customerId, t.child_no AS childNo, t.state,
  t.reason, t.occurrence, t.guide_id AS guideId, t.deputy_of AS deputyOf, t.due_on AS dueOn,
  t.anchor_on AS anchorOn, t.released_on AS releasedOn, t.offered_at AS offeredAt`;

/** The tasks of marked anchors that are open, or cancelled and able to come back. Locks them. */
export function tasksOfMarked(run: MarkedRun): Promise<MarkedTask[]> {
  return found(run, correctable);
}

/** The ids of all tasks of marked anchors, in any state. */
export async function idsOfMarked(run: FindMarked): Promise<number[]> {
  return (await found(run, { sql: "1 = 1", params: [] })).map(({ id }) => Number(id));
}

/** What finding the tasks of marks needs. */
type FindMarked = Pick<MarkedRun, "sql" | "marks" | "touchpoints" | "states" | "today">;

// COALESCE keeps the databases from walking the key that begins with the state
const correctable = {
  sql: `COALESCE(t.state, '') IN (${questionMarks(CORRECTABLE.length + 1)})
    AND (t.state <> 'cancelled' OR (t.offered_at IS NULL AND t.reason IN (${questionMarks(COMES_BACK.length)})))`,
  params: [...CORRECTABLE, "cancelled", ...COMES_BACK],
};

async function found(run: FindMarked, which: typeof correctable): Promise<MarkedTask[]> {
  const kinds = new Set(run.marks.map(({ kind }) => kind));
  // a calendar day counts for a customer as such, whatever of theirs is marked
  const ofCustomers = run.marks.filter(({ childNo }) => childNo === 0);
  const isMarked = (kind: TriggerAnchor) => kinds.has(kind) || (kind === "day" && ofCustomers.length > 0);
  const touchpoints = run.touchpoints.filter(({ spec }) => isMarked(spec.trigger.anchor));
  const forms = grouped(touchpoints, (touchpoint) => JSON.stringify(formOf(run, touchpoint)));
  const tasks: MarkedTask[] = [];
  for (const [json, group] of forms) {
    const form: Form = JSON.parse(json);
    const marks = form.kind === "day" ? ofCustomers : run.marks.filter(({ kind }) => kind === form.kind);
    const ids = marks.map(({ id }) => id);
    const ofForm = group.map(({ id }) => id);
    for (const way of waysOf(form, run.today))
      tasks.push(...(await tasksBy(run.sql, way, form, ids, ofForm, which)));
  }
  // two marks of one anchor, or two ways, lead to the same task
  return [...new Map(tasks.map((task) => [task.id, task])).values()];
}

function formOf({ states }: FindMarked, { id, spec }: LiveTouchpoint): Form {
  const { anchor: kind, repeat } = spec.trigger;
  const state = states.get(id);
  return { kind, repeat, slotKind: state?.slotKind ?? kind, wandered: state?.wandered ?? 0 };
}

function waysOf({ kind, repeat, slotKind, wandered }: Form, today: ShopDay): Way[] {
  if (repeat === "each")
    return ["m.was_cycle", "a.cycle_on"].map((cycle) => ({ slot: cycle, occurrence: cycle }));
  const year = Number(today.slice(0, 4));
  const isYearly = repeat === "yearly" || kind === "day";
  const occurrences = isYearly ? [year - 1, year, year + 1] : [0];
  const own = slotKind === kind ? ["a.cycle_on"] : CYCLIC_KINDS.includes(slotKind) ? [] : ["s.cycle_on"];
  const ofDay = kind === "day" && slotKind === "day";
  const slots = ofDay ? ["0"] : slotKind === kind && wandered === 0 ? own : ["0", ...own];
  return slots.flatMap((slot) => occurrences.map((occurrence) => ({ slot, occurrence: `${occurrence}` })));
}

function tasksBy(
  sql: Sql,
  { slot, occurrence }: Way,
  { slotKind }: Form,
  markIds: readonly number[],
  touchpointIds: readonly number[],
  which: typeof correctable,
): Promise<MarkedTask[]> {
  const anchor = (alias: string, kind: string) =>
    `JOIN anchor ${alias} ON ${alias}.customer_id = m.customer_id AND ${alias}.kind = ${kind} AND ${alias}.child_no = m.child_no`;
  const joins = [
    ...(slot.startsWith("a.") ? [anchor("a", "m.kind")] : []),
    ...(slot.startsWith("s.") ? [anchor("s", `'${slotKind}'`)] : []),
  ];
  return sql.rows<MarkedTask>(
    `SELECT ${COLUMNS}
     FROM anchor_mark m ${joins.join(" ")}
       JOIN touchpoint_plan p ON p.touchpoint_id IN (${questionMarks(touchpointIds.length)})
       JOIN task t ON t.touchpoint_id = p.touchpoint_id AND t.slot = ${slot} AND t.occurrence = ${occurrence}
         AND t.customer_id = m.customer_id AND t.child_no = m.child_no
     WHERE m.id IN (${questionMarks(markIds.length)}) AND ${which.sql}`,
    [...touchpointIds, ...markIds, ...which.params],
  );
}

/** The tasks of one year of touchpoints that wait for a calendar day, those of `most` or a few more in the order of their
 *  customers, after one. */
export async function correctableOn(
  sql: Sql,
  touchpointIds: readonly number[],
  year: number,
  after: number,
  most: number,
): Promise<MarkedTask[]> {
  const tasks: MarkedTask[] = [];
  for (const id of touchpointIds) {
    const rows = await sql.rows<MarkedTask>(
      `SELECT ${COLUMNS} FROM task t WHERE t.touchpoint_id = ? AND t.slot = 0 AND t.occurrence = ?
         AND t.customer_id > ? AND ${correctable.sql} ORDER BY t.customer_id LIMIT ${Math.trunc(most)}`,
      [id, year, after, ...correctable.params],
    );
    for (const row of rows) tasks.push(row);
  }
  // each touchpoint stops elsewhere: what lies beyond the first stop comes in the next run
  const ends = grouped(tasks, ({ touchpointId }) => touchpointId).values();
  const stops = [...ends].flatMap((rows) => (rows.length < most ? [] : [rows.at(-1)?.customerId ?? 0]));
  const stop = Math.min(...stops, Number.POSITIVE_INFINITY);
  return tasks.filter(({ customerId }) => customerId <= stop);
}

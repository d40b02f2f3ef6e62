// Corrections carried out: the tasks of marked anchors judged one by one, and moved all that go the same way at once.
import { declinedTransfers } from "../customers/transfers.js";
import { grouped, selectIn } from "../infra/batches.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import { CYCLIC_KINDS } from "../journeys/spec.js";
import { dueDayOf } from "../journeys/triggers.js";
import { type Correction, correction } from "./corrections.js";
import { leaveReady } from "./hand-overs.js";
import type { Reason, State } from "./life.js";
import { type Anchor, anchorFor, anchorOf, type MarkedRun } from "./mark-rows.js";
import { type MarkedTask, tasksOfMarked } from "./mark-tasks.js";
import { moveTasks, type TaskChanges } from "./moves.js";
import { outsidersAmong } from "./outsiders.js";
import { backToPlanned } from "./putting-off.js";

/** Brings the tasks of marked anchors in line with them; gives how many changed. */
export async function correctMarked(run: MarkedRun): Promise<number> {
  return correctTasks(run, await tasksOfMarked(run));
}

/** Brings tasks in line with what they count from; gives how many changed. */
export async function correctTasks(run: MarkedRun, tasks: readonly MarkedTask[]): Promise<number> {
  if (tasks.length === 0) return 0;
  const touchpoints = new Map(run.touchpoints.map((touchpoint) => [touchpoint.id, touchpoint]));
  const people = await peopleOf(run, tasks);
  const outsiders = await outsidersOf(run, tasks, touchpoints);
  const held = await heldAmong(run, tasks, touchpoints);
  const corrected = tasks.flatMap((task) => {
    const touchpoint = touchpoints.get(task.touchpointId);
    if (!touchpoint) return [];
    const stored = anchorFor(run, task, touchpoint.spec);
    const change = correction(task, dated(stored), touchpoint.spec, {
      today: run.today,
      gone: goneReason(run, people, task, touchpoint),
      declined: people.declined.has(task.customerId),
      wouldBeMade: (dueOn) =>
        dueOn >= touchpoint.plansFrom &&
        !(stored?.quietThrough && dueOn <= stored.quietThrough) &&
        !held.has(`${touchpoint.id} ${task.customerId}`),
      outside: outsiders.has(task.id),
    });
    return change ? [{ task, touchpoint, change }] : [];
  });
  for (const group of grouped(corrected, groupOf).values()) await carryOut(run, group);
  return corrected.length;
}

interface Corrected {
  task: MarkedTask;
  touchpoint: LiveTouchpoint;
  change: Correction;
}

const groupOf = ({ task, touchpoint, change }: Corrected) =>
  JSON.stringify([task.state, change, task.state === "cancelled" && touchpoint.versionId]);

function dated(anchor: (Anchor & { bucket?: number }) | undefined) {
  return anchor?.onDate ? { ...anchor, onDate: anchor.onDate } : null;
}

/** What decides why an anchor is gone. */
interface MarkedPeople {
  stopped: ReadonlySet<number>;
  /** `customer child` */
  born: ReadonlySet<string>;
  declined: ReadonlySet<number>;
}

async function peopleOf({ sql }: MarkedRun, tasks: readonly MarkedTask[]): Promise<MarkedPeople> {
  const ids = [...new Set(tasks.map(({ customerId }) => customerId))];
  const stopped = await selectIn<{ id: number }>(
    sql,
    "SELECT id FROM customer WHERE stopped = 1 AND id IN",
    ids,
  );
  const born = await selectIn<{ customerId: number; childNo: number }>(
    sql,
    "SELECT customer_id AS customerId, child_no AS childNo FROM child WHERE born_on IS NOT NULL AND customer_id IN",
    ids,
  );
  return {
    stopped: new Set(stopped.map(({ id }) => id)),
    born: new Set(born.map(({ customerId, childNo }) => `${customerId} ${childNo}`)),
    declined: await declinedTransfers(sql, ids),
  };
}

/** Why a task's anchor has gone, if it has: a stop, a birth, an order, or a correction. */
function goneReason(
  { anchors }: MarkedRun,
  { stopped, born }: MarkedPeople,
  { customerId, childNo, occurrence }: MarkedTask,
  { spec }: LiveTouchpoint,
): Reason {
  const { anchor: kind } = spec.trigger;
  if (kind.startsWith("child_") && stopped.has(customerId)) return "stopped";
  if (kind === "child_due" && born.has(`${customerId} ${childNo}`)) return "superseded";
  const order = anchors.get(anchorOf({ customerId, kind: "last_order", childNo: 0 }));
  if (CYCLIC_KINDS.includes(kind) && order?.onDate && order.cycleOn > occurrence) return "bought_already";
  return "anchor_corrected";
}

/** Those tasks whose customers are not in the audience on the day the task is due now. */
function outsidersOf(
  run: MarkedRun,
  tasks: readonly MarkedTask[],
  touchpoints: ReadonlyMap<number, LiveTouchpoint>,
): Promise<Set<number>> {
  const due = tasks.map((task) => {
    const spec = touchpoints.get(task.touchpointId)?.spec;
    const anchor = spec && anchorFor(run, task, spec);
    const dueOn =
      spec && anchor?.onDate && dueDayOf(spec.trigger, anchor.onDate, task.occurrence, anchor.bucket);
    return { ...task, dueOn: dueOn ?? task.dueOn };
  });
  return outsidersAmong(run.sql, due, (id) => touchpoints.get(id)?.spec.audience ?? {}, run.basis);
}

/** `touchpoint customer` of those cancelled tasks whose customers are held out of their touchpoints for ever. */
async function heldAmong(
  { sql }: MarkedRun,
  tasks: readonly MarkedTask[],
  touchpoints: ReadonlyMap<number, LiveTouchpoint>,
): Promise<Set<string>> {
  const mayBeHeld = tasks.filter(
    ({ state, touchpointId }) => state === "cancelled" && touchpoints.get(touchpointId)?.trial?.everHeld,
  );
  const held = new Set<string>();
  for (const [id, group] of grouped(mayBeHeld, ({ touchpointId }) => touchpointId)) {
    const rows = await selectIn<{ customerId: number }>(
      sql,
      "SELECT customer_id AS customerId FROM held_customer WHERE touchpoint_id = ? AND customer_id IN",
      group.map(({ customerId }) => customerId),
      { params: [id] },
    );
    for (const { customerId } of rows) held.add(`${id} ${customerId}`);
  }
  return held;
}

/** Moves a group that goes the same way. */
async function carryOut({ sql, at }: MarkedRun, group: readonly Corrected[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const { task, touchpoint, change } = first;
  const ids = group.map((one) => one.task.id);
  if (change.withdrawn || change.to === "cancelled" || change.to === "skipped") await leaveReady(sql, ids);
  const isBack = task.state === "cancelled";
  await moveTasks(sql, ids, {
    ...{ from: [task.state], to: change.to, reason: change.reason, actor: "system", at },
    note: noteOf(task.state, change),
    set: {
      ...(change.withdrawn ? { ...backToPlanned } : {}),
      ...(change.dates ? datesOf(change.dates, change.withdrawn) : {}),
      ...(change.guideId === undefined ? {} : { guide_id: change.guideId, deputy_of: null }),
      ...(isBack ? { version_id: touchpoint.versionId } : {}),
    },
  });
}

function datesOf(dates: NonNullable<Correction["dates"]>, withdrawn: true | undefined): TaskChanges {
  const { dueOn, anchorOn, expiresOn, releaseOn, releasedOn, late } = dates;
  return {
    ...{ due_on: dueOn, anchor_on: anchorOn, expires_on: expiresOn, late: late ? 1 : 0 },
    ...{ release_on: releaseOn, released_on: withdrawn ? null : releasedOn },
  };
}

/** What the reason alone does not tell. */
function noteOf(from: State, { dates, guideId, to }: Correction): string | null {
  if (from === "cancelled" || to === "cancelled" || to === "skipped") return null;
  return dates ? `anchor_corrected → ${dates.dueOn}` : guideId === undefined ? null : "owner";
}

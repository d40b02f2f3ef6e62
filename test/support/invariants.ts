// What must be true of all tasks at any time, asked of a database: one sentence for each fault found, none when all is well.
import { marks } from "../../src/infra/dialect.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, type ShopDay } from "../../src/kernel/calendar.js";
import { isTerminal, mayGive, mayMove, type Reason, STATES, type State } from "../../src/tasks/life.js";

/** Tasks read at once. */
const PAGE = 2_000;
/** Ended, and not by reaching the customer: each needs its reason. */
const UNSENT = STATES.filter((state) => isTerminal(state) && state !== "sent" && state !== "done_by_hand");
/** With us or with a guide: the nightly expiry ends them. What a channel has is stopped first, and may take longer. */
const WITH_US: readonly State[] = ["planned", "needs_data", "held", "offered", "approved"];
/** Days for which a correction may still move a planned task that is past its grace. */
const CORRECTION = 2;

interface Row {
  id: number;
  touchpointId: number;
  customerId: number;
  childNo: number;
  state: State;
  reason: Reason | null;
  guideId: number | null;
  deputyOf: number | null;
  dueOn: ShopDay;
  releaseOn: ShopDay;
  expiresOn: ShopDay;
  leadId: number | null;
  sentOn: ShopDay | null;
}

interface EventRow {
  taskId: number;
  fromState: State;
  toState: State;
  reason: Reason | null;
}

/** The faults in all tasks. `expiredOn`: the day of the last nightly expiry; before any leave it out. */
export async function taskFaults(
  { read }: Pick<Store, "read">,
  { expiredOn }: { expiredOn?: ShopDay } = {},
): Promise<string[]> {
  const faults = await doubles(read);
  for (let after = 0; ; ) {
    const rows = await read.rows<Row>(
      `SELECT t.id, t.touchpoint_id AS touchpointId, t.customer_id AS customerId, t.child_no AS childNo, t.state, t.reason,
         t.guide_id AS guideId, t.deputy_of AS deputyOf, t.due_on AS dueOn, t.release_on AS releaseOn,
         t.expires_on AS expiresOn, b.lead_id AS leadId, d.sent_on AS sentOn
       FROM task t LEFT JOIN bundle_part b ON b.task_id = t.id LEFT JOIN delivery d ON d.task_id = t.id
       WHERE t.id > ? ORDER BY t.id LIMIT ${PAGE}`,
      [after],
    );
    if (rows.length === 0) return faults;
    after = rows.at(-1)?.id ?? after;
    for (const row of rows)
      faults.push(...rowFaults(row, expiredOn).map((fault) => `task ${row.id}: ${fault}`));
    faults.push(...(await eventFaults(read, rows)), ...(await leadFaults(read, rows)));
  }
}

async function doubles(read: Store["read"]): Promise<string[]> {
  const rows = await read.rows<Record<string, number>>(
    `SELECT touchpoint_id AS touchpoint, occurrence, customer_id AS customer, child_no AS child, COUNT(*) AS n FROM task
     GROUP BY touchpoint_id, occurrence, customer_id, child_no HAVING COUNT(*) > 1`,
  );
  return rows.map((row) => `an occurrence stands ${row.n} times: ${JSON.stringify(row)}`);
}

function rowFaults(row: Row, expiredOn: ShopDay | undefined): string[] {
  const { state, reason, releaseOn, expiresOn, sentOn } = row;
  const faults: string[] = [];
  const no = (is: boolean, fault: string) => is && faults.push(fault);
  no(UNSENT.includes(state) && reason === null, `${state} without a reason`);
  no(!mayGive(state, reason), `${state} for the reason ${reason}`);
  no((sentOn !== null) !== (state === "sent"), `${state}, and delivered on ${sentOn}`);
  no(!isTerminal(state) && releaseOn > expiresOn, `to be released on ${releaseOn}, past ${expiresOn}`);
  no((row.leadId !== null) !== (state === "merged"), `${state}, and part of ${row.leadId}`);
  no(row.deputyOf !== null && row.deputyOf === row.guideId, "a guide stands in for themself");
  no(state === "held" && reason === "no_guide" && row.guideId !== null, "held for want of a guide it has");
  no(
    ["offered", "approved", "sending", "handed_over", "needs_data"].includes(state) && row.guideId === null,
    `${state} with nobody`,
  );
  const isWaiting = state === "planned" && reason === "anchor_corrected";
  const isPast =
    expiredOn !== undefined &&
    expiresOn < expiredOn &&
    !(isWaiting && expiredOn !== undefined && releaseOn >= addDays(expiredOn, -CORRECTION));
  no(WITH_US.includes(state) && isPast, `still ${state} on ${expiredOn}, its grace was over on ${expiresOn}`);
  return faults;
}

/** Each move from where the one before ended, each one that exists, the last to where the task is. */
async function eventFaults(read: Store["read"], rows: readonly Row[]): Promise<string[]> {
  const events = await read.rows<EventRow>(
    `SELECT task_id AS taskId, from_state AS fromState, to_state AS toState, reason FROM task_event
     WHERE task_id IN (${marks(rows.length)}) ORDER BY task_id, id`,
    rows.map(({ id }) => id),
  );
  const last = new Map<number, EventRow>();
  const faults: string[] = [];
  for (const event of events) {
    const { taskId, fromState, toState, reason } = event;
    const before = last.get(taskId);
    const said = `task ${taskId}: from ${fromState} to ${toState}`;
    if (before && before.toState !== fromState) faults.push(`${said}, and it was ${before.toState}`);
    if (!mayMove(fromState, toState, "reconciliation")) faults.push(`${said}: no such move`);
    if (!mayGive(toState, reason)) faults.push(`${said} for the reason ${reason}`);
    last.set(taskId, event);
  }
  for (const { id, state, reason } of rows) {
    const event = last.get(id);
    if (event && (event.toState !== state || event.reason !== reason))
      faults.push(
        `task ${id} is ${state} (${reason}), its last move was to ${event.toState} (${event.reason})`,
      );
  }
  return faults;
}

/** What is merged went with a task of the same touchpoint and person, about another child, that is no part itself. */
async function leadFaults(read: Store["read"], rows: readonly Row[]): Promise<string[]> {
  const parts = rows.filter(({ leadId }) => leadId !== null);
  if (parts.length === 0) return [];
  const leads = await read.rows<Pick<Row, "id" | "touchpointId" | "customerId" | "childNo" | "state">>(
    `SELECT id, touchpoint_id AS touchpointId, customer_id AS customerId, child_no AS childNo, state FROM task
     WHERE id IN (${marks(parts.length)})`,
    parts.map(({ leadId }) => leadId),
  );
  const byId = new Map(leads.map((lead) => [lead.id, lead]));
  const personOf = await people(read);
  return parts.flatMap((part) => {
    const lead = byId.get(part.leadId ?? 0);
    const isKin =
      lead &&
      lead.state !== "merged" &&
      lead.touchpointId === part.touchpointId &&
      personOf(lead.customerId) === personOf(part.customerId) &&
      // of two customers who are one person each kept its own numbers
      (lead.customerId !== part.customerId || lead.childNo !== part.childNo);
    return isKin ? [] : [`task ${part.id} went with ${part.leadId}, which is ${JSON.stringify(lead)}`];
  });
}

/** The person a customer is: themself, or who they turned out to be. */
async function people(read: Store["read"]): Promise<(customerId: number) => number> {
  const merged = await read.rows<{ id: number; into: number }>(
    "SELECT from_id AS id, into_id AS `into` FROM customer_merge",
  );
  const into = new Map(merged.map((one) => [one.id, one.into]));
  const personOf = (id: number): number => {
    const next = into.get(id);
    return next === undefined ? id : personOf(next);
  };
  return personOf;
}

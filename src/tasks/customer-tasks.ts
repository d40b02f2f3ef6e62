// All tasks of one customer. No key begins with the customer, but a task's key follows from the customer's dates and
// orders, so they are asked for by all the keys there may be.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { isDayTrigger } from "../journeys/days.js";
import type { TouchpointSpec, Trigger } from "../journeys/spec.js";
import { yyyymmdd } from "../journeys/triggers.js";
import type { ShopDay } from "../kernel/calendar.js";
import { distinct } from "./facts.js";
import type { State } from "./life.js";

/** A task as stored, as far as its identity and place go. */
export interface CustomerTask {
  id: number;
  touchpointId: number;
  slot: number;
  occurrence: number;
  childNo: number;
  state: State;
  trigger: Trigger;
}

/** Every task a customer ever had; `today` bounds the years looked at. */
export async function tasksOfCustomer(sql: Sql, customerId: number, today: ShopDay): Promise<CustomerTask[]> {
  const ofCustomer = await whichOfCustomer(sql, customerId, today);
  const found: CustomerTask[] = [];
  for (const { id: touchpointId, spec } of await latestSpecs(sql)) {
    const which = ofCustomer(touchpointId, spec.trigger);
    const rows = await sql.rows<Omit<CustomerTask, "trigger">>(
      `SELECT t.id, t.touchpoint_id AS touchpointId, t.slot, t.occurrence, t.child_no AS childNo, t.state
       FROM task t${sql.dialect.force("task_identity")} WHERE ${which.sql}`,
      which.params,
    );
    for (const row of rows) found.push({ ...row, id: Number(row.id), trigger: spec.trigger });
  }
  return found;
}

/** The condition on `task t` by which a customer's tasks of one touchpoint after the other are found. */
export async function whichOfCustomer(sql: Sql, customerId: number, today: ShopDay) {
  const cycles = await cyclesOf(sql, customerId);
  const years = yearsUpTo(today, cycles);
  const urgent = await urgentOf(sql, customerId);
  return (touchpointId: number, trigger: Trigger) => {
    const isUrgent = trigger.anchor === "urgent_reply";
    const slots = isUrgent ? urgent.slots : [0, ...cycles];
    const occurrences = isUrgent ? urgent.occurrences : occurrencesOf(trigger, cycles, years);
    return {
      sql: `t.touchpoint_id = ? AND t.slot IN (${marks(slots.length)})
         AND t.occurrence IN (${marks(occurrences.length)}) AND t.customer_id = ?`,
      params: [touchpointId, ...slots, ...occurrences, customerId],
    };
  };
}

/** The keys of what urgent replies have raised: a message's number, and its day. */
async function urgentOf(sql: Sql, customerId: number): Promise<{ slots: number[]; occurrences: number[] }> {
  const rows = await sql.rows<{ id: number; day: ShopDay }>(
    "SELECT id, said_on AS day FROM urgent_reply WHERE customer_id = ?",
    [customerId],
  );
  // an empty list is no SQL
  return {
    slots: [0, ...distinct(rows.map(({ day }) => yyyymmdd(day)))],
    occurrences: [0, ...rows.map(({ id }) => Number(id))],
  };
}

async function latestSpecs(sql: Sql): Promise<{ id: number; spec: TouchpointSpec }[]> {
  const rows = await sql.rows<{ id: number; spec: string }>(
    `SELECT v.touchpoint_id AS id, v.spec FROM touchpoint_version v WHERE v.version_id =
       (SELECT MAX(w.version_id) FROM touchpoint_version w WHERE w.touchpoint_id = v.touchpoint_id)`,
  );
  return rows.map(({ id, spec }) => ({ id, spec: JSON.parse(spec) as TouchpointSpec }));
}

/** Every cycle a customer's tasks may stand under: of anchors, those taken back too, and of orders, refunded ones too. */
async function cyclesOf(sql: Sql, customerId: number): Promise<number[]> {
  const anchors = await sql.rows<{ cycle: number }>(
    "SELECT DISTINCT cycle_on AS cycle FROM anchor WHERE customer_id = ?",
    [customerId],
  );
  const orders = await sql.rows<{ day: ShopDay }>(
    "SELECT DISTINCT ordered_on AS day FROM customer_order WHERE customer_id = ?",
    [customerId],
  );
  return distinct([...anchors.map(({ cycle }) => cycle), ...orders.map(({ day }) => yyyymmdd(day))]);
}

function occurrencesOf(trigger: Trigger, cycles: readonly number[], years: readonly number[]) {
  if (isDayTrigger(trigger)) return years;
  if (trigger.repeat === "once") return [0];
  return trigger.repeat === "each" ? [0, ...cycles] : years;
}

/** From the first year anything is known of to the next. */
function yearsUpTo(today: ShopDay, cycles: readonly number[]): number[] {
  const last = Number(today.slice(0, 4)) + 1;
  const first = Math.min(
    last - 2,
    ...cycles.filter((cycle) => cycle > 0).map((cycle) => Math.floor(cycle / 10_000)),
  );
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

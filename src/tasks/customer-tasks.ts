// All tasks of one customer. No key begins with the customer, but a task's key follows from the customer's dates and
// orders, so they are asked for by all the keys there may be.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { TouchpointSpec, Trigger } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import { cyclesOf, occurrencesOf, yearsUpTo } from "./explain/reading.js";
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
  const cycles = await cyclesOf(sql, customerId);
  const years = yearsUpTo(today, cycles);
  const slots = [0, ...cycles];
  const found: CustomerTask[] = [];
  for (const { id, spec } of await latestSpecs(sql)) {
    const occurrences = occurrencesOf(spec.trigger, cycles, years);
    const rows = await sql.rows<Omit<CustomerTask, "trigger">>(
      `SELECT t.id, t.touchpoint_id AS touchpointId, t.slot, t.occurrence, t.child_no AS childNo, t.state
       FROM task t${sql.dialect.force("task_identity")}
       WHERE t.touchpoint_id = ? AND t.slot IN (${marks(slots.length)})
         AND t.occurrence IN (${marks(occurrences.length)}) AND t.customer_id = ?`,
      [id, ...slots, ...occurrences, customerId],
    );
    for (const row of rows) found.push({ ...row, id: Number(row.id), trigger: spec.trigger });
  }
  return found;
}

async function latestSpecs(sql: Sql): Promise<{ id: number; spec: TouchpointSpec }[]> {
  const rows = await sql.rows<{ id: number; spec: string }>(
    `SELECT v.touchpoint_id AS id, v.spec FROM touchpoint_version v WHERE v.version_id =
       (SELECT MAX(w.version_id) FROM touchpoint_version w WHERE w.touchpoint_id = v.touchpoint_id)`,
  );
  return rows.map(({ id, spec }) => ({ id, spec: JSON.parse(spec) as TouchpointSpec }));
}

// Customers who turn out to be one person, and customers who are erased: what becomes of all they were sent or would be.
import { markPairs } from "../channels/pairs.js";
import { customerToErase, eraseCustomer } from "../customers/erasing.js";
import { type Merged, mergeCustomers, twoCustomers } from "../customers/merging.js";
import { recordChange } from "../identity/audit.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { WITH_GUIDE } from "./absences.js";
import { CORRECTABLE } from "./corrections.js";
import { type CustomerTask, tasksOfCustomer } from "./customer-tasks.js";
import { forgetHandOvers } from "./erased.js";
import { leaveReady } from "./hand-overs.js";
import { type MergedTasks, mergedTasks } from "./merge-tasks.js";
import { moveTasks } from "./moves.js";
import { planAgain } from "./putting-off.js";
import { later } from "./recheck.js";
import { takeBackTasks } from "./rechecking.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { forgetWishes } from "./wishes.js";

/** What a merge came to, in tasks. */
export interface MergeCounts {
  moved: number;
  /** ended, because the same occurrence had gone farther */
  ended: number;
}

export type CustomerChanges = ReturnType<typeof customerChanges>;

/** Both changes, each in one transaction over one person's rows; what waits in the chat system is taken back after it. */
export function customerChanges(setup: TaskSetup) {
  const { store, world } = setup;
  return {
    /** Makes two external ids one customer, who goes by the second; of the same occurrence one task is left, the one
     *  that went farthest. Raises `not_found`, `invalid`, `conflict`. */
    merge: async ({ from, into, by }: { from: string; into: string; by: string }): Promise<MergeCounts> => {
      const at = world.now();
      const today = dayOf(setup, at);
      const { moved, ended, recalled } = await store.write(async (sql) => {
        const both = await twoCustomers(sql, { from, into });
        const others = await tasksOfCustomer(sql, both.from.id, today);
        const own = await tasksOfCustomer(sql, both.into.id, today);
        const merged = await mergeCustomers(sql, { from, into, today, at, by });
        const tasks = await mergeTasks(sql, { setup, merged, own, others, by, at });
        await movePast(sql, merged);
        const change = { action: "customer.merge", subject: `customer:${merged.intoId}` };
        const sides = { before: { customers: [merged.fromId, merged.intoId] } };
        await recordChange(sql, { at, by, ...change, ...sides, after: { moved: tasks.moved.length } });
        return tasks;
      });
      const cancelled = { go: false, to: "cancelled", reason: "merged" } as const;
      await takeBackTasks(setup, recalled, () => cancelled);
      await takeBackTasks(setup, moved, ({ expiresOn }) => ({
        ...later(expiresOn, today),
        reason: "merged",
      }));
      return { moved: moved.length, ended: ended.length + recalled.length };
    },

    /** Erases a customer: open tasks end, personal data go, counts stay. Gives how many tasks ended. Raises `not_found`. */
    erase: (one: { customer: string; by: string }): Promise<{ ended: number }> => erase(setup, one),
  };
}

async function erase(
  setup: TaskSetup,
  { customer, by }: { customer: string; by: string },
): Promise<{ ended: number }> {
  const { store, world } = setup;
  const at = world.now();
  const { ids, ended } = await store.write(async (sql) => {
    const id = await customerToErase(sql, customer);
    const tasks = await tasksOfCustomer(sql, id, dayOf(setup, at));
    const all = tasks.map((task) => task.id);
    const notCalled = await leaveReady(sql, all);
    const move = { to: "cancelled", reason: "erased", actor: by, at } as const;
    const moved = await moveTasks(sql, all, { ...move, from: CORRECTABLE });
    // on their way, but not called: out of their hand-over nothing would ever end them
    moved.push(...(await moveTasks(sql, [...notCalled], { ...move, from: ["sending"] })));
    await forgetWords(sql, id, all);
    await eraseCustomer(sql, id, customer);
    const change = { action: "customer.erase", subject: `customer:${id}`, after: { ended: moved.length } };
    await recordChange(sql, { at, by, ...change });
    return { ids: all, ended: moved.length };
  });
  await takeBackTasks(setup, ids, () => ({ go: false, to: "skipped", reason: "erased" }));
  await store.write((sql) => forgetHandOvers(sql, ids));
  return { ended };
}

interface TaskMerge {
  setup: TaskSetup;
  merged: Merged;
  own: readonly CustomerTask[];
  others: readonly CustomerTask[];
  by: string;
  at: number;
}

async function mergeTasks(sql: Sql, { setup, merged, own, others, by, at }: TaskMerge): Promise<MergedTasks> {
  const { fromId, intoId, numbers } = merged;
  const numbered = others.map((task) => ({ ...task, childNo: numbers.get(task.childNo) ?? task.childNo }));
  const result = mergedTasks([
    ...own.map((task) => ({ ...task, isOfOther: false })),
    ...numbered.map((task) => ({ ...task, isOfOther: true })),
  ]);
  const { moved, away, ended } = result;
  const detached = await leaveReady(sql, [...moved, ...ended]);
  await moveTasks(sql, ended, { from: CORRECTABLE, to: "cancelled", reason: "merged", actor: by, at });
  // it comes to the guide again, with the words of the one who stays
  const again = moved.filter(
    (id) => detached.has(id) || numbered.some((task) => task.id === id && task.state !== "sending"),
  );
  await planAgain(setup, sql, again, WITH_GUIDE, { reason: "merged", actor: by, at });
  // one person has one day: release decides anew
  for (const id of moved)
    await sql.run("UPDATE task SET released_on = NULL WHERE id = ? AND state IN ('planned', 'held')", [id]);
  for (const id of away)
    await sql.run("UPDATE task SET customer_id = ?, slot = -1 WHERE id = ?", [fromId, id]);
  const slots = await slotsOf(sql, intoId);
  for (const task of numbered) {
    if (!moved.includes(task.id)) continue;
    const { touchpointId, childNo, slot, trigger } = task;
    const now = trigger.repeat === "each" ? slot : (slots(touchpointId, childNo) ?? slot);
    await sql.run("UPDATE task SET customer_id = ?, child_no = ?, slot = ? WHERE id = ?", [
      ...[intoId, childNo, now, task.id],
    ]);
  }
  return result;
}

/** Where tasks of the one who stays stand in their key: under the first date of the anchor their touchpoint began with. */
async function slotsOf(sql: Sql, customerId: number) {
  const anchors = await sql.rows<{ kind: string; childNo: number; cycleOn: number }>(
    "SELECT kind, child_no AS childNo, cycle_on AS cycleOn FROM anchor WHERE customer_id = ?",
    [customerId],
  );
  const plans = await sql.rows<{ id: number; slotKind: string }>(
    "SELECT touchpoint_id AS id, slot_kind AS slotKind FROM touchpoint_plan",
  );
  const kindOf = new Map(plans.map(({ id, slotKind }) => [id, slotKind]));
  return (touchpointId: number, childNo: number) =>
    anchors.find((one) => one.kind === kindOf.get(touchpointId) && one.childNo === childNo)?.cycleOn;
}

/** What was said and done before goes to the one who stays, and so does what they are kept back from. Hand-overs on
 *  their way keep the old id: it is theirs in the chat system. */
async function movePast(sql: Sql, { fromId, intoId }: Merged): Promise<void> {
  const guides = await sql.rows<{ guideId: number }>(
    `SELECT guide_id AS guideId FROM delivery WHERE customer_id = ?
     UNION SELECT guide_id FROM message WHERE customer_id = ?`,
    [fromId, fromId],
  );
  for (const table of ["delivery", "message", "task_outcome", "urgent_reply", "limit_hit"])
    await sql.run(`UPDATE ${table} SET customer_id = ? WHERE customer_id = ?`, [intoId, fromId]);
  await sql.run(
    `${sql.dialect.insertIgnore} INTO mass_receipt (customer_id, sent_on, ref, guide_id)
     SELECT ?, sent_on, ref, guide_id FROM mass_receipt WHERE customer_id = ?`,
    [intoId, fromId],
  );
  await sql.run("DELETE FROM mass_receipt WHERE customer_id = ?", [fromId]);
  await markPairs(
    sql,
    guides.map(({ guideId }) => ({ guideId, customerId: intoId })),
  );
  const held =
    "SELECT v.id, ? FROM touchpoint v JOIN held_customer h ON h.touchpoint_id = v.id AND h.customer_id = ?";
  await sql.run(`${sql.dialect.insertIgnore} INTO held_customer (touchpoint_id, customer_id) ${held}`, [
    ...[intoId, fromId],
  ]);
}

/** The words of an erased customer's conversations and follow-ups; that they were, and when, is no secret. */
async function forgetWords(sql: Sql, customerId: number, taskIds: readonly number[]): Promise<void> {
  await sql.run("UPDATE delivery SET words = '' WHERE customer_id = ?", [customerId]);
  await sql.run("UPDATE message SET text = NULL WHERE customer_id = ?", [customerId]);
  await sql.run("UPDATE task_outcome SET note = NULL, tags = NULL WHERE customer_id = ?", [customerId]);
  if (taskIds.length === 0) return;
  const here = `task_id IN (${marks(taskIds.length)})`;
  await sql.run(`DELETE FROM task_edit WHERE ${here}`, taskIds);
  await forgetWishes(sql, taskIds);
  await sql.run(`UPDATE task_event SET note = NULL WHERE ${here}`, taskIds);
}

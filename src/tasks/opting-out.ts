// A customer wants no more messages: written down, and all that was still to go to them ends in the same transaction.
import { type OptOutSource, optOut } from "../customers/consent.js";
import type { Sql } from "../infra/store.js";
import { URGENT_REPLY } from "../journeys/spec.js";
import { CORRECTABLE } from "./corrections.js";
import { tasksOfCustomer } from "./customer-tasks.js";
import { leaveReady } from "./hand-overs.js";
import { moveTasks } from "./moves.js";
import { takeBackTasks } from "./rechecking.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** Whose word it is, and who wrote it down. */
export interface OptOutBy {
  source: OptOutSource;
  /** `system`, `account:3` */
  actor: string;
}

/** Part of a transaction. Gives the customer's tasks for `takeBackOptedOut`; what urgent replies raised is for the guide
 *  and stays. */
export async function optOutIn(
  setup: TaskSetup,
  sql: Sql,
  customerId: number,
  { source, actor }: OptOutBy,
): Promise<number[]> {
  const at = setup.world.now();
  if (!(await optOut(sql, customerId, { by: source, at }))) return [];
  const tasks = await tasksOfCustomer(sql, customerId, dayOf(setup, at));
  const ids = tasks.filter(({ trigger }) => trigger.anchor !== URGENT_REPLY).map(({ id }) => id);
  const notCalled = await leaveReady(sql, ids);
  const skip = { to: "skipped", reason: "opted_out", actor, at } as const;
  await moveTasks(sql, ids, { ...skip, from: CORRECTABLE });
  await moveTasks(sql, [...notCalled], { ...skip, from: ["sending"] });
  return ids;
}

/** Takes back what waits for a guide's tap. What cannot be had now, the check of what waits takes back later. */
export async function takeBackOptedOut(setup: TaskSetup, taskIds: readonly number[]): Promise<void> {
  await takeBackTasks(setup, taskIds, () => ({ go: false, to: "skipped", reason: "opted_out" }));
}

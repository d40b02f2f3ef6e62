// The emergency stop at work: nothing is released, offered or sent; what no guide has confirmed is taken back.
import { recordChange } from "../identity/audit.js";
import { handOversWhere, leaveReady, linksOf, waitingHandOvers } from "./hand-overs.js";
import type { State } from "./life.js";
import { planAgain } from "./putting-off.js";
import type { TaskSetup } from "./setup.js";
import { pullStop, releaseStop, stoppedSince } from "./stop.js";
import { withdrawAll } from "./withdrawing.js";

/** What enforcing the stop did in this pass: tasks planned again, hand-overs taken back, those still to be tried. */
export interface Halted {
  planned: number;
  withdrawn: number;
  left: number;
}

const NOT_CALLED: readonly State[] = ["offered", "approved", "sending"];
const BATCH = 200;

/** Stops everything, at once and until `resume`; then takes back what it can. `by`: `account:3`, `system`. */
export async function stopEverything(setup: TaskSetup, by: string, reason?: string): Promise<Halted> {
  await declareStop(setup, by, reason);
  return enforceStop(setup);
}

/** Writes down that everything stops: from now on nothing is released, offered or sent. False when it was stopped. */
export async function declareStop(setup: TaskSetup, by: string, reason?: string): Promise<boolean> {
  const at = setup.world.now();
  const isNew = await setup.store.write(async (sql) => {
    if (!(await pullStop(sql, { at, by, ...(reason && { reason }) }))) return false;
    const after = { stopped: true, ...(reason && { reason }) };
    await recordChange(sql, { at, by, action: "stop.pull", subject: "setting:stopped", after });
    return true;
  });
  if (isNew) setup.log.warn({ by }, "emergency stop");
  return isNew;
}

/** Goes on taking back while the stop is in force; does nothing else. */
export async function enforceStop(setup: TaskSetup): Promise<Halted> {
  const result: Halted = { planned: 0, withdrawn: 0, left: 0 };
  if (!(await stoppedSince(setup.store.read))) return result;
  for (;;) {
    const planned = await dropReady(setup);
    if (planned === null) break;
    result.planned += planned;
  }
  for await (const waiting of waitingHandOvers(setup.store.read, BATCH)) {
    const count = await withdrawAll(setup, waiting);
    result.withdrawn += count.stopped;
    result.left += count.later;
  }
  return result;
}

/** Lets work go on. What was taken back is planned for the next day and passes release and its caps again: no flood. */
export async function resume(setup: TaskSetup, by: string): Promise<boolean> {
  const was = await setup.store.write(async (sql) => {
    const stopped = await stoppedSince(sql);
    if (!stopped) return false;
    await releaseStop(sql);
    const sides = { before: { stopped: true, ...stopped }, after: { stopped: false } };
    const change = { action: "stop.release", subject: "setting:stopped", ...sides };
    await recordChange(sql, { at: setup.world.now(), by, ...change });
    return true;
  });
  if (was) setup.log.warn({ by }, "emergency stop ended");
  return was;
}

/** null: nothing is ready any more. */
async function dropReady(setup: TaskSetup): Promise<number | null> {
  const at = setup.world.now();
  return setup.store.write(async (sql) => {
    const ready = await handOversWhere(
      sql,
      `state = 'ready' ORDER BY next_at LIMIT ${BATCH}${sql.dialect.forUpdate}`,
      [],
    );
    if (ready.length === 0) return null;
    const links = await linksOf(
      sql,
      ready.map(({ id }) => id),
    );
    const ids = links.map(({ taskId }) => taskId);
    await leaveReady(sql, ids);
    const moved = await planAgain(setup, sql, ids, NOT_CALLED, {
      ...{ reason: "emergency_stop", actor: "system", at },
    });
    return moved.length;
  });
}

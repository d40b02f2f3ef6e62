// The end of a task's grace: what has not gone out by the end of the shop day `expires_on` goes no more.
import { marks } from "../infra/dialect.js";
import type { Param } from "../infra/store.js";
import { addDays } from "../kernel/calendar.js";
import { handOversWhere, leaveReady } from "./hand-overs.js";
import type { State } from "./life.js";
import { type Move, moveTasks, moveWhere } from "./moves.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { withdrawAll } from "./withdrawing.js";

/** What a pass of expiry did, in tasks; `withdrawn` in hand-overs. */
export interface Expired {
  expired: number;
  withdrawn: number;
}

/** Waiting for nobody outside: they end at once. */
const WITH_US: readonly State[] = ["planned", "needs_data", "held", "offered", "approved", "unknown"];
const BATCH = 1000;
/** Days for which planning may still move a task whose date was corrected. */
const CORRECTION = 2;

/**
 * Expires what is past its grace. A hand-over is stopped and read once more before; what is being called waits for
 * its answer; what is unknown ends here and is still looked for. Doing it again changes nothing.
 */
export async function expireDue(setup: TaskSetup): Promise<Expired> {
  const at = setup.world.now();
  const today = dayOf(setup, at);
  const move = { to: "expired", reason: "grace_passed", actor: "system", at } as const;
  // release_on never passes expires_on, so the key (state, release_on) leads to all of them
  const past = "release_on < ? AND expires_on < ?";
  const result: Expired = { expired: 0, withdrawn: 0 };
  for (const state of WITH_US) {
    const where = `state = ? AND ${past} AND NOT (state = 'planned' AND reason = 'anchor_corrected' AND release_on >= ?)`;
    const params = [state, today, today, addDays(today, -CORRECTION)];
    result.expired += await inBatches(setup, { sql: where, params }, { ...move, from: [state] });
  }
  result.expired += await expireNotCalled(setup, [today, today], move);
  result.withdrawn = await withdrawPast(setup, [today, today]);
  return result;
}

async function inBatches(
  setup: TaskSetup,
  which: { sql: string; params: Param[] },
  move: Move,
): Promise<number> {
  for (let count = 0; ; ) {
    const moved = await setup.store.write(async (sql) => {
      const ids = await moveWhere(sql, which, move, BATCH);
      await leaveReady(sql, ids);
      return ids.length;
    });
    count += moved;
    if (moved < BATCH) return count;
  }
}

/** Words that wait to be called again. */
async function expireNotCalled(setup: TaskSetup, past: Param[], move: Omit<Move, "from">): Promise<number> {
  return setup.store.write(async (sql) => {
    const rows = await sql.rows<{ id: number }>(
      `SELECT t.id FROM task t JOIN hand_over h ON h.id = t.hand_over_id
       WHERE t.state = 'sending' AND t.release_on < ? AND t.expires_on < ? AND h.state = 'ready'
       LIMIT ${BATCH}${sql.dialect.forUpdate}`,
      past,
    );
    const ids = rows.map(({ id }) => id);
    const moved = await moveTasks(sql, ids, { ...move, from: ["sending"] });
    await leaveReady(sql, moved);
    return moved.length;
  });
}

async function withdrawPast(setup: TaskSetup, past: Param[]): Promise<number> {
  const { read } = setup.store;
  const rows = await read.rows<{ id: number }>(
    `SELECT DISTINCT hand_over_id AS id FROM task
     WHERE state = 'handed_over' AND release_on < ? AND expires_on < ?`,
    past,
  );
  let withdrawn = 0;
  for (let at = 0; at < rows.length; at += BATCH) {
    const ids = rows.slice(at, at + BATCH).map(({ id }) => id);
    const waiting = await handOversWhere(read, `state = 'waiting' AND id IN (${marks(ids.length)})`, ids);
    withdrawn += (await withdrawAll(setup, waiting)).stopped;
  }
  return withdrawn;
}

// The end of a task's grace: what has not gone out by the end of the shop day `expires_on` goes no more.
import { marks } from "../infra/dialect.js";
import type { Param } from "../infra/store.js";
import { restingTouchpoints } from "../journeys/queries.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { leaveReady } from "./hand-overs.js";
import type { Reason, State } from "./life.js";
import { type Move, moveTasks, moveWhere } from "./moves.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { waitingWith, withdrawAll } from "./withdrawing.js";

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
  const result: Expired = { expired: (await endPaused(setup)) + (await endFriendless(setup)), withdrawn: 0 };
  for (const state of WITH_US)
    result.expired += await inBatches(setup, pastIn(state, today), { ...move, from: [state] });
  result.expired += await expireNotCalled(setup, [today, today], move);
  result.withdrawn = await withdrawPast(setup, [today, today]);
  return result;
}

/** Ends what a paused journey kept back beyond its grace. Before a journey goes on again, too: else the pause would
 *  leave no trace. */
export async function endPaused(setup: TaskSetup): Promise<number> {
  const resting = await restingTouchpoints(setup.store.read);
  const paused = [...resting].flatMap(([id, state]) => (state === "paused" ? [id] : []));
  if (paused.length === 0) return 0;
  const of = ` AND +touchpoint_id IN (${marks(paused.length)})`;
  return endEarly(setup, "planned", of, paused, "paused");
}

/** Ends what waited for a guide of customers whose every friendship has ended. */
function endFriendless(setup: TaskSetup): Promise<number> {
  const contact = "EXISTS (SELECT 1 FROM contact k WHERE k.customer_id = task.customer_id";
  const of = ` AND reason = 'no_guide' AND ${contact}) AND NOT ${contact} AND k.ended_on IS NULL)`;
  return endEarly(setup, "held", of, [], "not_a_friend");
}

function endEarly(
  setup: TaskSetup,
  state: State,
  of: string,
  params: readonly Param[],
  reason: Reason,
): Promise<number> {
  const at = setup.world.now();
  const past = pastIn(state, dayOf(setup, at));
  const which = { sql: past.sql + of, params: [...past.params, ...params] };
  return inBatches(setup, which, { from: [state], to: "skipped", reason, actor: "system", at });
}

/** What is past its grace in a state. release_on never passes expires_on, so the key (state, release_on) leads there. */
function pastIn(state: State, today: ShopDay): { sql: string; params: Param[] } {
  return {
    sql: `state = ? AND release_on < ? AND expires_on < ?
      AND NOT (state = 'planned' AND COALESCE(reason, '') = 'anchor_corrected' AND release_on >= ?)`,
    params: [state, today, today, addDays(today, -CORRECTION)],
  };
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
  let withdrawn = 0;
  for await (const waiting of waitingWith(setup.store.read, "release_on < ? AND expires_on < ?", past))
    withdrawn += (await withdrawAll(setup, waiting)).stopped;
  return withdrawn;
}

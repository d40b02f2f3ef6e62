// Journeys at rest: what a paused or archived journey still has before guides is taken back; a paused one's waits, an
// archived one's ends.
import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { restingTouchpoints } from "../journeys/queries.js";
import { leaveReady } from "./hand-overs.js";
import type { State } from "./life.js";
import { moveTasks } from "./moves.js";
import { planAgain } from "./putting-off.js";
import type { TaskSetup } from "./setup.js";
import { waitingWith, withdrawAll } from "./withdrawing.js";

/** What bringing journeys to rest did in this pass, in tasks; `left`: hand-overs still to be tried. */
export interface Rested {
  /** kept back until their journey goes on */
  kept: number;
  cancelled: number;
  left: number;
}

/** A condition that leaves out the tasks of journeys that send nothing now. */
export async function ofAwakeJourneys(sql: Sql): Promise<string> {
  const resting = [...(await restingTouchpoints(sql)).keys()];
  return resting.length === 0 ? "" : ` AND touchpoint_id NOT IN (${resting.join(", ")})`;
}

type Resting = ReadonlyMap<number, "paused" | "archived">;

/** Before the guide, and not confirmed by them. */
const WITH_GUIDES: readonly State[] = ["offered", "needs_data", "approved"];
const BATCH = 500;

/** Takes back what journeys at rest have out, as far as no guide has confirmed it. Does nothing when none rests; done
 *  again it goes on where it was broken off. */
export async function enforceRest(setup: TaskSetup): Promise<Rested> {
  const result: Rested = { kept: 0, cancelled: 0, left: 0 };
  const resting = await restingTouchpoints(setup.store.read);
  for (const [state, touchpoints] of grouped([...resting], ([, why]) => why)) {
    const ids = touchpoints.map(([id]) => id);
    if (state === "paused") await unrelease(setup, ids);
    const states: readonly State[] = state === "paused" ? WITH_GUIDES : ["planned", "held", ...WITH_GUIDES];
    const done =
      (await inBatches(setup, resting, (sql) => openOf(sql, states, ids))) +
      (await inBatches(setup, resting, (sql) => notCalledOf(sql, ids)));
    result[state === "paused" ? "kept" : "cancelled"] += done;
    await withdrawOf(setup, resting, ids, result);
  }
  return result;
}

/** Takes back today's release of what was not offered yet. */
async function unrelease({ store }: TaskSetup, ids: readonly number[]): Promise<void> {
  const where = `state = 'planned' AND released_on IS NOT NULL AND +touchpoint_id IN (${marks(ids.length)})`;
  for (let released = BATCH; released === BATCH; )
    released = await store.write(async (sql) => {
      const rows = await sql.rows<{ id: number }>(`SELECT id FROM task WHERE ${where} LIMIT ${BATCH}`, ids);
      if (rows.length === 0) return 0;
      const tasks = rows.map(({ id }) => Number(id));
      await sql.run(`UPDATE task SET released_on = NULL WHERE id IN (${marks(tasks.length)})`, tasks);
      return tasks.length;
    });
}

async function inBatches(
  setup: TaskSetup,
  resting: Resting,
  find: (sql: Sql) => Promise<Found[]>,
): Promise<number> {
  for (let done = 0; ; ) {
    const moved = await setup.store.write(async (sql) => {
      const found = await find(sql);
      await leaveReady(
        sql,
        found.map(({ id }) => id),
      );
      return rest(setup, sql, resting, found);
    });
    if (moved === 0) return done;
    done += moved;
  }
}

interface Found {
  id: number;
  touchpointId: number;
  state: State;
}

const COLUMNS = "task.id, task.touchpoint_id AS touchpointId, task.state";

function openOf(sql: Sql, states: readonly State[], ids: readonly number[]): Promise<Found[]> {
  return sql.rows<Found>(
    `SELECT ${COLUMNS} FROM task WHERE state IN (${marks(states.length)})
       AND +touchpoint_id IN (${marks(ids.length)}) LIMIT ${BATCH}${sql.dialect.forUpdate}`,
    [...states, ...ids],
  );
}

/** Words the channel has refused for the moment: they wait to be called again. */
function notCalledOf(sql: Sql, ids: readonly number[]): Promise<Found[]> {
  return sql.rows<Found>(
    `SELECT ${COLUMNS} FROM task JOIN hand_over h ON h.id = task.hand_over_id
     WHERE task.state = 'sending' AND h.state = 'ready' AND +task.touchpoint_id IN (${marks(ids.length)})
     LIMIT ${BATCH}${sql.dialect.forUpdate}`,
    ids,
  );
}

/** A paused journey's tasks are planned again and wait for it; an archived one's end. Gives how many moved. */
async function rest(
  setup: TaskSetup,
  sql: Sql,
  resting: Resting,
  tasks: readonly Found[],
  from = tasks.map(({ state }) => state),
): Promise<number> {
  const stamp = { actor: "system", at: setup.world.now() };
  const states = [...new Set(from)];
  const by = grouped(tasks, ({ touchpointId }) => resting.get(touchpointId));
  const idsOf = (state: "paused" | "archived") => (by.get(state) ?? []).map(({ id }) => id);
  const kept = await planAgain(setup, sql, idsOf("paused"), states, { ...stamp, reason: "paused" });
  const cancel = { ...stamp, from: states, to: "cancelled", reason: "archived" } as const;
  const set = { hand_over_id: null };
  return kept.length + (await moveTasks(sql, idsOf("archived"), { ...cancel, set })).length;
}

/** Hand-overs that wait for their guides are stopped and read once more; who was faster has sent. */
async function withdrawOf(
  setup: TaskSetup,
  resting: Resting,
  ids: readonly number[],
  result: Rested,
): Promise<void> {
  const which = `+touchpoint_id IN (${marks(ids.length)})`;
  for await (const waiting of waitingWith(setup.store.read, which, ids)) {
    const count = await withdrawAll(setup, waiting, async (sql, tasks) => {
      const moved = await rest(setup, sql, resting, tasks, ["handed_over"]);
      const isPaused = resting.get(tasks[0]?.touchpointId ?? 0) === "paused";
      result[isPaused ? "kept" : "cancelled"] += moved;
    });
    result.left += count.later;
  }
}

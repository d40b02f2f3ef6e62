// Guides who are away: what they have and have not confirmed is taken back and decided anew; and back again when a leave
// is taken back.
import { setImmediate as turn } from "node:timers/promises";
import { chunked } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { GRACE_DAYS } from "../journeys/spec.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { judge, turnAway, uncapped } from "./checks.js";
import { leaveReady } from "./hand-overs.js";
import type { State } from "./life.js";
import { moveWhere } from "./moves.js";
import { openDays } from "./open-days.js";
import { type TaskRow, tasksOf, tasksWhere } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** With a guide, and not with a channel: what is handed over is rechecked by its hand-over. */
export const WITH_GUIDE: readonly State[] = ["offered", "needs_data", "approved", "sending"];
/** Guides who left looked at in one transaction. */
const GUIDES = 10;
const BATCH = 1000;

/**
 * Brings what guides hold in line with who is there: of guides on leave or gone it is planned anew or held, of deputies
 * it goes back when the leave was cancelled, and what was held for a guide who is with us again is planned. A leave is
 * looked at when it begins and after each change: nothing is offered while it lasts. Of guides who left those of the
 * last two days, by night (`all`) everybody who may still hold something. Gives how many tasks moved; doing it again
 * changes nothing.
 */
export async function recheckAbsences(setup: TaskSetup, whom: "lately" | "all" = "lately"): Promise<number> {
  const { read } = setup.store;
  const today = dayOf(setup, setup.world.now());
  // no grace is longer, so who left before has nothing in hand
  const first = addDays(today, -GRACE_DAYS.most - 1);
  const days = await openDays(read, WITH_GUIDE, first, today);
  let moved = await planReturned(setup, today);
  const gone = await goneSince(read, whom === "all" ? first : addDays(today, -1), today);
  for (const some of chunked(days.length > 0 ? gone : [], GUIDES)) {
    moved += await setup.store.write(async (sql) =>
      rejudge(setup, sql, await heldBy(sql, some, days), today),
    );
    await turn();
  }
  const changed = await read.rows<{ guideId: number }>(
    "SELECT DISTINCT guide_id AS guideId FROM guide_leave WHERE settled = 0 AND (cancelled = 1 OR from_on <= ?)",
    [today],
  );
  for (const { guideId } of changed) {
    moved += await settleLeave(setup, guideId, first, today);
    await turn();
  }
  return moved;
}

async function goneSince(sql: Sql, first: ShopDay, today: ShopDay): Promise<number[]> {
  const rows = await sql.rows<{ id: number }>("SELECT id FROM guide WHERE left_on BETWEEN ? AND ?", [
    first,
    today,
  ]);
  return rows.map(({ id }) => id);
}

function heldBy(sql: Sql, guides: readonly number[], days: readonly ShopDay[]): Promise<TaskRow[]> {
  return tasksWhere(
    sql,
    `release_on IN (${marks(days.length)}) AND guide_id IN (${marks(guides.length)})
       AND COALESCE(state, '') IN (${marks(WITH_GUIDE.length)})${sql.dialect.forUpdate}`,
    [...days, ...guides, ...WITH_GUIDE],
    "task_day",
  );
}

/** Judges tasks as if they were to be sent now, without caps; those that may not go where their verdicts say. */
async function rejudge(
  setup: TaskSetup,
  sql: Sql,
  tasks: readonly TaskRow[],
  today: ShopDay,
): Promise<number> {
  const { turned } = await judge(setup, sql, tasks, today, uncapped);
  const out = await leaveReady(
    sql,
    turned.map(({ task }) => task.id),
  );
  // being called at this moment: its answer comes first
  const free = turned.filter(({ task }) => task.state !== "sending" || out.has(task.id));
  await turnAway(sql, free, ["planned", ...WITH_GUIDE], setup.world.now());
  return free.length;
}

/** Looks at what a guide holds, and at what deputies have been given for them, once after every change of a leave. */
async function settleLeave(
  setup: TaskSetup,
  guideId: number,
  first: ShopDay,
  today: ShopDay,
): Promise<number> {
  const days = await openDays(setup.store.read, ["planned", ...WITH_GUIDE], first, today);
  return setup.store.write(async (sql) => {
    const which = "guide_id = ? AND settled = 0 AND (cancelled = 1 OR from_on <= ?)";
    const changed = await sql.rows(`SELECT id FROM guide_leave WHERE ${which}${sql.dialect.forUpdate}`, [
      guideId,
      today,
    ]);
    if (changed.length === 0) return 0;
    await sql.run(`UPDATE guide_leave SET settled = 1 WHERE ${which}`, [guideId, today]);
    if (days.length === 0) return 0;
    const own = await heldBy(sql, [guideId], days);
    return rejudge(setup, sql, [...own, ...(await deputed(sql, guideId, days))], today);
  });
}

/** What deputies have been given for a guide, and have not confirmed. They are among the contacts of the guide's
 *  customers, so one look-up a contact and day finds all of it. */
async function deputed(sql: Sql, guideId: number, days: readonly ShopDay[]): Promise<TaskRow[]> {
  const states = ["planned", ...WITH_GUIDE];
  const { thenJoin } = sql.dialect;
  const found = await sql.rows<{ id: number }>(
    `SELECT t.id FROM customer c ${thenJoin} contact k ON k.customer_id = c.id
       ${thenJoin} (${days.map(() => "SELECT ? AS day").join(" UNION ALL ")}) d
       ${thenJoin} task t ON t.release_on = d.day AND t.guide_id = k.guide_id AND t.customer_id = c.id
     WHERE c.guide_id = ? AND t.deputy_of = ? AND COALESCE(t.state, '') IN (${marks(states.length)})`,
    [...days, guideId, guideId, ...states],
  );
  return tasksOf(
    sql,
    found.map(({ id }) => id),
    "lock",
  );
}

/** Held because their guide had left, who has not after all. */
async function planReturned(setup: TaskSetup, today: ShopDay): Promise<number> {
  const which = {
    sql: `state = 'held' AND reason = 'guide_left'
      AND guide_id IN (SELECT g.id FROM guide g WHERE g.left_on IS NULL OR g.left_on > ?)`,
    params: [today],
  };
  if (!(await setup.store.read.row(`SELECT id FROM task WHERE ${which.sql} LIMIT 1`, which.params))) return 0;
  const at = setup.world.now();
  const move = { from: ["held"], to: "planned", actor: "system", at, set: { released_on: null } } as const;
  for (let count = 0; ; ) {
    const ids = await setup.store.write((sql) => moveWhere(sql, which, move, BATCH));
    count += ids.length;
    if (ids.length < BATCH) return count;
  }
}

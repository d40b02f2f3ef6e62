// Urgent replies whose task lost its guide (a leave, a leaver, another owner): offered at once to who is there now, not in
// the morning.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { restingTouchpoints, urgentTouchpoints } from "../journeys/queries.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { leavesOn } from "../org/leaves.js";
import { moveTasks } from "./moves.js";
import { offeredNow } from "./offering.js";
import { tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { guideFor } from "./urgent-guide.js";
import { putAtEnd } from "./urgent-list.js";

/** No grace is longer. */
const LOOK_BACK = 60;

/** Offers urgent tasks anew that wait without a guide who has seen them; their guides are told by the urgent replies'
 *  own pass. Gives how many. */
export async function offerUrgentAgain(setup: TaskSetup): Promise<number> {
  const { store, world } = setup;
  const today = dayOf(setup, world.now());
  const waiting = await waitingUrgent(store.read, today);
  let offered = 0;
  for (const id of waiting) if (await store.write((sql) => offerOne(setup, sql, id, today))) offered++;
  return offered;
}

async function waitingUrgent(sql: Sql, today: ShopDay): Promise<number[]> {
  const resting = await restingTouchpoints(sql);
  const ids = [...(await urgentTouchpoints(sql))].filter((id) => !resting.has(id));
  const rows = await selectIn<{ id: number }>(
    sql,
    // COALESCE keeps the databases from reading all planned rows by the key (state, release_on)
    `SELECT id FROM task WHERE due_on >= ? AND expires_on >= ? AND COALESCE(state, '') IN ('planned', 'held')
       AND touchpoint_id IN`,
    ids,
    { params: [addDays(today, -LOOK_BACK), today] },
  );
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

/** False where nobody is there: it waits on. */
async function offerOne(setup: TaskSetup, sql: Sql, id: number, today: ShopDay): Promise<boolean> {
  const at = setup.world.now();
  const [task] = await tasksOf(sql, [id], "lock");
  const [reply] = await sql.rows<{ id: number; guideId: number }>(
    `SELECT u.id, u.guide_id AS guideId FROM urgent_reply u JOIN message m ON m.msgid = u.msgid
     WHERE u.task_id = ? AND m.recalled = 0 ORDER BY u.id LIMIT 1`,
    [id],
  );
  if (!task || !reply || (task.state !== "planned" && task.state !== "held")) return false;
  const guideId = await guideFor(sql, { customerId: task.customerId, guideId: Number(reply.guideId) }, today);
  // who is on leave today would lose it again
  if (guideId === null || (await leavesOn(sql, today)).has(guideId)) return false;
  const move = { actor: "system", at };
  await moveTasks(sql, [id], { ...move, from: ["held"], to: "planned" });
  const set = {
    ...offeredNow(at),
    guide_id: guideId,
    deputy_of: null,
    release_on: today,
    released_on: today,
  };
  if ((await moveTasks(sql, [id], { ...move, from: ["planned"], to: "offered", set })).length === 0)
    return false;
  await putAtEnd(sql, guideId, id, at);
  await sql.run(
    `UPDATE urgent_reply SET state = 'raised', reason = NULL, told_guide = ?, tries = 0, next_at = ? WHERE id = ?`,
    [guideId, at, reply.id],
  );
  return true;
}

// An urgent reply becomes a task of its guide, at once and once: made, offered and put at the end of the guide's list in
// one transaction.
import { isErased } from "../customers/known-ids.js";
import type { Sql } from "../infra/store.js";
import { type LiveTouchpoint, liveTouchpoints, restingTouchpoints } from "../journeys/queries.js";
import { URGENT_REPLY } from "../journeys/spec.js";
import { yyyymmdd } from "../journeys/triggers.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { State } from "./life.js";
import { moveTasks } from "./moves.js";
import { offeredNow } from "./offering.js";
import { optOutIn } from "./opting-out.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { guideFor } from "./urgent-guide.js";
import { putAtEnd } from "./urgent-list.js";
import { changeUrgent, lockUrgent, type UrgentEnd, type UrgentRow } from "./urgent-rows.js";
import { URGENT_NAMES } from "./urgent-texts.js";

const DAY = 86_400_000;
/** What came in with older archives is history: the archive itself reaches five days back. */
const FRESH = 5 * DAY;

/** The customer said it themself. */
const SAID = { source: "chat", actor: "system" } as const;

/** The touchpoint that urgent replies make tasks of; undefined when HQ has none. */
export async function urgentTouchpoint(sql: Sql): Promise<LiveTouchpoint | undefined> {
  return (await liveTouchpoints(sql)).find(({ spec }) => spec.trigger.anchor === URGENT_REPLY);
}

/** Looks at a new one in one transaction; gives the tasks of a customer who opted out by it. */
export async function raiseUrgent(setup: TaskSetup, id: number): Promise<number[]> {
  return setup.store.write(async (sql) => {
    const row = await lockUrgent(sql, id, "new");
    if (!row) return [];
    const end = await whyNot(sql, row);
    if (end) {
      await changeUrgent(sql, id, "new", { state: "done", reason: end });
      return [];
    }
    // the wish is old or new, heeded it is
    const optedOut = row.optOut === 1 ? await optOutIn(setup, sql, row.customerId, SAID) : [];
    const raised = await raise(setup, sql, row);
    if (typeof raised === "string") await changeUrgent(sql, id, "new", { state: "done", reason: raised });
    return optedOut;
  });
}

async function whyNot(sql: Sql, { msgid, customerId }: UrgentRow): Promise<UrgentEnd | undefined> {
  // two of one customer's queue here: the second finds the task of the first
  const customer = await sql.row<{ externalUserid: string }>(
    `SELECT external_userid AS externalUserid FROM customer WHERE id = ?${sql.dialect.forUpdate}`,
    [customerId],
  );
  if (!customer || isErased(customer.externalUserid)) return "erased";
  const message = await sql.row<{ recalled: number }>("SELECT recalled FROM message WHERE msgid = ?", [
    msgid,
  ]);
  return message?.recalled === 1 ? "taken_back" : undefined;
}

/** Makes the task, or joins one that is open for the same matter; else says why there is none. */
async function raise(setup: TaskSetup, sql: Sql, row: UrgentRow): Promise<UrgentEnd | undefined> {
  const now = setup.world.now();
  const today = dayOf(setup, now);
  if (row.saidAt < now - FRESH) return "too_old";
  const touchpoint = await urgentTouchpoint(sql);
  if (!touchpoint) return "no_touchpoint";
  if ((await restingTouchpoints(sql)).has(touchpoint.id)) return "paused";
  const open = await openTask(sql, row);
  if (open !== undefined) {
    await changeUrgent(sql, row.id, "new", { state: "done", reason: "joined", task_id: open });
    return undefined;
  }
  const guideId = await guideFor(sql, row, today);
  const taskId = await insertTask(sql, { row, touchpoint, guideId, today });
  const move = { from: ["planned"] as const, actor: "system", at: now, note: noteOf(row) };
  if (guideId === null) {
    await moveTasks(sql, [taskId], { ...move, to: "held", reason: "no_guide" });
    await changeUrgent(sql, row.id, "new", { state: "done", reason: "nobody", task_id: taskId });
    return undefined;
  }
  await moveTasks(sql, [taskId], { ...move, to: "offered", set: offeredNow(now) });
  await putAtEnd(sql, guideId, taskId, now);
  await changeUrgent(sql, row.id, "new", { state: "raised", task_id: taskId, told_guide: guideId });
  return undefined;
}

const WITH_GUIDE: readonly State[] = ["planned", "held", "offered"];

/** Another message of the same customer on the same matter, not dealt with yet. */
async function openTask(sql: Sql, { customerId, kind }: UrgentRow): Promise<number | undefined> {
  const found = await sql.row<{ id: number }>(
    `SELECT t.id FROM urgent_reply u JOIN task t ON t.id = u.task_id
     WHERE u.customer_id = ? AND u.kind = ? AND t.state IN ('${WITH_GUIDE.join("', '")}') ORDER BY t.id LIMIT 1`,
    [customerId, kind],
  );
  return found && Number(found.id);
}

/** On a list it stands before all that was planned. */
const FIRST = -1;

interface NewTask {
  row: UrgentRow;
  touchpoint: LiveTouchpoint;
  guideId: number | null;
  today: ShopDay;
}

/** The message's number is the occurrence: whoever else makes a task of it makes this one. */
async function insertTask(sql: Sql, { row, touchpoint, guideId, today }: NewTask): Promise<number> {
  const { id, versionId, spec } = touchpoint;
  const key = [id, yyyymmdd(row.saidOn), row.id, row.customerId, 0];
  await sql.run(
    `${sql.dialect.insertIgnore} INTO task (touchpoint_id, slot, occurrence, customer_id, child_no, version_id, guide_id, state,
       priority, variant, late, due_on, anchor_on, release_on, released_on, expires_on)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', ?, 0, 0, ?, ?, ?, ?, ?)`,
    [
      ...[...key, versionId, guideId, FIRST],
      ...[today, row.saidOn, today, guideId === null ? null : today, addDays(today, spec.graceDays)],
    ],
  );
  const made = await sql.row<{ id: number }>(
    `SELECT id FROM task WHERE touchpoint_id = ? AND slot = ? AND occurrence = ? AND customer_id = ? AND child_no = ?`,
    key,
  );
  return Number(made?.id);
}

function noteOf({ kind, word }: UrgentRow): string {
  return `客户回复：${URGENT_NAMES[kind]}「${word}」`;
}

// What a forecast plays on: open tasks and the planner's memory copied into temporary tables, all else as it stands.
import { setImmediate as turn } from "node:timers/promises";
import { grouped, insertRows, selectIn } from "../../infra/batches.js";
import type { Param, Sql, Store, StoreApart, TablesApart } from "../../infra/store.js";
import { liveTouchpoints } from "../../journeys/queries.js";
import { GRACE_DAYS } from "../../journeys/spec.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import { isTerminal, STATES } from "../life.js";
import type { Mark } from "../mark-rows.js";
import { idsOfMarked } from "../mark-tasks.js";
import { openDays } from "../open-days.js";
import type { Recall } from "../plan-day.js";
import { tasksThere } from "../plan-reads.js";
import { statesOf } from "../watermark.js";

/** Where deliveries foreseen are kept; release reads them with the real ones. */
export const DELIVERIES_AHEAD = "delivery_ahead";
/** Where open tasks wait while the day's others are forgotten. */
export const TASKS_CARRIED = "task_carried";
/** A day before every other: of the row that is kept for its id alone. */
export const NO_DAY: ShopDay = "2000-01-01";
const LAST_DAY: ShopDay = "9999-12-31";

/** Copied whole, first what must not be newer than the tasks: what has been planned since is planned again for nothing. */
const WHOLE = [
  ...["touchpoint_plan", "anchor_mark", "calendar_mark"],
  ...["calendar_day", "calendar_name", "calendar_year"],
];
/** What publishing a draft writes. */
const OF_JOURNEYS = [
  ...["journey", "journey_version", "touchpoint", "touchpoint_version", "journey_event"],
  ...["experiment", "experiment_bucket", "touchpoint_variant"],
];
const TABLES: TablesApart = {
  shadows: [...WHOLE, "task", "hand_over", "hand_over_task", "bundle_part"],
  beside: { delivery: DELIVERIES_AHEAD },
  scratch: { [TASKS_CARRIED]: "task" },
  muted: [
    "task_event",
    "rollup_mark",
    "credit_mark",
    "held_customer",
    "task_edit",
    "task_reminder",
    "audit_entry",
  ],
};

const PAGE = 2_000;
const MARKS = 200;

/** Tables to play on, and the largest id of a real task: those foreseen have larger ones. */
export interface Copies {
  store: StoreApart;
  lastId: number;
}

/** What is copied: tasks that ended only of these days; `withDraft`: journeys too, to publish a draft on. */
export interface CopyAsk {
  start: ShopDay;
  to: ShopDay;
  withDraft: boolean;
  withTasks: boolean;
}

/** Copies what some days can meet: open tasks, and those of these days that ended already. */
export async function copiesOf(real: Store, ask: CopyAsk): Promise<Copies> {
  const { withDraft, withTasks } = ask;
  const whole = withDraft ? [...WHOLE, ...OF_JOURNEYS] : WHOLE;
  const shadows = [...whole, ...(withTasks ? TABLES.shadows.filter((table) => !WHOLE.includes(table)) : [])];
  let lastId = 0;
  const store = await real.apart({ ...TABLES, shadows }, async (sql, named) => {
    for (const table of whole) await sql.run(`INSERT INTO ${named(table)} SELECT * FROM ${table}`);
    if (withTasks) lastId = await copyTasks(sql, named("task"), ask);
  });
  return { store, lastId };
}

/** Gives the largest id there is; its row is always among the copies, so that ids go on from there. It is read first:
 *  what is made while others are copied is foreseen once more, and not taken for history. */
async function copyTasks(sql: Sql, into: string, { start, to }: CopyAsk): Promise<number> {
  const last = await sql.row<{ id: number | null }>("SELECT MAX(id) AS id FROM task");
  const id = Number(last?.id ?? 0);
  const earliest = addDays(start, -GRACE_DAYS.most - 1);
  for (const state of STATES) {
    // what the channel has and is past its grace will have ended by the morning
    const inTime = state === "handed_over" || state === "sending" ? `AND expires_on >= '${start}'` : "";
    const [from, until] = isTerminal(state) ? [start, to] : [earliest, LAST_DAY];
    const days = await openDays(sql, [state], from, until);
    for (const day of days)
      await copyPages(sql, into, `state = '${state}' AND release_on = '${day}'`, inTime);
  }
  const isThere = await sql.row(`SELECT id FROM ${into} WHERE id = ?`, [id]);
  if (id > 0 && !isThere) {
    await sql.run(`INSERT INTO ${into} SELECT * FROM task WHERE id = ?`, [id]);
    await sql.run(`UPDATE ${into} SET due_on = ?, release_on = ?, released_on = NULL WHERE id = ?`, [
      ...[NO_DAY, NO_DAY, id],
    ]);
  }
  return id;
}

/** Copies the tasks of a place in the key (state, release_on), a few at a time. */
async function copyPages(sql: Sql, into: string, where: string, and: string): Promise<void> {
  for (let after = 0; ; ) {
    const end = await sql.row<{ id: number }>(
      `SELECT id FROM task WHERE ${where} AND id > ? ORDER BY id LIMIT 1 OFFSET ${PAGE - 1}`,
      [after],
    );
    const upTo = end ? `AND id <= ${end.id}` : "";
    // one that has gone on meanwhile stands among the copies already, as it was
    await sql.run(
      `${sql.dialect.insertIgnore} INTO ${into} SELECT * FROM task WHERE ${where} AND id > ? ${upTo} ${and}`,
      [after],
    );
    await turn();
    if (!end) return;
    after = Number(end.id);
  }
}

/** Brings in the real tasks that stand where pieces of a day would be planned: once never repeats, whenever it was. */
export function recallFrom(real: Store, { store, lastId }: Copies): Recall {
  return async (pieces, basis) => {
    for (const { plan, slice } of pieces) {
      const rows = await tasksThere(real.read, plan, slice, basis);
      await bringIn(
        store,
        rows.filter(({ id }) => Number(id) <= lastId),
      );
    }
  };
}

/** Brings in all tasks of anchors whose change has not been worked off yet. */
export async function recallMarked(real: Store, { store, lastId }: Copies, today: ShopDay): Promise<void> {
  const touchpoints = await liveTouchpoints(real.read);
  const states = await statesOf(real.read, touchpoints);
  for (let after = 0; ; ) {
    const marks = await real.read.rows<Mark>(
      `SELECT id, customer_id AS customerId, kind, child_no AS childNo, was_cycle AS wasCycle
       FROM anchor_mark WHERE id > ? ORDER BY id LIMIT ${MARKS}`,
      [after],
    );
    if (marks.length > 0) {
      const ids = await idsOfMarked({ sql: real.read, marks, touchpoints, states, today });
      const known = ids.filter((id) => id <= lastId);
      await bringIn(store, await selectIn(real.read, "SELECT * FROM task WHERE id IN", known));
    }
    if (marks.length < MARKS) return;
    after = marks.at(-1)?.id ?? 0;
    await turn();
  }
}

/** They stand at no day: nothing counts them among its own. */
async function bringIn(store: StoreApart, rows: readonly Record<string, Param>[]): Promise<void> {
  const away = rows.map((row): Record<string, Param> => ({ ...row, release_on: NO_DAY }));
  for (const [columns, some] of grouped(away, (row) => Object.keys(row).join(", ")))
    await store.write((sql) =>
      insertRows(sql, `${sql.dialect.insertIgnore} INTO task (${columns})`, some.map(Object.values<Param>)),
    );
}

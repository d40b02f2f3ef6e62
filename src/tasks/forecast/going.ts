// The end of a day ahead: what was released has gone to its customers, what is open waits for tomorrow, the rest is forgotten.
import { setImmediate as turn } from "node:timers/promises";
import { marks } from "../../infra/dialect.js";
import type { Sql, StoreApart } from "../../infra/store.js";
import { waysOfTouchpoints } from "../../journeys/queries.js";
import { GRACE_DAYS, type Way } from "../../journeys/spec.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import { isTerminal, STATES, type State } from "../life.js";
import { openDays } from "../open-days.js";
import { DELIVERIES_AHEAD, NO_DAY, TASKS_CARRIED } from "./copies.js";

const OPEN = STATES.filter((state) => !isTerminal(state));
/** With guides since an earlier day. */
const WITH_GUIDES: readonly State[] = ["offered", "approved", "sending", "handed_over", "unknown"];
/** Guides whose tasks one statement reads. */
const GUIDES = 100;
const PAGE = 2_000;

/** What goes out on a day, in SQL over `task`: the day stands for its one parameter. */
export const GONE = `(state IN (${WITH_GUIDES.map((state) => `'${state}'`).join(", ")})
  OR (state = 'planned' AND released_on = ?))`;

/** Parts of all tasks by their guides, as conditions, so that no statement takes long; last those of nobody. */
export async function guideRanges(sql: Sql): Promise<string[]> {
  const all = await sql.rows<{ id: number }>("SELECT id FROM guide ORDER BY id");
  const ranges: string[] = [];
  for (let at = 0; at < all.length; at += GUIDES) {
    const some = all.slice(at, at + GUIDES);
    ranges.push(`guide_id BETWEEN ${some[0]?.id} AND ${some.at(-1)?.id}`);
  }
  return [...ranges, "guide_id IS NULL"];
}

/** The days of release_on on which tasks of a day stand. */
export function standingDays(sql: Sql, on: ShopDay): Promise<ShopDay[]> {
  return openDays(sql, STATES, addDays(on, -GRACE_DAYS.most - 1), "9999-12-31");
}

export interface ClosedDay {
  /** on which its tasks stand */
  days: readonly ShopDay[];
  /** epoch ms */
  at: number;
  /** tomorrow another month begins, and the deliveries of this one count no more */
  isMonthOver: boolean;
}

/** Ends a day: delivers what goes out, keeps what is still open, forgets the rest. */
export async function closeDay(
  store: StoreApart,
  on: ShopDay,
  { days, at, isMonthOver }: ClosedDay,
): Promise<void> {
  if (isMonthOver) await store.empty(DELIVERIES_AHEAD);
  else await deliver(store, on, days, at);
  await carryOver(store, on);
}

/** What has words reaches the customer, and counts among their month's. */
async function deliver(store: StoreApart, on: ShopDay, days: readonly ShopDay[], at: number): Promise<void> {
  if (days.length === 0) return;
  const ways = await waysOfTouchpoints(store.read);
  const idsOf = (way: Way) => [...ways].filter(([, one]) => one === way).map(([id]) => id);
  const byHand = idsOf("hand");
  const mass = `CASE WHEN touchpoint_id IN (${idsOf("mass").join(", ") || "0"}) THEN 'mass' ELSE 'page' END`;
  const and = byHand.length > 0 ? `AND touchpoint_id NOT IN (${byHand.join(", ")})` : "";
  for (const range of await guideRanges(store.read)) {
    await store.write((sql) =>
      sql.run(
        `INSERT INTO ${DELIVERIES_AHEAD} (task_id, guide_id, customer_id, sent_at, sent_on, words, way)
         SELECT id, guide_id, customer_id, ?, ?, '', ${mass} FROM task${sql.dialect.force("task_day")}
         WHERE release_on IN (${marks(days.length)}) AND ${range} AND guide_id IS NOT NULL AND ${GONE} ${and}`,
        [at, on, ...days, on],
      ),
    );
    await turn();
  }
}

/** Keeps what is open in mind and forgets all else; ids go on from the largest. */
async function carryOver(store: StoreApart, on: ShopDay): Promise<void> {
  for (const state of OPEN.filter((one) => !WITH_GUIDES.includes(one)))
    for (const day of await openDays(store.read, [state], NO_DAY, "9999-12-31"))
      await movePages(store, ["task", TASKS_CARRIED], `state = '${state}' AND release_on = '${day}'`, on);
  const last = await store.read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM task");
  await store.write(async (sql) => {
    const { affected } = await sql.run(
      `${sql.dialect.insertIgnore} INTO ${TASKS_CARRIED} SELECT * FROM task WHERE id = ?`,
      [last?.id ?? 0],
    );
    if (affected > 0)
      await sql.run(
        `UPDATE ${TASKS_CARRIED} SET state = 'sent', due_on = ?, release_on = ?, released_on = NULL WHERE id = ?`,
        [NO_DAY, NO_DAY, last?.id ?? 0],
      );
  });
  for (const table of ["task", "bundle_part"]) await store.empty(table);
  await movePages(store, [TASKS_CARRIED, "task"], "1 = 1", null);
  await store.empty(TASKS_CARRIED);
}

/** Copies rows a few at a time, without those that went out on a day. */
async function movePages(
  store: StoreApart,
  [from, into]: readonly [string, string],
  where: string,
  without: ShopDay | null,
): Promise<void> {
  const and = without === null ? "" : "AND (released_on IS NULL OR released_on <> ? OR state <> 'planned')";
  for (let after = 0; ; ) {
    const end = await store.read.row<{ id: number }>(
      `SELECT id FROM ${from} WHERE ${where} AND id > ? ORDER BY id LIMIT 1 OFFSET ${PAGE - 1}`,
      [after],
    );
    const upTo = end ? `AND id <= ${end.id}` : "";
    const params = without === null ? [after] : [after, without];
    const rows = `SELECT * FROM ${from} WHERE ${where} AND id > ? ${upTo} ${and}`;
    await store.write((sql) => sql.run(`INSERT INTO ${into} ${rows}`, params));
    await turn();
    if (!end) return;
    after = Number(end.id);
  }
}

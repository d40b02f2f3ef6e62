// Guides with nothing new today but customers left open from earlier days: they get their list and card of the morning too.
import { chunked, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { type DailyNotes, takeNotesIn, withoutNote } from "./daily-notes.js";
import { putLists, tasksToLists } from "./listing.js";
import type { TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";

/** Guides looked at in one transaction: each costs a look at every day an open task may be from. */
const CHUNK = 50;

/**
 * Makes the lists of guides who have only leftovers, once a day for each. `due`: guides whose hour has come and who have no
 * list. Whoever still has tasks that were not decided on today is left for later. Gives the guides whose list was made.
 */
export async function listLeftovers(
  setup: TaskSetup,
  due: readonly number[],
  today: ShopDay,
): Promise<number[]> {
  const { store, world } = setup;
  const notes: DailyNotes = { store, kind: "leftovers", day: today };
  const settled = await decided(setup, await withoutNote(notes, due), today);
  const listed: number[] = [];
  for (const some of chunked(settled, CHUNK)) {
    if (await stoppedSince(store.read)) break;
    const at = world.now();
    listed.push(...(await store.write((sql) => listSome(sql, notes, some, at))));
  }
  return listed;
}

/** Notes whose lists were looked at, and makes the lists of those who have any. Gives the guides whose list was made. */
async function listSome(
  sql: Sql,
  notes: DailyNotes,
  guideIds: readonly number[],
  at: number,
): Promise<number[]> {
  const mine = await takeNotesIn(sql, notes, guideIds, at);
  if (mine.length === 0) return [];
  const lists = await tasksToLists(sql, mine, notes.day);
  const made = new Map<number, number[]>();
  for (const [guideId, tasks] of [...lists].sort(([a], [b]) => a - b)) {
    const { affected } = await sql.run(
      `${sql.dialect.insertIgnore} INTO guide_day (guide_id, on_day, list_at, state) VALUES (?, ?, ?, 'listed')`,
      [guideId, notes.day, at],
    );
    if (affected === 0) continue;
    made.set(
      guideId,
      tasks.map(({ id }) => id),
    );
  }
  if (made.size > 0) await putLists(sql, made, at);
  return [...made.keys()];
}

/** Those of whom nothing of today waits for the release. */
async function decided({ store }: TaskSetup, guideIds: readonly number[], today: ShopDay): Promise<number[]> {
  const waiting = await selectIn<{ id: number }>(
    store.read,
    // COALESCE keeps the databases from reading all planned rows of the day by the key (state, release_on)
    `SELECT DISTINCT guide_id AS id FROM task WHERE release_on = ? AND released_on IS NULL
       AND COALESCE(state, '') = 'planned' AND guide_id IN`,
    guideIds,
    { params: [today] },
  );
  const busy = new Set(waiting.map(({ id }) => id));
  return guideIds.filter((id) => !busy.has(id));
}

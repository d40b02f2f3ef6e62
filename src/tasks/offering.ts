// Offering: at each guide's own hour the day's released tasks become their list, one list a day.
import { chunked, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { distinct } from "./facts.js";
import { guideHour } from "./guide-hour.js";
import { listLeftovers } from "./leftovers.js";
import { putLists, tasksToLists } from "./listing.js";
import { moveTasks, type TaskChanges } from "./moves.js";
import { prepareAnew, putReady } from "./preparing.js";
import { quietAt } from "./quiet-hours.js";
import { remindDue } from "./reminding.js";
import { type TaskRow, tasksWhere } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";
import { tellLists } from "./telling.js";
import { lacksWords, type Worded, wordTasks } from "./wording.js";

/** What a pass of offering did. */
export interface Offered {
  guides: number;
  offered: number;
  needsData: number;
}

/** Guides whose day is made together, in one short transaction. */
const CHUNK = 25;

/** Offers what is due to every guide whose hour has come, tells them, and reminds those who put something off. Nothing
 *  while it is quiet. Doing it again adds nothing. */
export async function offerDue(setup: TaskSetup): Promise<Offered> {
  const sum: Offered = { guides: 0, offered: 0, needsData: 0 };
  const now = setup.world.now();
  if ((await quietAt(setup, setup.store.read, now)) !== null) return sum;
  const today = dayOf(setup, now);
  const { due, guides } = await guidesAtTheirHour(setup, today, now);
  for (const chunk of chunked(guides, CHUNK)) {
    if (await stoppedSince(setup.store.read)) break;
    const tasks = await releasedTasks(setup, chunk, today);
    if (tasks.length === 0) continue;
    const worded = await wordTasks(setup, setup.store.read, tasks, today);
    const done = await offerTogether(setup, [...worded.values()], today);
    sum.guides += done.guides;
    sum.offered += done.offered;
    sum.needsData += done.needsData;
    // what was missing on an earlier day may be known by now
    await prepareAnew(setup, done.lackedBefore);
  }
  const left = await listLeftovers(setup, without(due, guides), today);
  sum.guides += left.length;
  await prepareAnew(setup, await lackingOf(setup, left, today));
  await tellLists(setup, today);
  await remindDue(setup);
  return sum;
}

function without(all: readonly number[], some: readonly number[]): number[] {
  const gone = new Set(some);
  return all.filter((id) => !gone.has(id));
}

/** What these guides' lists ask for: it may be known by now. */
async function lackingOf(setup: TaskSetup, guideIds: readonly number[], today: ShopDay): Promise<number[]> {
  if (guideIds.length === 0) return [];
  const lists = await tasksToLists(setup.store.read, guideIds, today);
  return [...lists.values()].flat().flatMap(({ id, state }) => (state === "needs_data" ? [id] : []));
}

/** Guides without a list yet today whose hour has come and who are there; and of these those with released tasks. */
async function guidesAtTheirHour(
  setup: TaskSetup,
  today: ShopDay,
  now: number,
): Promise<{ due: number[]; guides: number[] }> {
  const { zone, day } = setup.config;
  const hour = { hour: day.guide_hour, jitterMinutes: day.guide_jitter_minutes, zone };
  if (now < guideHour(0, today, { ...hour, jitterMinutes: 0 })) return { due: [], guides: [] };
  const without = await setup.store.read.rows<{ id: number }>(
    `SELECT g.id FROM guide g JOIN store s ON s.id = g.store_id
     WHERE (g.left_on IS NULL OR g.left_on > ?)
       AND NOT EXISTS (SELECT 1 FROM guide_day d WHERE d.guide_id = g.id AND d.on_day = ?)
       AND g.id NOT IN (SELECT l.guide_id FROM guide_leave l WHERE l.cancelled = 0 AND l.to_on >= ? AND l.from_on <= ?)
     ORDER BY g.id`,
    [today, today, today, today],
  );
  const due = without.map(({ id }) => id).filter((id) => guideHour(id, today, hour) <= now);
  const busy = await selectIn<{ id: number }>(
    setup.store.read,
    // COALESCE keeps the databases from reading all planned rows of the day by the key (state, release_on)
    `SELECT DISTINCT guide_id AS id FROM task WHERE release_on = ? AND released_on = ?
       AND COALESCE(state, '') = 'planned' AND guide_id IN`,
    due,
    { params: [today, today] },
  );
  const ids = new Set(busy.map(({ id }) => id));
  return { due, guides: due.filter((id) => ids.has(id)) };
}

function releasedTasks(setup: TaskSetup, guideIds: readonly number[], today: ShopDay): Promise<TaskRow[]> {
  return tasksWhere(
    setup.store.read,
    `release_on = ? AND released_on = ? AND COALESCE(state, '') = 'planned' AND guide_id IN (${marks(guideIds.length)})`,
    [today, today, ...guideIds],
  );
}

/** The day of these tasks' guides, without those for whom another process has just made it. */
async function offerTogether(
  setup: TaskSetup,
  ofAll: readonly Worded[],
  today: ShopDay,
): Promise<Offered & { lackedBefore: number[] }> {
  const now = setup.world.now();
  return setup.store.write(async (sql) => {
    const guideIds = (await stoppedSince(sql)) ? [] : await takeDay(sql, ofAll, today, now);
    if (guideIds.length === 0) return { guides: 0, offered: 0, needsData: 0, lackedBefore: [] };
    const worded = ofAll.filter(({ task }) => guideIds.includes(task.guideId));
    const idsOf = (some: readonly Worded[]) => some.map(({ task }) => task.id);
    const move = {
      from: ["planned"] as const,
      ...{ actor: "system", at: now },
      set: offeredNow(now),
    };
    const whole = worded.filter((one) => !lacksWords(one));
    const offered = new Set(await moveTasks(sql, idsOf(whole), { ...move, to: "offered" }));
    const lacking = await moveTasks(sql, idsOf(worded.filter(lacksWords)), {
      ...move,
      ...{ to: "needs_data", reason: "no_data" },
    });
    const ready = whole.filter(({ task }) => offered.has(task.id));
    await putReady(setup, sql, ready, today, now);
    const lists = await tasksToLists(sql, guideIds, today);
    await putLists(sql, new Map([...lists].map(([id, tasks]) => [id, tasks.map((task) => task.id)])), now);
    const listed = [...lists.values()].flat();
    const lackedBefore = listed.filter(({ state, releaseOn }) => state === "needs_data" && releaseOn < today);
    return {
      ...{ guides: guideIds.length, offered: offered.size, needsData: lacking.length },
      lackedBefore: lackedBefore.map(({ id }) => id),
    };
  });
}

/** What an offer writes on a task. */
export function offeredNow(at: number): TaskChanges {
  return {
    ...{ offered_at: at, store_id: STORE, region_id: REGION },
    ...{ acted_at: null, hand_over_id: null, snoozed_until: null },
  };
}

/** Where a task's guide works now: figures keep it as it was when the task was offered. */
const STORE = { sql: "(SELECT g.store_id FROM guide g WHERE g.id = task.guide_id)" };
const REGION = {
  sql: `(SELECT s.region_id FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = task.guide_id)`,
};

/** Takes the day of these tasks' guides; gives the ids of those nobody had taken. */
async function takeDay(sql: Sql, worded: readonly Worded[], today: ShopDay, now: number): Promise<number[]> {
  const taken: number[] = [];
  // one by one and in one order: each answer says whether this process was the first
  for (const id of distinct(worded.map(({ task }) => task.guideId)).sort((a, b) => a - b)) {
    const { affected } = await sql.run(
      `${sql.dialect.insertIgnore} INTO guide_day (guide_id, on_day, list_at, state) VALUES (?, ?, ?, 'listed')`,
      [id, today, now],
    );
    if (affected > 0) taken.push(id);
  }
  return taken;
}

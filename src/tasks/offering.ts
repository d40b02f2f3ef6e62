// Offering: at each guide's own hour the day's released tasks become their list, one list a day.
import { selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { ShopDay } from "../kernel/calendar.js";
import { grouped } from "./facts.js";
import { guideHour } from "./guide-hour.js";
import { putList, tasksToList } from "./listing.js";
import { moveTasks } from "./moves.js";
import { prepareAnew, putReady } from "./preparing.js";
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

interface GuideAtHour {
  id: number;
  storeId: number;
  regionId: number;
}

/** Guides whose words are loaded together. */
const CHUNK = 25;

/** Offers what is due to every guide whose hour has come, tells them, and reminds those who put something off. Doing
 *  it again adds nothing. */
export async function offerDue(setup: TaskSetup): Promise<Offered> {
  const sum: Offered = { guides: 0, offered: 0, needsData: 0 };
  const now = setup.world.now();
  const today = dayOf(setup, now);
  const guides = await guidesAtTheirHour(setup, today, now);
  for (let at = 0; at < guides.length; at += CHUNK) {
    if (await stoppedSince(setup.store.read)) break;
    const chunk = guides.slice(at, at + CHUNK);
    const tasks = await releasedTasks(setup, chunk, today);
    const worded = await wordTasks(setup, setup.store.read, tasks, today);
    const byGuide = grouped(tasks, ({ guideId }) => guideId);
    const lackedBefore: number[] = [];
    for (const guide of chunk) {
      const ofOne = (byGuide.get(guide.id) ?? []).flatMap(({ id }) => worded.get(id) ?? []);
      const done = ofOne.length > 0 ? await offerOne(setup, guide, ofOne, today) : null;
      if (!done) continue;
      sum.guides++;
      sum.offered += done.offered;
      sum.needsData += done.needsData;
      lackedBefore.push(...done.lackedBefore);
    }
    // what was missing on an earlier day may be known by now
    await prepareAnew(setup, lackedBefore);
  }
  await tellLists(setup, today);
  await remindDue(setup);
  return sum;
}

/** Guides with released tasks and no list yet today, whose hour has come. */
async function guidesAtTheirHour(setup: TaskSetup, today: ShopDay, now: number): Promise<GuideAtHour[]> {
  const { zone, day } = setup.config;
  const hour = { hour: day.guide_hour, jitterMinutes: day.guide_jitter_minutes, zone };
  if (now < guideHour(0, today, { ...hour, jitterMinutes: 0 })) return [];
  const without = await setup.store.read.rows<GuideAtHour>(
    `SELECT g.id, g.store_id AS storeId, s.region_id AS regionId FROM guide g JOIN store s ON s.id = g.store_id
     WHERE (g.left_on IS NULL OR g.left_on > ?)
       AND NOT EXISTS (SELECT 1 FROM guide_day d WHERE d.guide_id = g.id AND d.on_day = ?) ORDER BY g.id`,
    [today, today],
  );
  const due = without.filter(({ id }) => guideHour(id, today, hour) <= now);
  const busy = await selectIn<{ id: number }>(
    setup.store.read,
    // COALESCE keeps the databases from reading all planned rows of the day by the key (state, release_on)
    `SELECT DISTINCT guide_id AS id FROM task WHERE release_on = ? AND released_on = ?
       AND COALESCE(state, '') = 'planned' AND guide_id IN`,
    due.map(({ id }) => id),
    { params: [today, today] },
  );
  const ids = new Set(busy.map(({ id }) => id));
  return due.filter(({ id }) => ids.has(id));
}

function releasedTasks(setup: TaskSetup, guides: readonly GuideAtHour[], today: ShopDay): Promise<TaskRow[]> {
  return tasksWhere(
    setup.store.read,
    `release_on = ? AND released_on = ? AND COALESCE(state, '') = 'planned' AND guide_id IN (${marks(guides.length)})`,
    [today, today, ...guides.map(({ id }) => id)],
  );
}

/** One guide's day, in one short transaction; null when another process has just made it. */
async function offerOne(
  setup: TaskSetup,
  guide: GuideAtHour,
  worded: readonly Worded[],
  today: ShopDay,
): Promise<{ offered: number; needsData: number; lackedBefore: number[] } | null> {
  const now = setup.world.now();
  return setup.store.write(async (sql) => {
    if (await stoppedSince(sql)) return null;
    const { affected } = await sql.run(
      `${sql.dialect.insertIgnore} INTO guide_day (guide_id, on_day, list_at, state) VALUES (?, ?, ?, 'listed')`,
      [guide.id, today, now],
    );
    if (affected === 0) return null;
    const idsOf = (some: readonly Worded[]) => some.map(({ task }) => task.id);
    const move = {
      from: ["planned"] as const,
      ...{ actor: "system", at: now },
      set: {
        ...{ offered_at: now, store_id: guide.storeId, region_id: guide.regionId },
        ...{ acted_at: null, hand_over_id: null, snoozed_until: null },
      },
    };
    const whole = worded.filter((one) => !lacksWords(one));
    const offered = new Set(await moveTasks(sql, idsOf(whole), { ...move, to: "offered" }));
    const lacking = await moveTasks(sql, idsOf(worded.filter(lacksWords)), {
      ...move,
      ...{ to: "needs_data", reason: "no_data" },
    });
    const ready = whole.filter(({ task }) => offered.has(task.id));
    await putReady(setup, sql, ready, today, now);
    const listed = await tasksToList(sql, guide.id, today);
    await putList(
      sql,
      guide.id,
      listed.map(({ id }) => id),
      now,
    );
    const lackedBefore = listed.filter(({ state, releaseOn }) => state === "needs_data" && releaseOn < today);
    return {
      ...{ offered: offered.size, needsData: lacking.length },
      lackedBefore: lackedBefore.map(({ id }) => id),
    };
  });
}

// The afternoon's nudge: whoever still has customers to follow up is told once, with the list under its numbers.
import PQueue from "p-queue";
import { chunked, grouped } from "../infra/batches.js";
import type { ShopDay } from "../kernel/calendar.js";
import { type ChatTexts, isLeft } from "./chat-texts.js";
import {
  type DailyNotes,
  type NoteResult,
  settleNotes,
  takeNotes,
  tellNote,
  withoutNote,
} from "./daily-notes.js";
import { guidesOf } from "./facts.js";
import { guideHour } from "./guide-hour.js";
import { tasksToLists } from "./listing.js";
import { quietAt } from "./quiet-hours.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { showAgain } from "./showing.js";
import { stoppedSince } from "./stop.js";

const CHUNK = 40;
const WIDTH = 8;

type Guide = Awaited<ReturnType<typeof guidesOf>>[number];

/** Nudges every guide whose time has come and who is there, between the nudge's hour and the evening's; gives how many
 *  were told. Nothing while it is quiet or stopped. */
export async function nudgeDue(setup: TaskSetup, texts: Pick<ChatTexts, "nudge">): Promise<number> {
  const { store, world } = setup;
  const now = world.now();
  const today = dayOf(setup, now);
  const due = await guidesToNudge(setup, today, now);
  if (due.length === 0 || (await quietAt(setup, store.read, now)) !== null) return 0;
  let told = 0;
  for (const ids of chunked(due, CHUNK)) {
    if (await stoppedSince(store.read)) break;
    const results = await nudgeSome(setup, texts, ids, today);
    told += [...results.values()].filter((result) => result === "told").length;
    // the channel takes nothing from anybody now
    if ([...results.values()].includes("again")) break;
  }
  return told;
}

/** Guides there are today whose own time has come, without those who had their nudge. */
async function guidesToNudge(setup: TaskSetup, today: ShopDay, now: number): Promise<number[]> {
  const { zone, day } = setup.config;
  const time = { hour: day.nudge_hour, jitterMinutes: day.guide_jitter_minutes, zone };
  const evening = guideHour(0, today, { ...time, hour: day.summary_hour, jitterMinutes: 0 });
  if (now < guideHour(0, today, { ...time, jitterMinutes: 0 }) || now >= evening) return [];
  const there = await setup.store.read.rows<{ id: number }>(
    `SELECT g.id FROM guide g WHERE (g.left_on IS NULL OR g.left_on > ?)
       AND g.id NOT IN (SELECT l.guide_id FROM guide_leave l WHERE l.cancelled = 0 AND l.to_on >= ? AND l.from_on <= ?)
     ORDER BY g.id`,
    [today, today, today],
  );
  const due = there.map(({ id }) => id).filter((id) => guideHour(id, today, time) <= now);
  return due.length === 0 ? [] : withoutNote(notesOf(setup, today), due);
}

function notesOf({ store }: Pick<TaskSetup, "store">, day: ShopDay): DailyNotes {
  return { store, kind: "nudge", day };
}

async function nudgeSome(
  setup: TaskSetup,
  texts: Pick<ChatTexts, "nudge">,
  guideIds: readonly number[],
  today: ShopDay,
): Promise<Map<number, NoteResult>> {
  const { store, world } = setup;
  const taken = await takeNotes(notesOf(setup, today), guideIds, world.now());
  const results = new Map<number, NoteResult>(taken.map((id) => [id, "nothing"]));
  const waiting = [...(taken.length > 0 ? await tasksToLists(store.read, taken, today) : [])].filter(
    ([, tasks]) => tasks.some((task) => isLeft(task) && !isPutOff(task, world.now())),
  );
  const guides = grouped(await guidesOf(store.read, [...new Map(waiting).keys()]), ({ id }) => id);
  const lanes = new PQueue({ concurrency: WIDTH });
  await lanes.addAll(
    [...guides.values()].flat().map((guide) => async () => {
      results.set(guide.id, await nudgeOne(setup, texts, guide));
    }),
  );
  await settleNotes(notesOf(setup, today), results);
  return results;
}

/** Numbers go on meaning the list last shown; whoever has seen none today is shown one by this. */
async function nudgeOne(
  setup: TaskSetup,
  texts: Pick<ChatTexts, "nudge">,
  guide: Guide,
): Promise<NoteResult> {
  const { world, channels, log } = setup;
  const text = texts.nudge(await showAgain(setup, guide.id), world.now());
  const { result, why } = await tellNote(() => channels.tell.tellGuide(guide.userid, { kind: "text", text }));
  if (why !== undefined) log.warn({ guideId: guide.id, err: why, result }, "a nudge did not go well");
  return result;
}

/** What a guide put off to later is not open now. */
function isPutOff({ snoozedUntil }: { snoozedUntil: number | null }, now: number): boolean {
  return snoozedUntil !== null && snoozedUntil > now;
}

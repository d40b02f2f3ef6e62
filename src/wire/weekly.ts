// Monday's summary: each manager's figures of the week before in words with a link, and as a picture, each told once.

import type { Channel, GuideNote } from "../channels/port.js";
import type { Config } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { type ShopDay, shopDayOf, weekdayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { refreshMarked } from "../reports/refresh.js";
import type { ReportService } from "../reports/service.js";
import { type ManagerToTell, managersOf } from "../tasks/chat-people.js";
import { type DailyKind, settleNotes, takeNotes, tellNote, withoutNote } from "../tasks/daily-notes.js";
import { guideHour } from "../tasks/guide-hour.js";
import { quietAt } from "../tasks/quiet-hours.js";
import { pictureNote } from "./day-picture.js";
import { type WeekBrief, weekBrief } from "./week-brief.js";

export interface WeeklyParts {
  store: Store;
  world: Pick<World, "now">;
  config: Pick<Config, "zone" | "day">;
  log: Pick<Logger, "warn" | "error">;
  channel: Pick<Channel, "tellGuide" | "promises">;
  reports: ReportService;
  /** over templates/cards */
  cards: PageRenderer;
  /** where the link leads */
  publicUrl: string;
}

const MONDAY = 1;

/** Tells every manager whose time on Monday has come; gives how many were told. Words and picture are taken apart, so that
 *  one that fails is tried again without the other. Nothing while it is quiet. */
export async function tellWeeks(parts: WeeklyParts): Promise<number> {
  const { store, world, config, channel } = parts;
  const now = world.now();
  const day = shopDayOf(now, config.zone);
  if (weekdayOf(day) !== MONDAY) return 0;
  const { weekly_hour: hour, guide_jitter_minutes: jitterMinutes } = config.day;
  const time = { hour, jitterMinutes, zone: config.zone };
  const managers = (await managersOf(store.read)).filter(
    ({ viewer }) => guideHour(viewer.accountId, day, time) <= now,
  );
  const kinds: DailyKind[] = channel.promises.pictures ? ["week", "week_picture"] : ["week"];
  const waiting = new Set<number>();
  const ids = managers.map(({ viewer }) => viewer.accountId);
  for (const kind of ids.length > 0 ? kinds : [])
    for (const id of await withoutNote({ store, kind, day }, ids)) waiting.add(id);
  if (waiting.size === 0 || (await quietAt({ config }, store.read, now)) !== null) return 0;
  await refreshMarked({ store, zone: config.zone });
  let told = 0;
  for (const manager of managers)
    if (waiting.has(manager.viewer.accountId) && (await tellOne(parts, manager, kinds, day))) told++;
  return told;
}

/** Whether anything was told. */
async function tellOne(
  parts: WeeklyParts,
  { userid, viewer }: ManagerToTell,
  kinds: readonly DailyKind[],
  day: ShopDay,
): Promise<boolean> {
  const { store, world, channel, log } = parts;
  const brief = await weekBrief(parts, viewer, day);
  let isTold = false;
  for (const kind of kinds) {
    const notes = { store, kind, day };
    if ((await takeNotes(notes, [viewer.accountId], world.now())).length === 0) continue;
    if (brief === null) {
      await settleNotes(notes, new Map([[viewer.accountId, "nothing"]]));
      continue;
    }
    const note = await noteOf(parts, kind, brief);
    if (!note) continue;
    const { result, why } = await tellNote(() => channel.tellGuide(userid, note));
    if (why !== undefined) log.warn({ userid, kind, err: why, result }, "a week's summary did not go well");
    await settleNotes(notes, new Map([[viewer.accountId, result]]));
    isTold ||= result === "told";
  }
  return isTold;
}

/** The note; undefined for a picture that cannot be drawn, which must not keep others from theirs. It stays taken. */
async function noteOf(
  { cards, log }: WeeklyParts,
  kind: DailyKind,
  brief: WeekBrief,
): Promise<GuideNote | undefined> {
  if (kind === "week") return { kind: "text", text: cards.page("weekly", brief.words).trim() };
  try {
    return await pictureNote(brief);
  } catch (error) {
    log.error({ err: error }, "a week's summary could not be drawn");
    return undefined;
  }
}

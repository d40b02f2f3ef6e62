// The evening's summary: each manager's figures of the day in words and as a picture, each told once.
import PQueue from "p-queue";
import type { Channel, GuideNote } from "../channels/port.js";
import type { Config } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { refreshMarked } from "../reports/refresh.js";
import type { ReportService } from "../reports/service.js";
import { type ManagerToTell, managersOf } from "../tasks/chat-people.js";
import { type DailyKind, settleNotes, takeNotes, tellNote, withoutNote } from "../tasks/daily-notes.js";
import { guideHour } from "../tasks/guide-hour.js";
import { quietAt } from "../tasks/quiet-hours.js";
import { type DayBrief, dayBrief } from "./day-brief.js";
import { pictureNote } from "./day-picture.js";

export interface EveningParts {
  store: Store;
  world: Pick<World, "now">;
  config: Pick<Config, "zone" | "day">;
  log: Pick<Logger, "warn" | "error">;
  channel: Pick<Channel, "tellGuide" | "promises">;
  reports: ReportService;
  /** over templates/cards */
  cards: PageRenderer;
}

/** Pictures are drawn two at a time: each takes a tenth of a second of the machine. */
const WIDTH = 2;

/** Tells every manager whose time has come what became of the day; gives how many were told. Words and picture are
 *  taken apart, so that one that fails is tried again without the other. Nothing while it is quiet. */
export async function tellEvenings(parts: EveningParts): Promise<number> {
  const { store, world, config, channel } = parts;
  const now = world.now();
  const day = shopDayOf(now, config.zone);
  const { summary_hour: hour, guide_jitter_minutes: jitterMinutes } = config.day;
  if (now < guideHour(0, day, { hour, jitterMinutes: 0, zone: config.zone })) return 0;
  const managers = (await managersOf(store.read)).filter(
    ({ viewer }) => guideHour(viewer.accountId, day, { hour, jitterMinutes, zone: config.zone }) <= now,
  );
  const kinds: DailyKind[] = channel.promises.pictures ? ["summary", "picture"] : ["summary"];
  const waiting = new Set<number>();
  for (const kind of managers.length > 0 ? kinds : [])
    for (const id of await withoutNote(
      { store, kind, day },
      managers.map(({ viewer }) => viewer.accountId),
    ))
      waiting.add(id);
  if (waiting.size === 0 || (await quietAt({ config }, store.read, now)) !== null) return 0;
  await refreshMarked({ store, zone: config.zone });
  let told = 0;
  const lanes = new PQueue({ concurrency: WIDTH });
  await lanes.addAll(
    managers
      .filter(({ viewer }) => waiting.has(viewer.accountId))
      .map((manager) => async () => {
        if (await tellOne(parts, manager, kinds, day)) told++;
      }),
  );
  return told;
}

/** Whether anything was told. */
async function tellOne(
  parts: EveningParts,
  { userid, viewer }: ManagerToTell,
  kinds: readonly DailyKind[],
  day: string,
): Promise<boolean> {
  const { store, world, channel, log } = parts;
  const brief = await dayBrief(parts, viewer, day);
  let isTold = false;
  for (const kind of kinds) {
    const notes = { store, kind, day };
    if ((await takeNotes(notes, [viewer.accountId], world.now())).length === 0) continue;
    if (brief === null) {
      await settleNotes(notes, new Map([[viewer.accountId, "nothing"]]));
      continue;
    }
    const note = kind === "summary" ? wordsOf(parts, brief) : await pictureOr(parts, brief);
    if (!note) continue;
    const { result, why } = await tellNote(() => channel.tellGuide(userid, note));
    if (why !== undefined) log.warn({ userid, kind, err: why, result }, "a summary did not go well");
    await settleNotes(notes, new Map([[viewer.accountId, result]]));
    isTold ||= result === "told";
  }
  return isTold;
}

/** The day in words. */
export function wordsOf({ cards }: Pick<EveningParts, "cards">, brief: DayBrief): GuideNote {
  return { kind: "text", text: cards.page("evening", brief.words).trim() };
}

/** The picture; undefined when it cannot be drawn, which must not keep others from theirs. It stays taken. */
async function pictureOr({ log }: EveningParts, brief: DayBrief): Promise<GuideNote | undefined> {
  try {
    return await pictureNote(brief);
  } catch (error) {
    log.error({ err: error }, "a summary could not be drawn");
    return undefined;
  }
}

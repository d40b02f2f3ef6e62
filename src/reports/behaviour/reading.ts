// WeCom's own figures of guides' days, read and kept: one guide a call, because it adds several guides together.
import PQueue from "p-queue";
import { chunked, grouped, insertRows, selectIn } from "../../infra/batches.js";
import type { Logger } from "../../infra/log.js";
import type { Param, Sql, Store } from "../../infra/store.js";
import { addDays, instantOf, type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import { DAYS_BACK, firstToRead, latestReadable, WECOM_ZONE } from "./ripeness.js";

/** One guide's day as the chat system tells it. */
export interface GuideDay {
  /** epoch ms of its 00:00 */
  dayStart: number;
  applies: number;
  contacts: number;
  chats: number;
  messages: number;
  lost: number;
  /** 0…1; null where no customer began a chat */
  answered: number | null;
  answerMinutes: number | null;
}

/** Who tells. Its errors say by `kind` whether anybody else need be asked (`wait`, `operations`: nobody). */
export interface BehaviourSource {
  behaviour(guideUserid: string, from: number, to: number): Promise<GuideDay[]>;
}

export interface ReadingParts {
  store: Store;
  world: Pick<World, "now">;
  log: Pick<Logger, "warn">;
  source: BehaviourSource;
}

/** What a reading brought. */
export interface BehaviourRead {
  guides: number;
  days: number;
  /** not asked, or asked in vain: the next reading asks again */
  failed: number;
}

interface Guide {
  id: number;
  userid: string;
}

const GUIDES = 100;
/** Statistics are nobody's hurry. */
const WIDTH = 2;

/** Reads every guide's days that are not final yet; whoever is asked for nothing new is left alone. */
export async function readBehaviour(parts: ReadingParts): Promise<BehaviourRead> {
  const { store, world } = parts;
  const done: BehaviourRead = { guides: 0, days: 0, failed: 0 };
  const now = world.now();
  const oldest = addDays(latestReadable(now), 1 - DAYS_BACK);
  const guides = await store.read.rows<Guide>(
    "SELECT id, userid FROM guide WHERE left_on IS NULL OR left_on > ? ORDER BY id",
    [oldest],
  );
  const halt = { reason: "" };
  for (const some of chunked(guides, GUIDES)) {
    const spans = await spansOf(store.read, some, now, oldest);
    const lanes = new PQueue({ concurrency: WIDTH });
    const rows = await Promise.all(spans.map((span) => lanes.add(() => readOne(parts, span, now, halt))));
    const read = rows.filter((one) => one !== undefined);
    await store.write((sql) => keep(sql, read.flat()));
    done.guides += read.length;
    done.days += read.flat().length;
    done.failed += spans.length - read.length;
  }
  return done;
}

interface Span {
  guide: Guide;
  from: ShopDay;
  to: ShopDay;
}

async function spansOf(sql: Sql, guides: readonly Guide[], now: number, oldest: ShopDay): Promise<Span[]> {
  const rows = await selectIn<{ guideId: number; onDay: ShopDay; readAt: number }>(
    sql,
    "SELECT guide_id AS guideId, on_day AS onDay, read_at AS readAt FROM guide_behaviour WHERE on_day >= ? AND guide_id IN",
    guides.map(({ id }) => id),
    { params: [oldest] },
  );
  const byGuide = grouped(rows, ({ guideId }) => guideId);
  return guides.flatMap((guide) => {
    const known = new Map((byGuide.get(guide.id) ?? []).map(({ onDay, readAt }) => [onDay, Number(readAt)]));
    const from = firstToRead(known, now);
    return from === undefined ? [] : [{ guide, from, to: latestReadable(now) }];
  });
}

/** undefined: it could not be read. */
async function readOne(
  { source, log }: ReadingParts,
  { guide, from, to }: Span,
  now: number,
  halt: { reason: string },
): Promise<Param[][] | undefined> {
  if (halt.reason) return undefined;
  try {
    const [start, end] = [from, to].map((day) => instantOf(day, "00:00", WECOM_ZONE)) as [number, number];
    const days = await source.behaviour(guide.userid, start, end);
    return days.map((day) => rowOf(guide.id, day, now));
  } catch (error) {
    const { kind = "", message = "" } = error as { kind?: string; message?: string };
    if (kind === "") throw error;
    if (kind === "wait" || kind === "operations") halt.reason = message;
    log.warn({ guideId: guide.id, err: message }, "a guide's statistics could not be read");
    return undefined;
  }
}

function rowOf(guideId: number, day: GuideDay, now: number): Param[] {
  const { answered, answerMinutes } = day;
  return [
    ...[shopDayOf(day.dayStart, WECOM_ZONE), guideId],
    ...[day.applies, day.contacts, day.chats, day.messages, day.lost],
    answered === null ? null : Math.round(answered * 1000),
    answerMinutes === null ? null : Math.round(answerMinutes),
    now,
  ];
}

const VALUES = ["applies", "contacts", "chats", "messages", "lost", "answered_per_mille", "answer_minutes"];

async function keep(sql: Sql, rows: readonly Param[][]): Promise<void> {
  if (rows.length === 0) return;
  await insertRows(
    sql,
    `INSERT INTO guide_behaviour (on_day, guide_id, ${VALUES.join(", ")}, read_at)`,
    rows,
    sql.dialect.onConflict(["on_day", "guide_id"], [...VALUES, "read_at"]),
  );
}

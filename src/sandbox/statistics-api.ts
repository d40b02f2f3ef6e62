// The statistics of guides' customer contact: what they said and answered, by day; several guides are added together.
import { ApiError, type Endpoints, type Fields, intField, textsField } from "./answers.js";
import { dayNumber, dayStart, minuteOfDay } from "./beijing.js";
import { externalGuide } from "./contact-api.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

/** Both ends included. */
const longestSpan = 30;
const reachesBack = 180;
/** Yesterday is counted by then, in minutes of the day; before it stands there as nothing. */
const countedBy = 6 * 60;
const minute = 60_000;

interface Line {
  external_userid: string;
  from_guide: number;
  at: number;
}

/** A guide's day; what nobody asked has no answer. */
interface Day {
  newApply: number;
  newContacts: number;
  chats: number;
  messages: number;
  lost: number;
  /** chats customers began, of those answered the minutes it took */
  asked: number;
  answered: number[];
}

/** get_user_behavior_data. */
export function statisticsEndpoints(ground: Ground, roster: Roster): Endpoints {
  const days = new GuideDays(ground);
  return {
    "externalcontact/get_user_behavior_data": {
      method: "POST",
      handle: ({ body }) => behaviour(ground, roster, days, body),
    },
  };
}

function behaviour(ground: Ground, roster: Roster, guideDays: GuideDays, body: Fields): Fields {
  const userids = textsField(body, "userid", 100);
  const parties = body.partyid ?? [];
  if (!Array.isArray(parties)) throw new ApiError(40058, "partyid must be an array");
  if (parties.length > 0) throw new ApiError(40058, "the sandbox has no departments");
  if (userids.length === 0) throw new ApiError(40063, "userid and partyid are both empty");
  const now = ground.world.now();
  const [from, to] = spanOf(body, dayNumber(now));
  const guides = userids.map((userid) => externalGuide(roster, userid).userid);
  const rows: Fields[] = [];
  for (let day = from; day <= to; day++) {
    const isCounted = day < dayNumber(now) - 1 || (day < dayNumber(now) && minuteOfDay(now) >= countedBy);
    const sum = isCounted ? guides.map((userid) => guideDays.of(userid, day)).reduce(added) : nothing();
    rows.push(fieldsOf(day, sum));
  }
  return { behavior_data: rows };
}

/** Days, both included. 600018 for milliseconds, too long a span, and what lies too far back or ahead. */
function spanOf(body: Fields, today: number): [number, number] {
  const [start, end] = [intField(body, "start_time"), intField(body, "end_time")];
  if (start === undefined || end === undefined) throw new ApiError(40063, "start_time or end_time is empty");
  const [from, to] = [dayNumber(start * 1000), dayNumber(end * 1000)];
  const isWrong = to < from || to - from >= longestSpan || from < today - reachesBack || to > today;
  if (isWrong) throw new ApiError(600018, "invalid start_time or end_time");
  return [from, to];
}

function fieldsOf(day: number, { asked, answered, ...sum }: Day): Fields {
  const average = answered.reduce((total, one) => total + one, 0) / Math.max(1, answered.length);
  return {
    stat_time: dayStart(day) / 1000,
    new_apply_cnt: sum.newApply,
    new_contact_cnt: sum.newContacts,
    chat_cnt: sum.chats,
    message_cnt: sum.messages,
    negative_feedback_cnt: sum.lost,
    // both are absent where no customer began a chat
    ...(asked > 0 ? { reply_percentage: Number(((100 * answered.length) / asked).toFixed(2)) } : {}),
    ...(answered.length > 0 ? { avg_reply_time: Math.round(average) } : {}),
  };
}

function nothing(): Day {
  return { newApply: 0, newContacts: 0, chats: 0, messages: 0, lost: 0, asked: 0, answered: [] };
}

function added(a: Day, b: Day): Day {
  return {
    newApply: a.newApply + b.newApply,
    newContacts: a.newContacts + b.newContacts,
    chats: a.chats + b.chats,
    messages: a.messages + b.messages,
    lost: a.lost + b.lost,
    asked: a.asked + b.asked,
    answered: [...a.answered, ...b.answered],
  };
}

/** Counts a guide's day from what was said. */
class GuideDays {
  readonly #lines;
  readonly #contacts;
  readonly #lost;

  constructor(ground: Ground) {
    const { db } = ground;
    this.#lines = db.prepare<[string, number, number], Line>(
      "SELECT external_userid, from_guide, at FROM chat WHERE userid = ? AND at >= ? AND at < ? ORDER BY at, seq",
    );
    this.#contacts = db.prepare<[string, number, number], { n: number }>(
      "SELECT COUNT(*) AS n FROM contact WHERE userid = ? AND created_at >= ? AND created_at < ?",
    );
    this.#lost = db.prepare<[string, number, number], { n: number }>(
      `SELECT COUNT(*) AS n FROM contact WHERE userid = ? AND ended_by = 'customer' AND ended_at >= ? AND ended_at < ?`,
    );
  }

  of(userid: string, day: number): Day {
    const span = [userid, dayStart(day), dayStart(day + 1)] as const;
    const chats = new Map<string, Line[]>();
    for (const line of this.#lines.all(...span))
      chats.set(line.external_userid, [...(chats.get(line.external_userid) ?? []), line]);
    const begunBy = (fromGuide: number) =>
      [...chats.values()].filter(([first]) => first?.from_guide === fromGuide);
    const asked = begunBy(0);
    return {
      newApply: 0,
      newContacts: this.#contacts.get(...span)?.n ?? 0,
      chats: begunBy(1).length,
      messages: [...chats.values()].flat().filter((line) => line.from_guide === 1).length,
      lost: this.#lost.get(...span)?.n ?? 0,
      asked: asked.length,
      answered: asked.flatMap(([first, ...others]) => {
        const answer = others.find((line) => line.from_guide === 1);
        return first && answer ? [(answer.at - first.at) / minute] : [];
      }),
    };
  }
}

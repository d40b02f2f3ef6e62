// What was done for one customer and said with them, by the guides a viewer sees: every follow-up with its events, and the
// last lines of the chats.
import { ownRow } from "../customers/card.js";
import { nobody } from "../customers/desk.js";
import { isInSight, type Sight, sightOf } from "../customers/sight.js";
import type { Viewer } from "../identity/viewer.js";
import { grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { tasksOfCustomer } from "./customer-tasks.js";
import { distinct } from "./facts.js";
import { REASON_NAMES, type Reason, STATE_NAMES, type State } from "./life.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** One thing that happened to a follow-up. */
export interface HistoryEvent {
  /** epoch ms */
  at: number;
  /** `system`, `guide:12`, `account:3` */
  actor: string;
  from: string;
  to: string;
  reason: string | null;
  note: string | null;
}

/** One follow-up there is. */
export interface HistoryTask {
  id: number;
  touchpoint: string;
  journey: string;
  childNo: number;
  dueOn: ShopDay;
  state: string;
  reason: string | null;
  guide: string | null;
  /** epoch ms; null: not sent */
  sentAt: number | null;
  repliedAt: number | null;
  events: HistoryEvent[];
}

/** One line of a chat. */
export interface ChatLine {
  /** epoch ms */
  at: number;
  isCustomer: boolean;
  guide: string;
  /** text, image, voice … */
  type: string;
  text: string | null;
  isRecalled: boolean;
}

/** Lines of chats shown. */
const LINES = 30;

export type CustomerHistory = ReturnType<typeof customerHistory>;

/** The reads over one setup; whoever is out of the viewer's sight is `not_found`. */
export function customerHistory(setup: Pick<TaskSetup, "store" | "world" | "config">) {
  const { read } = setup.store;
  const seen = async (viewer: Viewer, id: number) => {
    const row = await ownRow(read, id);
    if (!row || row.mergedInto || !(await isInSight(read, viewer, row))) throw nobody();
  };
  return {
    /** Every follow-up of the viewer's guides or of nobody, the latest due day first, with all that happened to it, oldest
     *  first. */
    tasks: async (viewer: Viewer, id: number): Promise<HistoryTask[]> => {
      await seen(viewer, id);
      return historyOf(read, viewer, id, dayOf(setup, setup.world.now()));
    },

    /** The last lines of the customer's chats with the viewer's guides, oldest first. */
    chat: async (viewer: Viewer, id: number): Promise<ChatLine[]> => {
      await seen(viewer, id);
      return linesOf(read, viewer, id);
    },
  };
}

type TaskLine = Omit<HistoryTask, "state" | "reason" | "events"> & {
  state: State;
  reason: Reason | null;
  guideId: number | null;
  deputyOf: number | null;
};
type EventLine = Omit<HistoryEvent, "from" | "to" | "reason"> & {
  taskId: number;
  fromState: State;
  toState: State;
  reason: Reason | null;
};

/** Which of some guides the viewer sees; null: whoever it is. A customer has friends in shops of others. */
function seenAmong(sql: Sql, viewer: Viewer, guides: readonly (number | null)[]): Promise<Sight> {
  if (viewer.role === "hq") return Promise.resolve(null);
  return sightOf(sql, viewer, { guides: distinct(guides.flatMap((id) => (id === null ? [] : Number(id)))) });
}

/** The follow-ups themselves, as far as the viewer sees them: by whom they stand with, or whom a deputy stands in for. */
async function tasksSeen(
  sql: Sql,
  viewer: Viewer,
  customerId: number,
  today: ShopDay,
): Promise<Omit<TaskLine, "guideId" | "deputyOf">[]> {
  const ids = (await tasksOfCustomer(sql, customerId, today)).map(({ id }) => id);
  const tasks = await selectIn<TaskLine>(
    sql,
    `SELECT t.id, v.name AS touchpoint, j.name AS journey, t.child_no AS childNo, t.due_on AS dueOn, t.state,
       t.reason, g.name AS guide, t.guide_id AS guideId, t.deputy_of AS deputyOf, t.sent_at AS sentAt,
       t.replied_at AS repliedAt
     FROM task t JOIN touchpoint p ON p.id = t.touchpoint_id JOIN journey j ON j.id = p.journey_id
       JOIN touchpoint_version v ON v.touchpoint_id = t.touchpoint_id AND v.version_id = t.version_id
       LEFT JOIN guide g ON g.id = t.guide_id
     WHERE t.id IN`,
    ids,
  );
  const sight = await seenAmong(
    sql,
    viewer,
    tasks.flatMap(({ guideId, deputyOf }) => [guideId, deputyOf]),
  );
  const isSeen = (id: number | null) => sight === null || (id !== null && sight.has(Number(id)));
  return tasks.flatMap(({ guideId, deputyOf, ...task }) =>
    guideId === null || isSeen(guideId) || isSeen(deputyOf) ? [task] : [],
  );
}

async function historyOf(
  sql: Sql,
  viewer: Viewer,
  customerId: number,
  today: ShopDay,
): Promise<HistoryTask[]> {
  const tasks = await tasksSeen(sql, viewer, customerId, today);
  const events = await selectIn<EventLine>(
    sql,
    `SELECT task_id AS taskId, at, actor, from_state AS fromState, to_state AS toState, reason, note
     FROM task_event WHERE task_id IN`,
    tasks.map(({ id }) => id),
    { tail: " ORDER BY id" },
  );
  const eventsOf = grouped(events, ({ taskId }) => Number(taskId));
  return tasks
    .map(({ state, reason, ...task }) => ({
      ...task,
      ...{ id: Number(task.id), sentAt: numberOr(task.sentAt), repliedAt: numberOr(task.repliedAt) },
      ...{ state: STATE_NAMES[state], reason: reason && REASON_NAMES[reason] },
      events: (eventsOf.get(Number(task.id)) ?? []).map(eventOf),
    }))
    .sort((a, b) => (a.dueOn < b.dueOn ? 1 : a.dueOn > b.dueOn ? -1 : b.id - a.id));
}

function eventOf({ at, actor, fromState, toState, reason, note }: EventLine): HistoryEvent {
  return {
    ...{ at: Number(at), actor, note, from: STATE_NAMES[fromState], to: STATE_NAMES[toState] },
    reason: reason && REASON_NAMES[reason],
  };
}

const numberOr = (value: number | null) => (value === null ? null : Number(value));

async function linesOf(sql: Sql, viewer: Viewer, customerId: number): Promise<ChatLine[]> {
  const partners = await sql.rows<{ id: number }>(
    "SELECT DISTINCT guide_id AS id FROM message WHERE customer_id = ?",
    [customerId],
  );
  const sight = await seenAmong(
    sql,
    viewer,
    partners.map(({ id }) => id),
  );
  if (sight?.size === 0) return [];
  const among = sight === null ? "" : ` AND m.guide_id IN (${marks(sight.size)})`;
  const rows = await sql.rows<{
    at: number;
    sender: string;
    guide: string;
    type: string;
    text: string | null;
    recalled: number;
  }>(
    `SELECT m.sent_at AS at, m.sender, g.name AS guide, m.type, m.text, m.recalled
     FROM message m JOIN guide g ON g.id = m.guide_id WHERE m.customer_id = ?${among}
     ORDER BY m.sent_at DESC, m.id DESC LIMIT ${LINES}`,
    [customerId, ...(sight ?? [])],
  );
  return rows.reverse().map(({ at, sender, guide, type, text, recalled }) => ({
    ...{ at: Number(at), isCustomer: sender === "customer", guide, type, text, isRecalled: recalled === 1 },
  }));
}

// What release asks of people: consent, friendships, guides, and the follow-ups they have had or are about to get.

import { declinedTransfers } from "../customers/transfers.js";
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { Way } from "../journeys/spec.js";
import { firstOfMonth, type ShopDay } from "../kernel/calendar.js";
import { distinct } from "./facts.js";
import type { State } from "./life.js";
import { OPEN } from "./listing.js";
import { type Received, receivedOf } from "./receipts.js";
import { type Candidate, count, type People } from "./release-rules.js";

/** With the guide or on the way to the customer: it counts like what arrived, for it may arrive any moment. */
export const ON_THE_WAY: readonly State[] = OPEN;
/** Followed up. */
const DONE: readonly State[] = ["sent", "done_by_hand"];

/** What is true of the people of these candidates. `days`: on which tasks on the way may stand, today among them. */
export async function peopleOf(
  sql: Sql,
  candidates: readonly Candidate[],
  days: readonly ShopDay[],
  { today, ways }: { today: ShopDay; ways: ReadonlyMap<number, Way> },
): Promise<Omit<People, "onLeave">> {
  const customers = distinct(candidates.map(({ customerId }) => customerId));
  const guides = distinct(candidates.flatMap(({ guideId }) => guideId ?? []));
  const of = { customers, days, today, ways };
  // a store apart asks on two connections at once
  const [real, open, more, given] = await Promise.all([
    knownOf(sql.aside ?? sql, candidates, of),
    underway(sql, of),
    sql.beside?.delivery ? delivered(sql, sql.beside.delivery, of) : [],
    givenTo(sql, guides, today),
  ]);
  const { received, had, ...known } = real;
  return { ...known, ...followUps([...open, ...had, ...more], received), guides: given };
}

/** Of whom, and when. */
interface Asked {
  customers: readonly number[];
  /** on which tasks on the way may stand */
  days: readonly ShopDay[];
  today: ShopDay;
  ways: ReadonlyMap<number, Way>;
}

/** What no table apart holds. */
async function knownOf(sql: Sql, candidates: readonly Candidate[], { customers, today }: Asked) {
  const known = await selectIn<{ id: number; optedOut: number; stopped: number }>(
    sql,
    "SELECT id, opted_out AS optedOut, stopped FROM customer WHERE id IN",
    customers,
  );
  const ended = await selectIn<{ customerId: number; guideId: number }>(
    sql,
    "SELECT customer_id AS customerId, guide_id AS guideId FROM contact WHERE ended_on IS NOT NULL AND customer_id IN",
    customers,
  );
  const guides = candidates.flatMap(({ guideId, deputyOf }) => [guideId ?? [], deputyOf ?? []].flat());
  const goneGuides = await goneOf(sql, distinct(guides), today);
  const declined = await declinedTransfers(
    sql,
    candidates.flatMap(({ customerId, guideId }) =>
      guideId === null || goneGuides.has(guideId) ? customerId : [],
    ),
  );
  return {
    received: await receivedOf(sql, customers, today),
    had: await delivered(sql, "delivery", { customers, today }),
    customers: new Map(
      known.map(({ id, optedOut, stopped }) => [
        id,
        { optedOut: optedOut === 1, stopped: stopped === 1, declined: declined.has(id) },
      ]),
    ),
    endedContacts: new Set(ended.map(({ customerId, guideId }) => `${customerId} ${guideId}`)),
    goneGuides,
  };
}

async function goneOf(sql: Sql, guides: readonly number[], today: ShopDay): Promise<Set<number>> {
  const head = "SELECT id FROM guide WHERE left_on <= ? AND id IN";
  const gone = await selectIn<{ id: number }>(sql, head, guides, { params: [today] });
  return new Set(gone.map(({ id }) => id));
}

interface FollowUp {
  taskId: number;
  customerId: number;
  /** it goes to the customer today, or may */
  isToday: boolean;
  /** as a mass message */
  byMass: boolean;
}

/** Follow-ups per customer: delivered this month, released today, or on the way since an earlier day. */
function followUps(all: readonly FollowUp[], received: Map<number, Received>) {
  const month = new Map<number, number>();
  const ofToday = new Map<number, number>();
  for (const same of grouped(all, ({ taskId }) => taskId).values()) {
    const customerId = same[0]?.customerId ?? 0;
    const isToday = same.some((one) => one.isToday);
    count(month, customerId);
    if (isToday) count(ofToday, customerId);
    if (!same.some(({ byMass }) => byMass)) continue;
    const got = received.get(customerId) ?? { today: 0, month: 0, full: false };
    received.set(customerId, { ...got, today: got.today + (isToday ? 1 : 0), month: got.month + 1 });
  }
  return { today: ofToday, month, received };
}

async function delivered(
  sql: Sql,
  table: string,
  { customers, today }: Pick<Asked, "customers" | "today">,
): Promise<FollowUp[]> {
  const rows = await selectIn<{ taskId: number; customerId: number; sentOn: ShopDay; way: string | null }>(
    sql,
    `SELECT task_id AS taskId, customer_id AS customerId, sent_on AS sentOn, way FROM ${table}
     WHERE sent_on BETWEEN ? AND ? AND customer_id IN`,
    customers,
    { params: [firstOfMonth(today), today] },
  );
  return rows.map(({ sentOn, way, ...row }) => ({
    ...row,
    isToday: sentOn === today,
    byMass: way === "mass",
  }));
}

/** A customer's tasks stand with guides who are or were their contacts, so one look-up a contact and day finds them. */
async function underway(sql: Sql, { customers, days, today, ways }: Asked): Promise<FollowUp[]> {
  const { thenJoin, force } = sql.dialect;
  const rows = await selectIn<{
    taskId: number;
    customerId: number;
    touchpointId: number;
    state: State;
    releasedOn: ShopDay | null;
  }>(
    sql,
    `SELECT t.id AS taskId, t.customer_id AS customerId, t.touchpoint_id AS touchpointId, t.state, t.released_on AS releasedOn
     FROM contact k ${thenJoin} (${days.map(() => "SELECT ? AS day").join(" UNION ALL ")}) d
       ${thenJoin} task t${force("task_day")} ON t.release_on = d.day AND t.guide_id = k.guide_id AND t.customer_id = k.customer_id
     WHERE t.released_on IS NOT NULL AND k.customer_id IN`,
    customers,
    { params: days },
  );
  const counts = ({ state, releasedOn }: (typeof rows)[number]) =>
    ON_THE_WAY.includes(state) || (releasedOn === today && (state === "planned" || DONE.includes(state)));
  return rows.filter(counts).map(({ taskId, customerId, touchpointId }) => ({
    ...{ taskId, customerId, isToday: true },
    byMass: ways.get(touchpointId) === "mass",
  }));
}

/** Tasks these guides have been given today, or are about to be. */
async function givenTo(sql: Sql, guides: readonly number[], today: ShopDay): Promise<Map<number, number>> {
  const rows = await selectIn<{ guideId: number; given: number }>(
    sql,
    `SELECT guide_id AS guideId, COUNT(*) AS given FROM task WHERE release_on = ? AND released_on = ?
       AND (offered_at IS NOT NULL OR COALESCE(state, '') = 'planned') AND guide_id IN`,
    guides,
    { params: [today, today], tail: " GROUP BY guide_id" },
  );
  return new Map(rows.map(({ guideId, given }) => [guideId, Number(given)]));
}

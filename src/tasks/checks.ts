// The last check before words leave, for many tasks at once: facts gathered in the claiming transaction, then judged.
import { isErased } from "../customers/known-ids.js";
import { grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { calendarDayIn, isDayTrigger } from "../journeys/days.js";
import { restingTouchpoints } from "../journeys/queries.js";
import type { Trigger } from "../journeys/spec.js";
import { inVariant, type WordedTouchpoint } from "../journeys/words-cache.js";
import { firstOfMonth, type ShopDay } from "../kernel/calendar.js";
import type { NamedDays } from "../org/calendar-rules.js";
import { isAnswered } from "./answered.js";
import { namedDaysFor } from "./day-plans.js";
import { type AnchorFacts, anchorsOf, type CustomerFacts, distinct, type People, peopleOf } from "./facts.js";
import { guideFactsOf } from "./guide-facts.js";
import type { State } from "./life.js";
import { moveTasks } from "./moves.js";
import { backToPlanned } from "./putting-off.js";
import { type Received, receivedOf } from "./receipts.js";
import { type Caps, recheck, type SendFacts, type Verdict } from "./recheck.js";
import type { TaskRow } from "./rows.js";
import type { TaskSetup } from "./setup.js";
import { keyOf, touchpointsOf } from "./wording.js";

/** A task that may not go out, and where it goes instead. */
export interface Turned {
  task: TaskRow;
  verdict: Extract<Verdict, { go: false }>;
}

/** No cap at all: for what has left us already. */
export const uncapped: Caps = {
  customerPerDay: Number.POSITIVE_INFINITY,
  customerPerMonth: Number.POSITIVE_INFINITY,
};

/** Judges tasks for a day, those first who stand first: of one customer's they use up the caps. Gives the people it
 *  read, too. */
export async function judge(
  setup: TaskSetup,
  sql: Sql,
  tasks: readonly TaskRow[],
  today: ShopDay,
  caps: Caps = capsOf(setup),
): Promise<{ go: TaskRow[]; turned: Turned[]; people: People }> {
  const { factsOf, people } = await gather(setup, sql, tasks, today);
  const go: TaskRow[] = [];
  const turned: Turned[] = [];
  const going = new Map<number, { all: number; mass: number }>();
  for (const task of tasks) {
    const facts = factsOf(task);
    const before = going.get(task.customerId) ?? { all: 0, mass: 0 };
    const verdict = recheck(withThose(facts, before), caps, today);
    if (verdict.go) {
      going.set(task.customerId, { all: before.all + 1, mass: before.mass + (facts.received ? 1 : 0) });
      go.push(task);
    } else turned.push({ task, verdict });
  }
  return { go, turned, people };
}

/** The limits of the settings. */
export function capsOf({ config }: Pick<TaskSetup, "config">): Caps {
  const { caps, receive_limit: receive } = config;
  return {
    ...{ customerPerDay: caps.customer_per_day, customerPerMonth: caps.customer_per_month },
    ...(receive ? { receive: { perDay: receive.per_day, perMonth: receive.per_month } } : {}),
  };
}

/** The facts with what goes to the same customer right before. */
function withThose(facts: SendFacts, before: { all: number; mass: number }): SendFacts {
  const { received } = facts;
  const counts = {
    sentToday: facts.sentToday + before.all,
    sentThisMonth: facts.sentThisMonth + before.all,
  };
  if (!received) return { ...facts, ...counts };
  const { today, month, full } = received;
  return { ...facts, ...counts, received: { today: today + before.mass, month: month + before.mass, full } };
}

/** Sends tasks where their verdicts say; only those still in one of `from`. */
export async function turnAway(
  sql: Sql,
  turned: readonly Turned[],
  from: readonly State[],
  at: number,
): Promise<void> {
  const groups = grouped(turned, ({ verdict }) => JSON.stringify(verdict));
  for (const group of groups.values()) {
    const verdict = group[0]?.verdict;
    if (!verdict) continue;
    const { to, reason, releaseOn, guideId, mark } = verdict;
    const again = to === "planned" || to === "held" ? backToPlanned : {};
    const moved = await moveTasks(
      sql,
      group.map(({ task }) => task.id),
      {
        ...{ from, to, reason, actor: "system", at },
        set: {
          ...{ hand_over_id: null, ...again },
          ...(releaseOn === undefined ? {} : { release_on: releaseOn }),
          ...(guideId === undefined ? {} : { guide_id: guideId, deputy_of: null }),
        },
      },
    );
    if (mark && moved.length > 0)
      await sql.run(
        `INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)
         SELECT customer_id, ?, child_no, slot FROM task WHERE id IN (${marks(moved.length)})`,
        [mark, ...moved],
      );
  }
}

/** All facts of these tasks, in a few reads. They are put together field by field: spreading takes most of a claim's time. */
async function gather(
  setup: TaskSetup,
  sql: Sql,
  tasks: readonly TaskRow[],
  today: ShopDay,
): Promise<{ factsOf: (task: TaskRow) => SendFacts; people: People }> {
  const customerIds = distinct(tasks.map(({ customerId }) => customerId));
  const touchpoints = await touchpointsOf(setup, tasks);
  const people = await peopleOf(sql, tasks);
  const anchors = await anchorsOf(sql, customerIds);
  const known = { people, anchors, speaksOfChildren: speakersOfChildren(touchpoints) };
  const guideFacts = await guideFactsOf(sql, tasks, known, today);
  const sent = await sentCounts(sql, customerIds, today);
  const received = await receivedOf(sql, customerIds, today);
  const resting = await restingTouchpoints(sql);
  const named = await namedDaysFor(sql, [...touchpoints.values()]);
  const factsOf = (task: TaskRow): SendFacts => {
    const customer = people.customers.get(task.customerId);
    const { declined, ...ofGuide } = guideFacts(task);
    const touchpoint = touchpoints.get(keyOf(task));
    const trigger: Trigger = touchpoint?.spec.trigger ?? JOINED;
    const anchor = anchorNow(task, trigger, anchors.get(task.customerId), named);
    const child = people.children.get(task.customerId)?.find(({ childNo }) => childNo === task.childNo);
    const counts = sent.get(task.customerId);
    const facts: SendFacts = {
      task,
      trigger,
      anchor: anchor ?? null,
      born: Boolean(child?.bornOn),
      resting: resting.get(task.touchpointId) ?? null,
      customer: customerNow(customer, declined),
      contactEnded: ofGuide.contactEnded,
      guideGone: ofGuide.guideGone,
      onLeave: ofGuide.onLeave,
      leaveOver: ofGuide.leaveOver,
      siblingsMoved: ofGuide.siblingsMoved,
      answered: isAnswered(touchpoint?.spec.ask, task, people),
      sentToday: Number(counts?.today ?? 0),
      sentThisMonth: Number(counts?.month ?? 0),
    };
    if (touchpoint?.spec.send === "mass") facts.received = receivedBy(received.get(task.customerId), counts);
    return facts;
  };
  return { factsOf, people };
}

const JOINED: Trigger = { anchor: "joined", offset: { unit: "days", n: 0 }, repeat: "once" };

/** What a task counts from as it stands now: an anchor, or the calendar day of its year. */
function anchorNow(
  { childNo, occurrence }: TaskRow,
  trigger: Trigger,
  anchors: readonly AnchorFacts[] | undefined,
  named: NamedDays,
): SendFacts["anchor"] | undefined {
  if (!isDayTrigger(trigger))
    return anchors?.find((one) => one.kind === trigger.anchor && one.childNo === childNo);
  const onDate = calendarDayIn(trigger.day, occurrence, named);
  return onDate === undefined ? undefined : { onDate, cycleOn: 0 };
}

/** Guides' own mass sends and ours. */
function receivedBy(own: Received | undefined, ours: SentCounts | undefined): Received {
  return {
    today: (own?.today ?? 0) + Number(ours?.massToday ?? 0),
    month: (own?.month ?? 0) + Number(ours?.massMonth ?? 0),
    full: own?.full ?? false,
  };
}

/** null: erased. */
function customerNow(customer: CustomerFacts | undefined, declined: boolean): SendFacts["customer"] {
  if (!customer || isErased(customer.externalUserid)) return null;
  const { optedOut, stopped, ownerId } = customer;
  return { optedOut: optedOut !== 0, stopped: stopped !== 0, ownerId, declined };
}

/** Whether a task's words, by its version and variant, can speak of several children. */
function speakersOfChildren(touchpoints: ReadonlyMap<string, WordedTouchpoint>): (task: TaskRow) => boolean {
  return (task) => {
    const found = touchpoints.get(keyOf(task));
    const words = found && inVariant(found, task.variant).words;
    return words?.variables.some((name) => name.startsWith("children")) ?? false;
  };
}

/** Follow-ups delivered, and those of them that went as mass messages. */
interface SentCounts {
  today: number;
  month: number;
  massToday: number;
  massMonth: number;
}

async function sentCounts(
  sql: Sql,
  customerIds: readonly number[],
  today: ShopDay,
): Promise<Map<number, SentCounts>> {
  const rows = await selectIn<SentCounts & { customerId: number }>(
    sql,
    `SELECT customer_id AS customerId, COUNT(*) AS month, SUM(CASE WHEN sent_on = ? THEN 1 ELSE 0 END) AS today,
       SUM(CASE WHEN way = 'mass' THEN 1 ELSE 0 END) AS massMonth,
       SUM(CASE WHEN way = 'mass' AND sent_on = ? THEN 1 ELSE 0 END) AS massToday
     FROM delivery WHERE sent_on >= ? AND customer_id IN`,
    customerIds,
    { params: [today, today, firstOfMonth(today)], tail: " GROUP BY customer_id" },
  );
  return new Map(rows.map((row) => [row.customerId, row]));
}

// Release: which planned tasks go out today. Ranked per customer, then per guide, within the caps; siblings as one. Pure.
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { Reason } from "./life.js";
import { type Asking, type CustomerCaps, type Had, type Room, roomOf } from "./release-room.js";

/** A planned task whose day has come. */
export interface Candidate extends Asking {
  id: number;
  touchpointId: number;
  /** null: nobody owns the customer */
  guideId: number | null;
  /** the owner on leave for whom the guide stands in */
  deputyOf: number | null;
  dueOn: ShopDay;
  expiresOn: ShopDay;
  /** it asks something of the guide and takes nothing to the customer */
  forGuideOnly?: boolean;
  /** it counts from a child's date */
  aboutChild: boolean;
  /** its words can speak of several children, so that one message does for all of them */
  speaksOfChildren: boolean;
  /** of a thousand such follow-ups, how many are answered */
  expected?: number;
}

/** What is true of the people, and what they have had. */
export interface People extends Had {
  customers: ReadonlyMap<number, CustomerFlags>;
  /** `customer guide` whose contact has ended */
  endedContacts: ReadonlySet<string>;
  goneGuides: ReadonlySet<number>;
  /** guides on leave today */
  onLeave: ReadonlySet<number>;
  /** per guide, released for today before */
  guides: ReadonlyMap<number, number>;
}

/** What a customer wants, or not. */
export interface CustomerFlags {
  optedOut: boolean;
  stopped: boolean;
  /** they did not want the guide they were handed over to */
  declined: boolean;
}

/** Most follow-ups per customer, and per guide a day. */
export interface Caps extends CustomerCaps {
  guidePerDay: number;
}

/** Where the candidates go. */
export interface Release {
  released: number[];
  /** to be asked again tomorrow */
  tomorrow: number[];
  skipped: Map<Reason, number[]>;
  held: Map<"no_guide" | "guide_left", number[]>;
  /** by lead, what its words speak of too */
  merged: Map<number, number[]>;
  /** what a deputy has and may not keep: the owner's again, to be decided anew */
  returned: number[];
}

/**
 * The day's decision. Rank: priority, due day, id; first within each customer, then, among those that are left, within
 * each guide. Of a customer whose month has not room for all of them, those go first whom more are expected to answer. Siblings whose follow-ups of one touchpoint meet go as one where its words can speak of them all: the
 * first in rank leads and counts, the others are merged. What finds no room is put off to tomorrow, or skipped (`cap`)
 * when that is past its grace; so is what waits for a guide on leave (`no_guide`).
 */
export function decideRelease(
  candidates: readonly Candidate[],
  people: People,
  caps: Caps,
  today: ShopDay,
): Release {
  const release: Release = {
    ...{ released: [], tomorrow: [], returned: [] },
    ...{ skipped: new Map(), held: new Map(), merged: new Map() },
  };
  const putOff = (task: Candidate, reason: Reason) => {
    if (addDays(today, 1) <= task.expiresOn) release.tomorrow.push(task.id);
    else note(release.skipped, reason, task.id);
  };
  const guides = new Map(people.guides);
  const room = roomOf(people, caps, today);
  for (const { guideId, lead, parts } of withinCustomers(candidates, people, room, release, putOff)) {
    if ((guides.get(guideId) ?? 0) >= caps.guidePerDay)
      for (const task of [lead, ...parts]) putOff(task, "cap");
    else {
      count(guides, guideId);
      release.released.push(lead.id);
      for (const { id } of parts) note(release.merged, lead.id, id);
    }
  }
  return release;
}

/** One follow-up, for one child or several. */
interface Bundle {
  guideId: number;
  lead: Candidate;
  parts: Candidate[];
}

/** What each customer has room for, by rank; all else is noted where it goes. */
function withinCustomers(
  candidates: readonly Candidate[],
  people: People,
  room: Room,
  release: Release,
  putOff: (task: Candidate, reason: Reason) => void,
): Bundle[] {
  const bundles = new Map<string, Bundle>();
  for (const task of worthFirst(candidates, room)) {
    const no = refusal(task, people);
    const lack = room.lackFor(task);
    const { guideId } = task;
    const key = task.speaksOfChildren ? `${task.customerId} ${task.touchpointId} ${guideId}` : `${task.id}`;
    const bundle = bundles.get(key);
    if (no === "returned") release.returned.push(task.id);
    else if (no) noteNo(release, no, task.id);
    else if (bundle) bundle.parts.push(task);
    else if (guideId === null || people.onLeave.has(guideId)) putOff(task, "no_guide");
    else if (lack) putOff(task, lack);
    else {
      bundles.set(key, { guideId, lead: task, parts: [] });
      room.take(task);
    }
  }
  return [...bundles.values()].sort((a, b) => byRank(a.lead, b.lead));
}

/** By rank; of a customer whose month is scarce by what they are worth. Customers do not get in each other's way. */
function worthFirst(candidates: readonly Candidate[], room: Room): Candidate[] {
  const wanted = new Map<number, number>();
  for (const { customerId } of candidates) count(wanted, customerId);
  const worth = (task: Candidate) =>
    (wanted.get(task.customerId) ?? 0) > room.ofMonth(task.customerId) ? (task.expected ?? 0) : 0;
  return candidates
    .map((task) => ({ task, worth: worth(task) }))
    .sort((a, b) => a.task.priority - b.task.priority || b.worth - a.worth || byRank(a.task, b.task))
    .map(({ task }) => task);
}

type No = { to: "held"; reason: "no_guide" | "guide_left" } | { to: "skipped"; reason: Reason } | "returned";

/** Why a task may not go out at all. */
function refusal(task: Candidate, people: People): No | undefined {
  const customer = people.customers.get(task.customerId);
  if (!customer) return { to: "skipped", reason: "erased" };
  if (customer.optedOut && !task.forGuideOnly) return { to: "skipped", reason: "opted_out" };
  if (customer.stopped && task.aboutChild) return { to: "skipped", reason: "stopped" };
  const isGone = task.guideId !== null && people.goneGuides.has(task.guideId);
  const isEnded = people.endedContacts.has(`${task.customerId} ${task.guideId}`);
  if (task.deputyOf !== null) {
    const { deputyOf, guideId } = task;
    const isNeeded = people.onLeave.has(deputyOf) && !people.goneGuides.has(deputyOf);
    const isThere = guideId !== null && !people.onLeave.has(guideId) && !isGone && !isEnded;
    return isNeeded && isThere ? undefined : "returned";
  }
  if (customer.declined && (task.guideId === null || isGone))
    return { to: "skipped", reason: "transfer_declined" };
  if (task.guideId === null) return { to: "held", reason: "no_guide" };
  if (isGone) return { to: "held", reason: "guide_left" };
  if (isEnded) return { to: "skipped", reason: "not_a_friend" };
  return undefined;
}

function byRank(a: Candidate, b: Candidate): number {
  return a.priority - b.priority || (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.id - b.id);
}

function noteNo(release: Release, no: Exclude<No, "returned">, id: number): void {
  if (no.to === "held") note(release.held, no.reason, id);
  else note(release.skipped, no.reason, id);
}

function note<K>(lists: Map<K, number[]>, key: K, id: number): void {
  const list = lists.get(key);
  if (list) list.push(id);
  else lists.set(key, [id]);
}

/** One more of a key. */
export function count(map: Map<number, number>, key: number): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

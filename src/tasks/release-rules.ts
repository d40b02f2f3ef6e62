// Release: which planned tasks go out today. Ranked per customer, then per guide, within the caps. Pure.
import { addDays, type ShopDay } from "../kernel/calendar.js";
import type { Reason } from "./life.js";

/** A planned task whose day has come. */
export interface Candidate {
  id: number;
  customerId: number;
  /** null: nobody owns the customer */
  guideId: number | null;
  /** 0 first */
  priority: number;
  dueOn: ShopDay;
  expiresOn: ShopDay;
  /** it counts from a child's date */
  aboutChild: boolean;
}

/** What is true of the people, and what they have had. */
export interface People {
  customers: ReadonlyMap<number, { optedOut: boolean; stopped: boolean }>;
  /** `customer guide` whose contact has ended */
  endedContacts: ReadonlySet<string>;
  goneGuides: ReadonlySet<number>;
  /** follow-ups per customer, had or on their way, today and in this calendar month */
  today: ReadonlyMap<number, number>;
  month: ReadonlyMap<number, number>;
  /** per guide, released for today before */
  guides: ReadonlyMap<number, number>;
}

/** Most follow-ups per customer a day and a month, per guide a day. */
export interface Caps {
  customerPerDay: number;
  customerPerMonth: number;
  guidePerDay: number;
}

/** Where the candidates go. */
export interface Release {
  released: number[];
  /** to be asked again tomorrow */
  tomorrow: number[];
  skipped: Map<Reason, number[]>;
  held: Map<"no_guide" | "guide_left", number[]>;
}

/**
 * The day's decision. Rank: priority, due day, id; first within each customer, then, among those that are left, within
 * each guide. What finds no room is put off to tomorrow, or skipped (`cap`) when that is past its grace.
 */
export function decideRelease(
  candidates: readonly Candidate[],
  people: People,
  caps: Caps,
  today: ShopDay,
): Release {
  const release: Release = { released: [], tomorrow: [], skipped: new Map(), held: new Map() };
  const [day, month, guides] = [new Map(people.today), new Map(people.month), new Map(people.guides)];
  const room = (task: Candidate & { guideId: number }) =>
    (day.get(task.customerId) ?? 0) < caps.customerPerDay &&
    (month.get(task.customerId) ?? 0) < caps.customerPerMonth;
  const putOff = (task: Candidate) => {
    if (addDays(today, 1) <= task.expiresOn) release.tomorrow.push(task.id);
    else note(release.skipped, "cap", task.id);
  };
  const fit: (Candidate & { guideId: number })[] = [];
  for (const task of ranked(candidates)) {
    const no = refusal(task, people);
    if (no) noteNo(release, no, task.id);
    else if (!hasGuide(task) || !room(task)) putOff(task);
    else {
      fit.push(task);
      count(day, task.customerId);
      count(month, task.customerId);
    }
  }
  for (const task of fit) {
    if ((guides.get(task.guideId) ?? 0) >= caps.guidePerDay) putOff(task);
    else {
      count(guides, task.guideId);
      release.released.push(task.id);
    }
  }
  return release;
}

type No = { to: "held"; reason: "no_guide" | "guide_left" } | { to: "skipped"; reason: Reason };

/** Why a task may not go out at all. */
function refusal(task: Candidate, people: People): No | undefined {
  const customer = people.customers.get(task.customerId);
  if (!customer) return { to: "skipped", reason: "erased" };
  if (customer.optedOut) return { to: "skipped", reason: "opted_out" };
  if (customer.stopped && task.aboutChild) return { to: "skipped", reason: "stopped" };
  if (task.guideId === null) return { to: "held", reason: "no_guide" };
  if (people.goneGuides.has(task.guideId)) return { to: "held", reason: "guide_left" };
  if (people.endedContacts.has(`${task.customerId} ${task.guideId}`))
    return { to: "skipped", reason: "not_a_friend" };
  return undefined;
}

function ranked(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort(
    (a, b) => a.priority - b.priority || (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.id - b.id),
  );
}

function hasGuide(task: Candidate): task is Candidate & { guideId: number } {
  return task.guideId !== null;
}

function noteNo(release: Release, no: No, id: number): void {
  if (no.to === "held") note(release.held, no.reason, id);
  else note(release.skipped, no.reason, id);
}

function note<K>(lists: Map<K, number[]>, key: K, id: number): void {
  const list = lists.get(key);
  if (list) list.push(id);
  else lists.set(key, [id]);
}

function count(map: Map<number, number>, key: number): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

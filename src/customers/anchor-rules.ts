// Which anchors a customer has, from what is known of them. Pure: what is stored is not looked at.
import { addMonths, type ShopDay } from "../kernel/calendar.js";

/** Anchors that follow from a customer's own data. */
export const FACT_KINDS = {
  self: ["joined", "guide_assigned", "customer_birthday"],
  children: ["child_due", "child_born"],
  orders: ["first_order", "last_order"],
} as const;

/** Anchors that nightly models write; an order ends the cycle they were computed in. */
export const MODEL_KINDS = ["supply_ends", "at_risk"] as const;

/** The anchor of the day that guide and customer agreed on; no data of the customer's decides it. */
export const NEXT_TOUCH = "next_touch";

/** Anchors that an order opens, moves or ends: each order begins another cycle. All others last for life. */
export const CYCLIC_KINDS: readonly string[] = ["last_order", ...MODEL_KINDS];

/** A part of a customer's data that anchors are computed from. */
export type Part = keyof typeof FACT_KINDS;
export const PARTS = Object.keys(FACT_KINDS) as Part[];

export type FactKind = (typeof FACT_KINDS)[Part][number];

/** What of a customer decides their anchors. */
export interface Facts {
  customerId: number;
  /** the owner */
  guideId: number | null;
  joinedOn: ShopDay | null;
  /** when the owner's contact began; null when unknown, ended or without an owner */
  ownerSince: ShopDay | null;
  birthday: ShopDay | null;
  stopped: boolean;
  children: readonly { childNo: number; bornOn: ShopDay | null; dueOn: ShopDay | null }[];
  /** of orders that count: not refunded, with a believable date */
  firstOrder: ShopDay | null;
  lastOrder: ShopDay | null;
  /** the date of an order that nobody can believe */
  oddOrder: ShopDay | null;
}

/** An anchor as it should be. */
export interface WantedAnchor {
  kind: FactKind;
  childNo: number;
  onDate: ShopDay;
}

/** A line of the data-quality list. */
export interface WantedFault {
  childNo: number;
  field: "joined_on" | "birthday" | "born_on" | "due_on" | "ordered_on";
  value: string | null;
  reason: string;
}

/** What dates can be believed on a day. */
export interface Limits {
  /** first and last believable day of anything that happens to a customer */
  days: readonly [ShopDay, ShopDay];
  /** of a grown-up's own birthday, which may lie further back */
  birthdays: readonly [ShopDay, ShopDay];
}

/** On `today`: nothing before 1990, nothing more than two years ahead; birthdays of customers from 1900 to today. */
export function limitsOn(today: ShopDay): Limits {
  return { days: ["1990-01-01", addMonths(today, 24)], birthdays: ["1900-01-01", today] };
}

/** The anchors and data faults that follow from the given parts of a customer's data. */
export function anchorsOf(facts: Facts, parts: readonly Part[], limits: Limits): Wanted {
  const wanted: Wanted = { anchors: [], faults: [] };
  if (parts.includes("self")) ownAnchors(facts, limits, wanted);
  if (parts.includes("orders")) orderAnchors(facts, limits, wanted);
  if (parts.includes("children")) childAnchors(facts, limits, wanted);
  return wanted;
}

/** The cycle an order opens: its day as the number yyyymmdd. */
export function cycleOf(day: ShopDay): number {
  return Number(day.slice(0, 4) + day.slice(5, 7) + day.slice(8));
}

interface Wanted {
  anchors: WantedAnchor[];
  faults: WantedFault[];
}

function ownAnchors(facts: Facts, limits: Limits, { anchors, faults }: Wanted): void {
  const { joinedOn, ownerSince, birthday } = facts;
  if (isBelievable(joinedOn, limits.days)) anchors.push({ kind: "joined", childNo: 0, onDate: joinedOn });
  else faults.push(faultOf(0, "joined_on", joinedOn, limits.days, "缺少加入日期"));
  if (facts.guideId !== null && isBelievable(ownerSince, limits.days))
    anchors.push({ kind: "guide_assigned", childNo: 0, onDate: ownerSince });
  if (isBelievable(birthday, limits.birthdays))
    anchors.push({ kind: "customer_birthday", childNo: 0, onDate: birthday });
  else if (birthday) faults.push(faultOf(0, "birthday", birthday, limits.birthdays));
}

function orderAnchors(facts: Facts, limits: Limits, { anchors, faults }: Wanted): void {
  const { firstOrder, lastOrder, oddOrder } = facts;
  if (oddOrder) faults.push(faultOf(0, "ordered_on", oddOrder, limits.days));
  if (firstOrder) anchors.push({ kind: "first_order", childNo: 0, onDate: firstOrder });
  if (lastOrder) anchors.push({ kind: "last_order", childNo: 0, onDate: lastOrder });
}

function childAnchors(facts: Facts, { days }: Limits, { anchors, faults }: Wanted): void {
  for (const { childNo, bornOn, dueOn } of facts.children) {
    // a birth once recorded, however it is dated, ends the waiting
    const kind = bornOn ? "child_born" : "child_due";
    const onDate = bornOn ?? dueOn;
    const field = bornOn ? "born_on" : dueOn ? "due_on" : "born_on";
    if (!isBelievable(onDate, days))
      faults.push(faultOf(childNo, field, onDate, days, "缺少出生日期或预产期"));
    else if (!facts.stopped) anchors.push({ kind, childNo, onDate });
  }
}

function isBelievable(day: ShopDay | null, [first, last]: Limits["days"]): day is ShopDay {
  return day !== null && day >= first && day <= last;
}

function faultOf(
  childNo: number,
  field: WantedFault["field"],
  value: ShopDay | null,
  [first]: Limits["days"],
  missing = "",
): WantedFault {
  const reason = value === null ? missing : value < first ? `早于 ${first}` : "晚得不可信";
  return { childNo, field, value, reason };
}

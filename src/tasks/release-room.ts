// What room a customer's day and month have for one more follow-up, as they fill up during a release. Pure.
import { addMonths, daysBetween, firstOfMonth, type ShopDay } from "../kernel/calendar.js";
import type { Reason } from "./life.js";
import type { Received } from "./receipts.js";

/** What customers have had, or is on its way to them; by their ids. */
export interface Had {
  /** follow-ups, today and in this calendar month */
  today: ReadonlyMap<number, number>;
  month: ReadonlyMap<number, number>;
  /** mass messages, ours and the guides' own */
  received?: ReadonlyMap<number, Received>;
}

/** Most follow-ups per customer a day and a month. */
export interface CustomerCaps {
  customerPerDay: number;
  customerPerMonth: number;
  /** what the channel lets a customer receive of mass messages; the last `kept` of a month are for service and
   *  milestones as long as days of it remain; absent: any number */
  receive?: { perDay: number; perMonth: number; kept: number };
}

/** Who asks for room. */
export interface Asking {
  customerId: number;
  /** 0 first */
  priority: number;
  /** it goes as a mass message: what the customer may receive of those is limited */
  byMass?: boolean;
}

/** Room per customer. */
export interface Room {
  /** why one more does not go today; null: it may */
  lackFor(task: Asking): Extract<Reason, "cap" | "receive_limit"> | null;
  take(task: Asking): void;
  /** how many more the month has room for, whatever their way */
  ofMonth(customerId: number): number;
}

/** Service and milestones; churn and promotion come after them. */
const BEST = 1;

/** The room at the beginning of a release. */
export function roomOf(people: Had, caps: CustomerCaps, today: ShopDay): Room {
  const [day, month] = [new Map(people.today), new Map(people.month)];
  const [massDay, massMonth] = [new Map<number, number>(), new Map<number, number>()];
  const { receive } = caps;
  // a day to come can need one of those kept, and no more
  const daysLeft = daysBetween(today, addMonths(firstOfMonth(today), 1)) - 1;
  const kept = Math.min(receive?.kept ?? 0, daysLeft);
  const of = (map: ReadonlyMap<number, number>, id: number) => map.get(id) ?? 0;
  const got = (id: number) => people.received?.get(id) ?? { today: 0, month: 0, full: false };
  return {
    lackFor: ({ customerId: id, priority, byMass }) => {
      const spared = priority > BEST ? kept : 0;
      if (of(day, id) >= caps.customerPerDay) return "cap";
      if (of(month, id) >= caps.customerPerMonth - spared) return "cap";
      if (!byMass || !receive) return null;
      const { today: had, month: hadInMonth, full } = got(id);
      const isFull = full || had + of(massDay, id) >= receive.perDay;
      return isFull || hadInMonth + of(massMonth, id) >= receive.perMonth - spared ? "receive_limit" : null;
    },
    take: ({ customerId: id, byMass }) => {
      for (const map of byMass ? [day, month, massDay, massMonth] : [day, month])
        map.set(id, of(map, id) + 1);
    },
    ofMonth: (id) =>
      Math.min(
        caps.customerPerMonth - of(month, id),
        receive ? receive.perMonth - got(id).month - of(massMonth, id) : Number.POSITIVE_INFINITY,
      ),
  };
}

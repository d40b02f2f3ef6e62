// Who would follow up a customer on a coming day, should the owner be on leave then. Pure.
import { daysFromTo, type ShopDay } from "../../kernel/calendar.js";
import { type Acquaintance, deputyFor } from "../deputies.js";

/** A leave that is to come or going on, of the owner or of another who knows the customer. */
export interface KnownLeave {
  guideId: number;
  fromOn: ShopDay;
  toOn: ShopDay;
  /** who was named to stand in */
  deputyId: number | null;
}

/** A guide with the house who knows the customer. */
export interface KnownGuide extends Acquaintance {
  name: string;
}

/** What decides on who stands in: leaves as they were begun, those who know the customer, and the owner. */
export interface Absences {
  ownerId: number;
  leaves: readonly KnownLeave[];
  contacts: readonly KnownGuide[];
}

/** On which day it will be done, and by whom: null is the owner, who is back by then. */
export interface StandIn {
  on: ShopDay;
  by: string | null;
}

/** What a leave makes of a task due on `from` whose grace ends on `to`: nothing (null), another day or guide, or
 *  "nobody" when there is none inside the grace. As the day's release decides it, by the leaves known today. */
export function standInFor(
  { ownerId, leaves, contacts }: Absences,
  from: ShopDay,
  to: ShopDay,
): StandIn | "nobody" | null {
  const away = (guideId: number, day: ShopDay) =>
    leaves.findLast((leave) => leave.guideId === guideId && leave.fromOn <= day && day <= leave.toOn);
  const others = contacts.filter(({ guideId }) => guideId !== ownerId);
  for (const day of daysFromTo(from, to)) {
    const leave = away(ownerId, day);
    if (!leave) return day === from ? null : { on: day, by: null };
    const deputy = deputyFor(others, leave.deputyId, (guideId) => !away(guideId, day));
    const known = others.find(({ guideId }) => guideId === deputy);
    if (known) return { on: day, by: known.name };
  }
  return "nobody";
}

// What happens to the demo brand on one day: who joins, who is born, who buys.
import { instantOf, type ShopDay } from "../kernel/calendar.js";
import type { Brand, BrandCustomer, BrandOrder } from "../sandbox/brand-tables.js";

/** Somebody who scans a guide's code. */
export interface Joining {
  guideUserid: string;
  externalUserid: string;
  createdAt: number;
  customer: { externalUserid: string; name: string };
}

export interface DayEvents {
  joined: BrandCustomer[];
  born: BrandCustomer[];
  orders: BrandOrder[];
  /** those not given yet who scan before an instant (epoch ms) */
  contactsBefore(at: number): Joining[];
}

const MINUTE = 60_000;

/** The events of a day; people scan codes between 09:30 and 20:30. */
export function eventsOf(brand: Brand, day: ShopDay, zone: string): DayEvents {
  const joined = brand.customers.filter((customer) => customer.joinedOn === day);
  const opening = instantOf(day, "09:30", zone);
  const waiting: Joining[] = joined.map((customer, i) => ({
    guideUserid: customer.guide,
    externalUserid: customer.externalUserid,
    createdAt: opening + Math.floor(((i * 7919) % 660) * MINUTE),
    customer: { externalUserid: customer.externalUserid, name: customer.name },
  }));
  waiting.sort((a, b) => a.createdAt - b.createdAt);
  const bornToday = new Set(brand.children.filter((c) => c.bornOn === day).map((c) => c.externalUserid));
  return {
    joined,
    born: brand.customers.filter((c) => bornToday.has(c.externalUserid) && c.joinedOn < day),
    orders: brand.orders.filter((order) => order.orderedOn === day),
    contactsBefore: (at) => {
      const count = waiting.findIndex((one) => one.createdAt > at);
      return waiting.splice(0, count < 0 ? waiting.length : count);
    },
  };
}

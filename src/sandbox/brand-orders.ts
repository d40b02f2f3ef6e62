// What the demo brand's customers buy up to the third birthday: something every few weeks; some hoard at 双11, some leave.
import { addDays, daysBetween, type ShopDay } from "../kernel/calendar.js";
import type { Rng } from "./brand-chance.js";
import type { BrandChild, BrandCustomer, BrandOrder } from "./brand-tables.js";

/** Orders of all customers up to `today`, in the order of their days. */
export function makeOrders(
  rng: Rng,
  customers: readonly BrandCustomer[],
  children: readonly BrandChild[],
  today: ShopDay,
): BrandOrder[] {
  const babies = new Map(children.filter((c) => c.bornOn).map((c) => [c.externalUserid, c.bornOn]));
  const orders = customers.flatMap((customer) =>
    ordersOf(rng, customer, babies.get(customer.externalUserid), today),
  );
  orders.sort((a, b) => (a.orderedOn < b.orderedOn ? -1 : a.orderedOn > b.orderedOn ? 1 : 0));
  return orders.map((order, i) => ({ ...order, orderNo: `D${String(i + 1).padStart(7, "0")}` }));
}

function ordersOf(
  rng: Rng,
  customer: BrandCustomer,
  bornOn: string | undefined,
  today: ShopDay,
): BrandOrder[] {
  if (!bornOn || rng.chance(0.12)) return [];
  const hoarder = rng.chance(0.14);
  const gap = hoarder ? rng.between(50, 75) : rng.between(20, 28);
  const leavesAfter = rng.chance(0.35) ? rng.between(1, 5) : 99;
  const orders: BrandOrder[] = [];
  let day = addDays(customer.joinedOn > bornOn ? customer.joinedOn : bornOn, rng.between(0, 20));
  const weaned = addDays(bornOn, 36 * 30);
  while (day <= today && day < weaned && orders.length < leavesAfter) {
    const festival = nearFestival(day);
    const on = festival && rng.chance(hoarder ? 0.85 : 0.5) ? festival : day;
    if (on <= today && (orders.at(-1)?.orderedOn ?? "") < on)
      orders.push(order(rng, customer, bornOn, on, hoarder));
    day = addDays(day, Math.max(7, Math.round(gap * (0.75 + rng.next() * 0.6))));
  }
  return orders;
}

/** 11 November of the day's year, when the day lies within the twelve days around it. */
function nearFestival(day: ShopDay): ShopDay | undefined {
  const festival = `${day.slice(0, 4)}-11-11`;
  return Math.abs(daysBetween(day, festival)) <= 12 ? festival : undefined;
}

function order(
  rng: Rng,
  customer: BrandCustomer,
  bornOn: string,
  orderedOn: ShopDay,
  hoarder: boolean,
): BrandOrder {
  const months = daysBetween(bornOn, orderedOn) / 30.4375;
  const stage = months < 6 ? "1段" : months < 12 ? "2段" : "3段";
  const quantity = hoarder ? rng.between(3, 8) : rng.between(1, 3);
  return {
    orderNo: "",
    externalUserid: customer.externalUserid,
    orderedOn,
    quantity,
    amount: (quantity * rng.pick([268, 298, 318])).toFixed(2),
    category: "婴幼儿奶粉",
    subcategory: stage,
    channel: rng.weighted({ 门店: 70, 小程序: 20, 电商: 10 }),
    status: rng.chance(0.015) ? "refunded" : "paid",
  };
}

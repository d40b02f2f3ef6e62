// The demo brand: an infant-formula maker with stores, guides, mothers, babies and orders, all from one seed.
import { fakerZH_CN } from "@faker-js/faker";
import { addDays, daysBetween, type ShopDay } from "../kernel/calendar.js";
import { makeRng, type Rng } from "./brand-chance.js";
import { makeOrders } from "./brand-orders.js";
import { type BrandStore, makeStores } from "./brand-places.js";
import type { Brand, BrandChild, BrandCustomer, BrandGuide } from "./brand-tables.js";

/** The brand's first day is this long before `today`. */
const HISTORY_DAYS = 1300;
/** How long the play goes on; in it the brand grows faster than before, so that there is something to follow up. */
export const PLAY_DAYS = 36;

/** Makes the whole brand. `customers` counts those of all time; about one in eight comes in the days that are played. */
export function makeBrand(seed: number, today: ShopDay, customers = 6000): Brand {
  const rng = makeRng(seed);
  fakerZH_CN.seed(seed);
  const stores = makeStores(rng);
  const guides = makeGuides(rng, stores, today);
  const people = makeCustomers(rng, guides, today, customers);
  const children = people.flatMap((customer) => makeChildren(rng, customer, today));
  const orders = makeOrders(rng, people, children, today);
  return { stores, guides, customers: people, children, orders };
}

function makeGuides(rng: Rng, stores: readonly BrandStore[], today: ShopDay): BrandGuide[] {
  const guides = stores.flatMap((store) =>
    Array.from(
      { length: rng.weighted({ "2": 3, "3": 5, "4": 2 }) === "2" ? 2 : rng.between(3, 4) },
      (_, i) => ({
        userid: `${store.code.toLowerCase()}g${i + 1}`,
        name: fakerZH_CN.person.fullName({ sex: rng.chance(0.9) ? "female" : "male" }),
        store: store.code,
        joinedOn: addDays(today, -rng.between(200, HISTORY_DAYS)),
        factor: store.factor,
      }),
    ),
  );
  const slow = guides[7] as BrandGuide;
  guides[7] = { ...slow, skill: 0.12 } as (typeof guides)[number];
  return guides;
}

function makeCustomers(
  rng: Rng,
  guides: readonly BrandGuide[],
  today: ShopDay,
  count: number,
): BrandCustomer[] {
  const recent = Math.round(count * 0.13);
  const list = Array.from({ length: count }, (_, i) => {
    const guide = rng.pick(guides);
    const joinedOn =
      i < count - recent ? addDays(today, -rng.between(PLAY_DAYS + 1, HISTORY_DAYS)) : lately(rng, today);
    return {
      externalUserid: `wm${String(i + 1).padStart(6, "0")}`,
      name: fakerZH_CN.person.fullName({ sex: rng.chance(0.93) ? "female" : "male" }),
      guide: guide.userid,
      joinedOn,
      source: rng.weighted({ 门店: 60, 活动: 15, 电商: 12, 老客推荐: 8, 医院: 5 }),
      phone: mobile(rng),
      birthday: rng.chance(0.35) ? addDays("1988-01-01", rng.between(0, 4700)) : "",
      brandPreference: rng.weighted({ 本品牌: 60, 进口品牌: 22, 其他国产: 18 }),
      level: rng.weighted({ 普通: 62, 银卡: 25, 金卡: 10, 钻石: 3 }),
      tags: rng.chance(0.2) ? rng.pick(["二胎", "过敏体质", "母乳混合", "夜间咨询"]) : "",
    };
  });
  return list.sort((a, b) => (a.joinedOn < b.joinedOn ? -1 : 1));
}

/** A day of those that are played, weekends fuller than weekdays, and twice as many around 11 November. */
function lately(rng: Rng, today: ShopDay): ShopDay {
  for (;;) {
    const day = addDays(today, -rng.between(0, PLAY_DAYS));
    const weekend = [0, 6].includes(daysBetween("2023-01-01", day) % 7);
    const festival = day.endsWith("-11-11") || day.endsWith("-11-10");
    if (rng.chance(festival ? 1 : weekend ? 0.62 : 0.42)) return day;
  }
}

/** A mobile number of mainland form. Its middle block 0000 is given to nobody, so that no real person is called. */
function mobile(rng: Rng): string {
  return `${rng.pick(["138", "139", "150", "159", "186", "188"])}0000${String(rng.between(0, 9999)).padStart(4, "0")}`;
}

function makeChildren(rng: Rng, customer: BrandCustomer, today: ShopDay): BrandChild[] {
  const kind = rng.weighted({ baby: 80, expecting: 8, twins: 2, siblings: 5, unknown: 5 });
  if (kind === "unknown") return [];
  if (kind === "expecting") return [child(rng, customer, 1, "", addDays(today, rng.between(3, 180)))];
  // Mothers join from two months before the birth to eleven months after it.
  const bornOn = addDays(customer.joinedOn, rng.between(-330, 60));
  if (bornOn > today) return [child(rng, customer, 1, "", bornOn)];
  const first = child(rng, customer, 1, bornOn, "");
  if (kind === "twins") return [first, child(rng, customer, 2, bornOn, "")];
  if (kind === "siblings")
    return [first, child(rng, customer, 2, addDays(bornOn, -rng.between(500, 900)), "")];
  return [first];
}

function child(
  rng: Rng,
  customer: BrandCustomer,
  childNo: number,
  bornOn: string,
  dueOn: string,
): BrandChild {
  const sex = rng.weighted({ boy: 51, girl: 47, "": 2 });
  const pet = rng.pick([
    "小米",
    "豆豆",
    "果果",
    "安安",
    "糖糖",
    "乐乐",
    "一一",
    "汤圆",
    "小满",
    "可可",
    "朵朵",
    "嘟嘟",
  ]);
  const name = bornOn && rng.chance(0.82) ? pet : "";
  return { externalUserid: customer.externalUserid, childNo, name, bornOn, dueOn, sex: bornOn ? sex : "" };
}

// A small brand of the simulation's own: who belongs to it, the journey it publishes, and how both are written.
import type { AnchorKind, JourneySpec, Repeat, TouchpointSpec, Unit } from "../../../src/journeys/spec.js";
import { addDays, type ShopDay, shopDayOf } from "../../../src/kernel/calendar.js";
import type { MovableWorld } from "../../../src/kernel/world.js";
import type { Services } from "../../../src/wire.js";
import type { Expected } from "./oracle.js";

export const zone = "Asia/Shanghai";
export const firstDay = "2026-01-15";

const STORES = [
  { store_code: "S1", store_name: "一店", 大区: "华东", 城市: "上海" },
  { store_code: "S2", store_name: "二店", 大区: "华南", 城市: "广州" },
];
export const GUIDES = ["lan", "mei", "zhu", "ju", "song"];

type Row = Record<string, string | number | boolean | string[] | null>;

/** The brand while it lives. */
export interface Brand {
  /** the process that does most of the work, and another beside it */
  one: Services;
  other: Services;
  world: MovableWorld;
  /** a number in [0, 1) */
  random(): number;
  /** external_userids, the customers who are gone left out */
  people: string[];
  journey: JourneySpec;
  /** since when each touchpoint's trigger is as it is: days due before are planned by what was then */
  since: Map<string, ShopDay>;
  paused: boolean;
  /** what must have a task by now */
  expected: Expected;
}

export function todayOf({ world }: Brand): ShopDay {
  return shopDayOf(world.now(), zone);
}

/** A whole number from 0 to n − 1. */
export function upTo({ random }: Brand, n: number): number {
  return Math.floor(random() * n);
}

export function oneOf<T>(brand: Brand, values: readonly T[]): T {
  const value = values[upTo(brand, values.length)];
  if (value === undefined) throw new Error("nothing to choose from");
  return value;
}

/** Pushes rows as a CRM would. Of somebody who was erased it tells anew; any other refusal is a fault of the test. */
export async function push(
  brand: Brand,
  table: "stores" | "guides" | "customers" | "children" | "orders",
  rows: Row[],
): Promise<void> {
  for (const { status, faults } of await brand.one.customers.push(table, rows)) {
    if (status !== "refused") continue;
    const unknown = faults.find(({ expected }) => expected === "a customer we know")?.value;
    if (unknown === undefined) throw new Error(JSON.stringify({ rows, faults }));
    await tellOf(brand, unknown);
  }
}

/** Opens the shops and publishes the first version. */
export async function openBrand(brand: Brand): Promise<void> {
  await push(brand, "stores", STORES);
  await push(
    brand,
    "guides",
    GUIDES.map((userid, at) => ({
      guide_userid: userid,
      guide_name: userid,
      store_code: at % 2 ? "S2" : "S1",
    })),
  );
  await publish(brand, brand.journey);
}

export async function publish(brand: Brand, journey: JourneySpec): Promise<void> {
  await brand.one.journeys.apply(journey, "", { yes: true, by: "system" });
  brand.journey = journey;
}

/** A customer nobody knew. */
export async function newCustomer(brand: Brand): Promise<void> {
  const id = `wm${String(brand.people.length + 1).padStart(3, "0")}-${upTo(brand, 1e6)}`;
  await tellOf(brand, id);
  brand.people.push(id);
}

async function tellOf(brand: Brand, id: string): Promise<void> {
  const level = oneOf(brand, ["金卡", "银卡"]);
  const guide = oneOf(brand, GUIDES);
  const row = { external_userid: id, name: id, guide_userid: guide, joined_on: todayOf(brand), level };
  await push(brand, "customers", [row]);
}

const on = (anchor: AnchorKind, n: number, unit: Unit = "days", repeat: Repeat = "once") => ({
  trigger: { anchor, offset: { unit, n }, repeat },
});

const TOUCHPOINTS: Record<string, Partial<TouchpointSpec> & Pick<TouchpointSpec, "trigger">> = {
  "day-3": { ...on("joined", 3), send: "mass", words: "您好，我是{{guide.name}}。" },
  "day-7": { ...on("joined", 7), holdOut: 25, words: "一周啦。" },
  "with-guide": { ...on("guide_assigned", 1), graceDays: 0, words: "以后有我。" },
  "month-1": { ...on("child_born", 1, "months"), words: "{{children}}满月啦。", priority: "milestone" },
  "month-6": { ...on("child_born", 6, "months"), words: "{{child.name}}半岁啦。", priority: "milestone" },
  "baby-birthday": { ...on("child_born", 0, "days", "yearly"), words: "生日快乐！", priority: "milestone" },
  soon: { ...on("child_due", -2, "weeks"), send: "hand", words: null },
  lapse: { ...on("last_order", 20, "days", "each"), send: "mass", words: "好久不见。", priority: "churn" },
  "lapse-call": { ...on("last_order", 25, "days", "each"), send: "hand", words: null, priority: "churn" },
  first: { ...on("first_order", 2), graceDays: 1, words: "用得还好吗？" },
  birthday: { ...on("customer_birthday", -3, "days", "yearly"), words: "快生日啦。" },
  summer: {
    trigger: {
      anchor: "day",
      day: { monthDay: "06-18" },
      offset: { unit: "days", n: -4 },
      repeat: "yearly",
      spreadDays: 3,
    },
    words: "年中好。",
    priority: "promotion",
  },
  gold: { ...on("joined", 10), audience: { level: ["金卡"] }, words: "金卡有礼。", priority: "promotion" },
};

/** The first version. */
export function firstJourney(): JourneySpec {
  const touchpoints = Object.entries(TOUCHPOINTS).map(
    ([key, part]): TouchpointSpec => ({
      ...{
        key,
        name: key,
        at: null,
        graceDays: 3,
        priority: "service",
        send: "page",
        audience: {},
        words: null,
      },
      ...part,
    }),
  );
  return { key: "life", name: "旅程", touchpoints };
}

/** Days from one to another of a random length, past or to come. */
export function dayNear(brand: Brand, from: number, to: number): ShopDay {
  return addDays(todayOf(brand), from + upTo(brand, to - from + 1));
}

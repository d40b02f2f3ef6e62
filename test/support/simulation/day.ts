// One day of the simulated brand: the passes at their hours, HQ and customers in between, guides at their lists.
import { addDays, addMonths, instantOf } from "../../../src/kernel/calendar.js";
import { Refusal } from "../../../src/kernel/refusals.js";
import type { TodayItem } from "../../../src/tasks/queries.js";
import {
  type Brand,
  dayNear,
  GUIDES,
  newCustomer,
  oneOf,
  publish,
  push,
  todayOf,
  upTo,
  zone,
} from "./brand.js";

import { rename } from "./oracle.js";

const HQ = { accountId: 0, role: "hq", name: "", guideId: null, storeId: null, regionId: null } as const;

/** Plays the day that the brand's clock shows. */
export async function liveDay(brand: Brand): Promise<void> {
  const { one, other, world } = brand;
  const today = todayOf(brand);
  const at = (time: string) => world.set(instantOf(today, time, zone));
  at("00:03");
  await Promise.all([one.passes.expire(), other.passes.expire()]);
  if (brand.random() < 0.05) world.set(world.now() - (1 + upTo(brand, 36)) * 3_600_000);
  await one.passes.planMarked();
  at("05:10");
  await Promise.all([one.passes.plan(), other.passes.planMarked(), other.passes.plan()]);
  for (let n = upTo(brand, 6); n > 0; n--) await happen(brand);
  at("08:20");
  await Promise.all([one.passes.planMarked(), one.passes.release(), other.passes.release()]);
  at("09:20");
  await Promise.all([one.passes.offer(), other.passes.offer()]);
  await one.passes.dispatch();
  await workLists(brand);
  for (let n = upTo(brand, 4); n > 0; n--) await happen(brand);
  at("14:00");
  for (const pass of ["planMarked", "release", "recheck", "offer", "dispatch"] as const)
    await one.passes[pass]();
  await workLists(brand);
  at("20:00");
  await one.passes.planMarked();
}

/** Each guide does some of the list, one way or another. */
async function workLists(brand: Brand): Promise<void> {
  const guides = await brand.one.store.read.rows<{ id: number }>("SELECT id FROM guide");
  for (const { id } of guides)
    for (const item of await brand.one.tasks.todaysList(id))
      if (brand.random() < 0.6) await work(brand, id, item);
}

async function work(brand: Brand, guideId: number, { taskId, way, asks, state }: TodayItem): Promise<void> {
  const { tasks } = brand.one;
  const chance = brand.random();
  await allowed(async () => {
    const [ask] = asks;
    if (ask && state === "needs_data")
      await tasks.supply(guideId, taskId, ask.field, ask.field === "child.name" ? "豆豆" : "2026-01-01");
    else if (chance < 0.1)
      await tasks.skip(
        guideId,
        taskId,
        oneOf(brand, ["busy", "unsuitable", "wrong_person", "already_spoke", "other"] as const),
      );
    else if (chance < 0.15) await tasks.later(guideId, taskId);
    else if (way === "page") {
      await tasks.takeWords(guideId, taskId);
      await tasks.reportSent(guideId, taskId);
    } else await tasks.doneByHand(guideId, taskId, "聊过");
  });
}

/** People may be told no; anything else is a fault. */
async function allowed(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** What may happen on any day, as often as it is named. */
const HAPPENINGS: readonly ((brand: Brand) => Promise<unknown>)[] = [
  newCustomer,
  newCustomer,
  born,
  born,
  expected,
  order,
  order,
  order,
  refund,
  birthday,
  corrected,
  owner,
  alone,
  stop,
  optOut,
  leave,
  edit,
  pause,
  emergency,
  handOver,
  quietDay,
  merge,
  erase,
];

async function happen(brand: Brand): Promise<void> {
  await allowed(() => oneOf(brand, brand.people.length < 6 ? [newCustomer] : HAPPENINGS)(brand));
}

function somebody(brand: Brand): string {
  return oneOf(brand, brand.people);
}

function born(brand: Brand) {
  const row = { external_userid: somebody(brand), born_on: dayNear(brand, -40, 0) };
  const twins = brand.random() < 0.3 ? [1, 2] : [1 + upTo(brand, 2)];
  return push(
    brand,
    "children",
    twins.map((child_no) => ({ ...row, child_no, name: brand.random() < 0.7 ? `宝${child_no}` : null })),
  );
}
function expected(brand: Brand) {
  return push(brand, "children", [
    { external_userid: somebody(brand), child_no: 3, born_on: null, due_on: dayNear(brand, 5, 60) },
  ]);
}
function corrected(brand: Brand) {
  return push(brand, "children", [
    { external_userid: somebody(brand), child_no: 1, born_on: addMonths(todayOf(brand), -upTo(brand, 14)) },
  ]);
}
function birthday(brand: Brand) {
  const day = dayNear(brand, -20, 20);
  const on = day.endsWith("02-29") ? `1992${day.slice(4)}` : `1991${day.slice(4)}`;
  return push(brand, "customers", [{ external_userid: somebody(brand), birthday: on }]);
}
function order(brand: Brand) {
  return buy(brand, "paid");
}
function refund(brand: Brand) {
  return buy(brand, "refunded");
}
function buy(brand: Brand, status: string) {
  const id = somebody(brand);
  const no = `${id}-${upTo(brand, 6)}-${todayOf(brand).slice(0, 7)}`;
  return push(brand, "orders", [
    {
      order_no: no,
      external_userid: id,
      ordered_on: dayNear(brand, -10, 0),
      quantity: 1 + upTo(brand, 4),
      status,
    },
  ]);
}
function owner(brand: Brand) {
  const { one, world } = brand;
  return one.customers.contactAdded({
    guideUserid: oneOf(brand, GUIDES),
    externalUserid: somebody(brand),
    at: world.now(),
  });
}
function alone(brand: Brand) {
  const { one, world } = brand;
  return one.customers.contactEnded({
    guideUserid: oneOf(brand, GUIDES),
    externalUserid: somebody(brand),
    at: world.now(),
  });
}
async function stop(brand: Brand) {
  const found = await brand.one.store.read.row<{ id: number; stopped: number }>(
    "SELECT id, stopped FROM customer WHERE external_userid = ?",
    [somebody(brand)],
  );
  if (found) await brand.one.customers.setStopped(found.id, found.stopped === 0);
}
function optOut(brand: Brand) {
  return push(brand, "customers", [{ external_userid: somebody(brand), opted_out: brand.random() < 0.5 }]);
}
async function leave(brand: Brand) {
  const [guide, deputy] = [oneOf(brand, GUIDES), oneOf(brand, GUIDES)];
  const from = dayNear(brand, 0, 2);
  await brand.one.leaves.put(HQ, {
    userid: guide,
    fromOn: from,
    toOn: addDays(from, upTo(brand, 6)),
    deputyUserid: guide === deputy ? null : deputy,
    cancelled: 0,
  });
}
async function edit(brand: Brand) {
  const { journey } = brand;
  const key = oneOf(brand, journey.touchpoints).key;
  const today = todayOf(brand);
  const touchpoints = journey.touchpoints.map((one) => {
    if (one.key !== key || one.trigger.anchor === "day") return one;
    const what = upTo(brand, 3);
    if (what === 0) return { ...one, words: one.words && `${one.words} ${today}` };
    brand.since.set(key, today);
    if (what === 1) return { ...one, graceDays: upTo(brand, 6) };
    const { offset, anchor } = one.trigger;
    const n = anchor === "child_due" ? -1 - upTo(brand, 4) : Math.abs(offset.n) + upTo(brand, 3);
    return {
      ...one,
      trigger: { ...one.trigger, offset: { ...offset, n: anchor === "customer_birthday" ? -n : n } },
    };
  });
  await publish(brand, { ...journey, touchpoints });
}
async function pause(brand: Brand) {
  brand.paused = !brand.paused;
  await brand.one.setJourneyState(brand.journey.key, brand.paused ? "paused" : "live", "system");
}
async function emergency(brand: Brand) {
  if (brand.random() < 0.5) await brand.one.stopEverything("system");
  await brand.one.resume("system");
}
async function handOver(brand: Brand) {
  const [from, to] = [oneOf(brand, GUIDES), oneOf(brand, GUIDES)];
  await push(brand, "customers", [
    { external_userid: somebody(brand), guide_userid: from === to ? null : to },
  ]);
}
async function quietDay(brand: Brand) {
  if (brand.random() < 0.5) await brand.one.calendar.set([{ kind: "quiet", on: dayNear(brand, 0, 4) }]);
}
async function merge(brand: Brand) {
  if (brand.random() < 0.8) return;
  const [from, into] = [somebody(brand), somebody(brand)];
  const ids = [await idOf(brand, from), await idOf(brand, into)] as const;
  await brand.one.changes.merge({ from, into, by: "system" });
  rename(brand.expected, ...ids);
  brand.people = brand.people.filter((id) => id !== from);
}
async function erase(brand: Brand) {
  if (brand.random() < 0.5) await brand.one.changes.erase({ customer: somebody(brand), by: "system" });
}
async function idOf({ one }: Brand, externalUserid: string): Promise<number> {
  const row = await one.store.read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", [
    externalUserid,
  ]);
  return row?.id ?? 0;
}

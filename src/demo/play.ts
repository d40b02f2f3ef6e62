// Plays the demo brand's last days faster than real time: the same passes, the same HTTP, another clock.
import { addDays, daysBetween, daysFromTo, instantOf, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { PLAY_DAYS } from "../sandbox/brand.js";
import type { Brand } from "../sandbox/brand-tables.js";
import type { Passes } from "../wire/passes.js";
import type { DemoWorld } from "./clock.js";
import { eventsOf } from "./day-events.js";
import type { CrmPush } from "./push.js";
import type { DistantSandbox } from "./sandbox-thread.js";

export interface PlayParts {
  world: DemoWorld;
  zone: string;
  brand: Brand;
  sandbox: DistantSandbox;
  passes: Passes;
  push: CrmPush;
  /** what HQ does on a day, before its tasks are released */
  headquarters(day: ShopDay): Promise<void>;
  /** guides work on their own page on what was released on these days */
  workOnPages(days: readonly ShopDay[]): Promise<number>;
  /** the day's clock times of planning and release, HH:MM */
  day: { plan: string; release: string };
  /** called after each day: how many are done of how many */
  progress(done: number, of: number, day: ShopDay): void;
  /** remembers that a day was played to its end */
  played(day: ShopDay): Promise<void>;
  /** whether to stop early: the process was asked to end */
  stopping(): boolean;
}

/** When people look at their phones, and we at what they did. */
const LOOKS = ["09:17", "09:45", "12:30", "14:00", "17:00", "20:00", "22:00"];
/** On days gone by, what guides did in WeCom is read once, with its own times: a reading is two calls a hand-over. */
const POLL = "22:00";
const CLOSE = "23:56";
/** Days gone by see the models this often, in days: what they reckon moves slowly. The running day has them. */
const MODELS_EVERY = 3;

/** The first day of the play for a brand that lives up to `today`. */
export function firstDay(today: ShopDay): ShopDay {
  return addDays(today, -(PLAY_DAYS - 1));
}

/** Plays from a day up to `now` (epoch ms), the running day as far as it has come. */
export async function play(parts: PlayParts, from: ShopDay, now: number): Promise<void> {
  const today = shopDayOf(now, parts.zone);
  const days = daysFromTo(from, today);
  for (const [at, day] of days.entries()) {
    if (parts.stopping()) return;
    await playDay(parts, day, now);
    if (day < today) await parts.played(day);
    parts.progress(at + 1, days.length, day);
  }
}

function modelsRun(day: ShopDay): boolean {
  return daysBetween("2020-01-01", day) % MODELS_EVERY === 0;
}

/** One day of the brand, as far as `until`. */
async function playDay(parts: PlayParts, day: ShopDay, until: number): Promise<void> {
  const { world, passes, sandbox, zone } = parts;
  const at = (time: string) => instantOf(day, time, zone);
  const reach = (time: string) => {
    if (at(time) > until) return false;
    world.set(at(time));
    return true;
  };
  const events = eventsOf(parts.brand, day, zone);
  if (!reach("00:04")) return;
  await passes.expire();
  if (day === shopDayOf(until, zone) || modelsRun(day)) await passes.models();
  if (!reach(parts.day.plan)) return;
  await passes.plan();
  await passes.planMarked();
  await parts.headquarters(day);
  if (!reach(parts.day.release)) return;
  await passes.release();
  for (const time of LOOKS) {
    if (!reach(time)) return;
    for (const contact of events.contactsBefore(at(time))) await sandbox.contactAdded(contact);
    await sandbox.step(world.now());
    await passes.callbacks();
    await passes.offer();
    await passes.dispatch();
    await parts.workOnPages(daysFromTo(addDays(day, -3), day));
    if (time === POLL || day === shopDayOf(until, zone)) await passes.poll();
    if (time === "12:30") await parts.push.people(events.joined, day);
    if (time === "20:00") await parts.push.orders(events.orders);
    if (time === "14:00") await passes.planMarked();
  }
  if (!reach(CLOSE)) return;
  await parts.push.people(events.joined, day);
  await parts.push.people(events.born, day);
  await sandbox.step(world.now());
  await passes.callbacks();
  await passes.reconcile();
  await passes.newcomers();
  await passes.figures();
  await passes.judge();
}

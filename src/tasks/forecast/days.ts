// The days ahead, one after the other, by the very passes that will do them: planning, release, expiry, on copies.
import type { Store } from "../../infra/store.js";
import { wordsCache } from "../../journeys/words-cache.js";
import { addDays, daysFromTo, instantOf, type ShopDay } from "../../kernel/calendar.js";
import { expireDue } from "../expiry.js";
import { planner } from "../planner.js";
import { type Released, releaseDue } from "../release.js";
import type { TaskSetup } from "../setup.js";
import { type Copies, copiesOf, recallFrom, recallMarked } from "./copies.js";
import { closeDay, standingDays } from "./going.js";
import { type Lacking, sendLacking } from "./lacking.js";

/** What is assumed of the days ahead. Everything else is done by the passes themselves, with what stands in the database. */
export const ASSUMPTIONS = [
  "从现在起没有新的客户、宝宝、订单、标签和预测，资料、组织、请假和旅程都不变；离职交接不计。",
  "导购当天完成当天下发的任务；现在还在导购手里的任务，第一天完成。",
  "缺资料的任务没有人补，等到宽限期过了就过期。",
] as const;

/** What a forecast stands on. */
export interface ForecastParts {
  /** of the real passes */
  setup: TaskSetup;
  /** fills in the calendar before a day is planned, over the store given */
  calendarOn(store: Store): { ensure(day: ShopDay): Promise<unknown> };
}

/** Publishes a draft on copies, as if it were published now. `follow`: open tasks follow it. */
export type PublishDraft = (setup: TaskSetup, how: { follow: boolean }) => Promise<unknown>;

/** The days to foresee. `asIf`: not counted on from today but as though the first of them were today, by what there is
 *  now; planned without import switch and publish dates, as planning by hand is. */
export interface Span {
  /** the first day gone through */
  start: ShopDay;
  to: ShopDay;
  asIf: boolean;
}

/** A day gone through, before its tasks are forgotten. */
export interface ForeseenDay {
  on: ShopDay;
  /** over the copies: `task` has all that is open, and all that ended today; what went out is still `planned`, with
   *  `released_on` today (GONE in going.ts) */
  setup: TaskSetup;
  /** what the release said */
  released: Released;
  /** of tasks due today */
  lacking: Lacking[];
  /** days of release_on on which the day's tasks stand */
  days: readonly ShopDay[];
}

/**
 * Goes through days ahead by the planner, the release and the expiry that will do them, over temporary copies of open
 * tasks; `visit` looks at each when it is over. Nothing real is written, nobody waits, and other work goes on meanwhile.
 * With unchanged data and ASSUMPTIONS kept, the rows are those that will be.
 */
export async function foresee(
  { setup: real, calendarOn }: ForecastParts,
  span: Span,
  visit: (day: ForeseenDay) => Promise<void>,
  publishDraft?: PublishDraft,
): Promise<void> {
  const { start, to } = span;
  const copies = await copiesOf(real.store, { start, to, withDraft: !!publishDraft, withTasks: true });
  try {
    const clock = clockOf(real, span);
    const setup = setupOn(real, copies.store, clock);
    await publishDraft?.(setup, { follow: true });
    const calendar = calendarOn(copies.store);
    for (const on of daysFromTo(span.start, span.to)) {
      await calendar.ensure(on);
      await oneDay({ real, setup, copies, clock, span, on, visit });
    }
  } finally {
    await copies.store.close();
  }
}

/** A clock that stands where the day's work is, never before the real one. */
interface Clock {
  now(): number;
  set(day: ShopDay, time: string): void;
}

function clockOf({ world, config }: TaskSetup, { asIf, start }: Span): Clock {
  const least = asIf ? 0 : world.now();
  let at = asIf ? instantOf(start, "00:00", config.zone) : least;
  return {
    now: () => at,
    set: (day, time) => {
      at = Math.max(least, instantOf(day, time, config.zone));
    },
  };
}

/** The setup of every pass, over copies, on the first of some days. */
export function setupAhead(real: TaskSetup, store: Store, span: Span): TaskSetup {
  return setupOn(real, store, clockOf(real, span));
}

function setupOn(real: TaskSetup, store: Store, { now }: Pick<Clock, "now">): TaskSetup {
  const { random, id } = real.world;
  return { ...real, store, world: { now, random, id }, touchpoint: wordsCache(store).touchpoint };
}

interface OneDay {
  real: TaskSetup;
  setup: TaskSetup;
  copies: Copies;
  clock: Clock;
  span: Span;
  on: ShopDay;
  visit(day: ForeseenDay): Promise<void>;
}

const MIDNIGHT = "00:03";
/** Guides released at once where each statement is a way to a server and back: nobody waits for copies. */
const GUIDES = 50;

async function oneDay({ real, setup, copies, clock, span, on, visit }: OneDay): Promise<void> {
  const { plan: planTime, release: releaseTime, guide_hour: guideHour } = setup.config.day;
  const isFirst = on === span.start;
  clock.set(on, MIDNIGHT);
  await expireDue(setup);
  clock.set(on, planTime);
  if (isFirst) await recallMarked(real.store, copies, on);
  const plan = planner({
    ...{ store: setup.store, world: setup.world, zone: setup.config.zone },
    recall: recallFrom(real.store, copies),
  });
  if (span.asIf) await plan.planByHand({ from: on, to: on, dryRun: false });
  else await plan.planDue();
  clock.set(on, releaseTime);
  const released = await releaseDue(setup, setup.store.dialect.name === "mysql" ? { guides: GUIDES } : {});
  clock.set(on, guideHour);
  const days = await standingDays(copies.store.read, on);
  const lacking = await sendLacking(setup, on, days);
  await visit({ on, setup, released, lacking, days });
  if (on === span.to) return;
  await closeDay(copies.store, on, {
    days,
    at: clock.now(),
    isMonthOver: addDays(on, 1).endsWith("-01"),
  });
}

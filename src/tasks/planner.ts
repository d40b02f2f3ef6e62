// Planning: every due day of every live touchpoint becomes tasks, once for life, whoever plans and how often.
import { setImmediate as turn } from "node:timers/promises";
import type { DialectName } from "../infra/dialect.js";
import type { Store } from "../infra/store.js";
import { audienceBasis } from "../journeys/audience-basis.js";
import { type LiveTouchpoint, liveTouchpoints } from "../journeys/queries.js";
import { addDays, daysFromTo, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { namedDaysFor } from "./day-plans.js";
import { cancelOutsiders } from "./leaving.js";
import { planMarks } from "./marks.js";
import {
  countDay,
  type DueDay,
  eachDue,
  type LookAtPiece,
  type PlanRun,
  planDay,
  type Recall,
} from "./plan-day.js";
import { type PlanState, planStates } from "./watermark.js";

/** New tasks of one touchpoint on one due day, in any state. */
export interface PlannedLine {
  on: ShopDay;
  touchpoint: string;
  planned: number;
}

/** What a run of planning made: days in order, touchpoints as their journeys have them, none without a task. */
export interface Planned {
  planned: number;
  days: PlannedLine[];
}

export interface PlannerDeps {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  /** anchors that one transaction reads */
  piece?: number;
  /** of a planner over a copy: see plan-day.ts */
  recall?: Recall;
}

export interface Planner {
  /** Works off the marks, then plans all that is due up to today: each touchpoint from the day after its watermark,
   *  missed days by their own date, and today once more when a version was published since. */
  planDue(): Promise<Planned>;
  /** Plans each named day as that day's run would have, bound neither by the import switch nor by publish dates. */
  planByHand(span: { from: ShopDay; to: ShopDay; dryRun: boolean }): Promise<Planned>;
  /** Looks at all that falls due on a day, in pieces; plans nothing. `byHand`: without import switch and publish dates. */
  eachDue(on: ShopDay, byHand: boolean, look: LookAtPiece): Promise<void>;
  /** Plans and corrects what marked anchors changed, and plans what was published since the daily run; gives how many
   *  marks were worked off and how many tasks touched. */
  planMarked(): Promise<{ marks: number; touched: number }>;
}

/** Some 20 ms of inserts, twice that on a slow day: an order waits for one piece. On SQLite each commit writes the pages
 *  it touched once more, so few are better than many. */
const PIECE: Record<DialectName, number> = { sqlite: 6_000, mysql: 4_000 };

/** The planner over one database. Two at once, in one process or several, make nothing twice. */
export function planner(deps: PlannerDeps): Planner {
  const { store, world, zone, recall, piece = PIECE[store.dialect.name] } = deps;
  const begin = async (byHand: boolean): Promise<PlanRun> => {
    const at = world.now();
    return {
      ...{ store, piece, recall, byHand },
      at,
      today: shopDayOf(at, zone),
      basis: await audienceBasis(store.read),
    };
  };
  return {
    planDue: async () => {
      const run = await begin(false);
      await cancelOutsiders(store, run.basis, run.at);
      await planMarks(run);
      return planNeeded(run, firstDay);
    },
    planByHand: async ({ from, to, dryRun }) => {
      const run = await begin(true);
      if (!dryRun) await planMarks(run);
      const lines: PlannedLine[] = [];
      for (const day of daysFromTo(from, to)) {
        if (dryRun) lines.push(...linesOf(day, await countDay(run, await dueDay(store, day))));
        else lines.push(...(await planWhole(run, day, (due) => due)));
      }
      return summed(lines);
    },
    eachDue: async (on, byHand, look) => eachDue(await begin(byHand), await dueDay(store, on), look),
    planMarked: async () => {
      const run = await begin(false);
      const { marks, touched } = await planMarks(run);
      const { planned } = await planNeeded(run, firstDayOfVersion);
      return { marks, touched: touched + planned };
    },
  };
}

/** The first day up to `today` that a touchpoint still needs; null: none. */
type FirstDay = (touchpoint: LiveTouchpoint, state: PlanState, today: ShopDay) => ShopDay | null;

const firstDay: FirstDay = (touchpoint, state, today) => {
  const first = firstUnplanned(touchpoint, state, today);
  const again = state.againFrom && later(state.againFrom, touchpoint.plansFrom);
  return again && (first === null || again < first) ? again : first;
};

const firstUnplanned: FirstDay = ({ plansFrom, versionId }, state, today) => {
  const { plannedThrough, versionId: plannedBy } = state;
  if (plannedThrough === null) return plansFrom;
  if (plannedThrough < today) return later(addDays(plannedThrough, 1), plansFrom);
  return versionId === plannedBy ? null : later(today, plansFrom);
};

const firstDayOfVersion: FirstDay = (touchpoint, state, today) =>
  touchpoint.versionId === state.versionId && state.againFrom === null
    ? null
    : firstDay(touchpoint, state, today);

/** Plans day after day, each with the touchpoints that need it. */
async function planNeeded(run: PlanRun, first: FirstDay): Promise<Planned> {
  const { store, today } = run;
  const neededOn = (due: DueDay): DueDay => {
    const touchpoints = due.touchpoints.filter((one) => {
      const from = firstOf(first, due, one, today);
      return from !== null && from <= due.day;
    });
    return { ...due, touchpoints };
  };
  const now = await dueDay(store, today);
  const begin = now.touchpoints.flatMap((one) => firstOf(first, now, one, today) ?? []).sort()[0];
  const lines: PlannedLine[] = [];
  for (const day of begin === undefined ? [] : daysFromTo(begin, today))
    lines.push(...(await planWhole(run, day, neededOn)));
  return summed(lines);
}

/** Plans a day to its end: once, unless a version is published in the middle. */
async function planWhole(
  run: PlanRun,
  day: ShopDay,
  needed: (due: DueDay) => DueDay,
): Promise<PlannedLine[]> {
  for (const lines: PlannedLine[] = []; ; ) {
    const { counts, ended } = await planDay(run, needed(await dueDay(run.store, day)));
    lines.push(...linesOf(day, counts));
    await turn();
    if (ended) return lines;
  }
}

function firstOf(first: FirstDay, { states }: DueDay, touchpoint: LiveTouchpoint, today: ShopDay) {
  const state = states.get(touchpoint.id);
  return state ? first(touchpoint, state, today) : null;
}

async function dueDay(store: Store, day: ShopDay): Promise<DueDay> {
  const touchpoints = await liveTouchpoints(store.read);
  const named = await namedDaysFor(store.read, touchpoints);
  return { day, touchpoints, named, states: await planStates(store, touchpoints) };
}

function linesOf(on: ShopDay, counts: ReadonlyMap<LiveTouchpoint, number>): PlannedLine[] {
  return [...counts]
    .filter(([, planned]) => planned > 0)
    .map(([{ key }, planned]) => ({ on, touchpoint: key, planned }));
}

function summed(days: PlannedLine[]): Planned {
  return { planned: days.reduce((sum, { planned }) => sum + planned, 0), days };
}

function later(one: ShopDay, other: ShopDay): ShopDay {
  return one > other ? one : other;
}

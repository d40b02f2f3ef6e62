// The stop switch for who pulls it: what it would stop, what it stopped by journey and region, what waits until it ends.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { ONEOFF } from "../journeys/oneoff-file.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { loadTree } from "../org/queries.js";
import { declareStop, enforceStop, type Halted, resume } from "./halt.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { type Stopped, stoppedSince } from "./stop.js";

/** What has not reached customers yet, in tasks. */
export interface Unconfirmed {
  /** with the chat system, waiting for their guides' tap: taken back */
  handedOver: number;
  /** on guides' lists: they stay there and cannot be sent */
  offered: number;
  /** due and not released yet: they stay planned */
  planned: number;
}

/** Tasks that were taken back, of one journey in one top region. */
export interface StoppedLine {
  journey: string;
  region: string;
  tasks: number;
}

/** The stop in force, and what it did. */
export interface StopReport extends Stopped {
  /** who pulled it, by name */
  byName: string;
  lines: StoppedLine[];
  /** of all lines */
  tasks: number;
  /** hand-overs still being taken back */
  left: number;
  /** what stays with guides or waits for release */
  unconfirmed: Unconfirmed;
}

/** The longest reason. */
export const MOST_REASON = 200;

export type EmergencyService = ReturnType<typeof emergencyService>;

/** The switch. */
export function emergencyService(setup: TaskSetup) {
  const { read } = setup.store;
  const today = () => dayOf(setup, setup.world.now());
  return {
    /** The stop in force; null: work goes on. */
    state: (): Promise<Stopped | null> => stoppedSince(read),

    /** What a stop would stop now. */
    unconfirmed: (): Promise<Unconfirmed> => unconfirmedOn(read, today()),

    /** The stop in force with what it did so far; null: work goes on. */
    report: async (): Promise<StopReport | null> => {
      const stopped = await stoppedSince(read);
      if (!stopped) return null;
      const lines = await takenBack(read, today());
      return {
        ...{ ...stopped, byName: await nameOf(read, stopped.by), lines },
        tasks: lines.reduce((sum, { tasks }) => sum + tasks, 0),
        left: await leftOpen(read),
        unconfirmed: await unconfirmedOn(read, today()),
      };
    },

    /** Stops everything: nothing goes out once this resolves. `enforced` takes back what it can, and never rejects.
     *  Raises `invalid` without a reason. */
    stop: (reason: string, by: string): Promise<Pulled> => stop(setup, reason.trim(), by),

    /** Lets work go on; false when it was not stopped. */
    resume: (by: string): Promise<boolean> => resume(setup, by),
  };
}

interface Pulled {
  isNew: boolean;
  enforced: Promise<Halted | null>;
}

async function stop(setup: TaskSetup, why: string, by: string): Promise<Pulled> {
  if (why === "" || why.length > MOST_REASON)
    throw new Refusal("invalid", "请写明为什么停止。", [
      { where: "原因", value: why.slice(0, 20), expected: `1 到 ${MOST_REASON} 个字` },
    ]);
  const isNew = await declareStop(setup, by, why);
  const enforced = enforceStop(setup).catch((error: unknown) => {
    // the pass that enforces the stop goes on with it
    setup.log.error({ err: error }, "a stop is not enforced yet");
    return null;
  });
  return { isNew, enforced };
}

async function unconfirmedOn(sql: Sql, today: ShopDay): Promise<Unconfirmed> {
  const since = addDays(today, -60);
  const count = async (states: readonly string[], to: ShopDay) => {
    const row = await sql.row<{ n: number }>(
      `SELECT COUNT(*) AS n FROM task WHERE state IN (${states.map(() => "?").join(", ")})
         AND release_on BETWEEN ? AND ?`,
      [...states, since, to],
    );
    return Number(row?.n ?? 0);
  };
  const [handedOver, offered, planned] = await Promise.all([
    count(["handed_over"], addDays(today, 60)),
    count(["offered", "approved", "needs_data"], addDays(today, 60)),
    count(["planned"], today),
  ]);
  return { handedOver, offered, planned };
}

/** What was taken back is planned for the day after, with the stop as its reason. */
async function takenBack(sql: Sql, today: ShopDay): Promise<StoppedLine[]> {
  const rows = await sql.rows<{ touchpointId: number; regionId: number | null; n: number }>(
    `SELECT t.touchpoint_id AS touchpointId, COALESCE(t.region_id, s.region_id) AS regionId, COUNT(*) AS n
     FROM task t LEFT JOIN guide g ON g.id = t.guide_id LEFT JOIN store s ON s.id = g.store_id
     WHERE t.state = 'planned' AND t.release_on BETWEEN ? AND ? AND t.reason = 'emergency_stop'
     GROUP BY t.touchpoint_id, COALESCE(t.region_id, s.region_id)`,
    [addDays(today, -60), addDays(today, 1)],
  );
  const journeys = await selectIn<{ id: number; name: string; journeyKey: string }>(
    sql,
    "SELECT t.id, j.name, j.journey_key AS journeyKey FROM touchpoint t JOIN journey j ON j.id = t.journey_id WHERE t.id IN",
    rows.map(({ touchpointId }) => touchpointId),
  );
  const names = new Map(
    journeys.map(({ id, name, journeyKey }) => [
      id,
      journeyKey.startsWith(ONEOFF) ? `一次性：${name}` : name,
    ]),
  );
  const tree = await loadTree(sql);
  const lines = new Map<string, StoppedLine>();
  for (const { touchpointId, regionId, n } of rows) {
    const journey = names.get(touchpointId) ?? "";
    const region = tree.node(tree.top(regionId ?? 0) ?? 0)?.name ?? "没有区域";
    const line = lines.get(`${journey}\n${region}`) ?? { journey, region, tasks: 0 };
    line.tasks += Number(n);
    lines.set(`${journey}\n${region}`, line);
  }
  return [...lines.values()].sort((a, b) => b.tasks - a.tasks);
}

async function leftOpen(sql: Sql): Promise<number> {
  const row = await sql.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM hand_over WHERE state IN ('ready', 'waiting', 'stopping')",
  );
  return Number(row?.n ?? 0);
}

async function nameOf(sql: Sql, by: string): Promise<string> {
  const id = /^account:(\d+)$/.exec(by)?.[1];
  if (!id) return "命令行";
  const row = await sql.row<{ name: string }>("SELECT name FROM account WHERE id = ?", [Number(id)]);
  return row?.name ?? "";
}

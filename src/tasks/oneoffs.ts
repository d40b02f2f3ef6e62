// One-off tasks of HQ for an audience, with a deadline: made once for each customer, counted and closed on their own.
import { recordChange } from "../identity/audit.js";
import { selectIn } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";
import { ONEOFF, oneoffDays } from "../journeys/oneoff-file.js";
import { journeyByKey } from "../journeys/queries.js";
import type { JourneyService } from "../journeys/service.js";
import type { JourneySpec, TouchpointSpec } from "../journeys/spec.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { isTerminal, type State } from "./life.js";

/** A one-off as HQ sees it. */
export interface Oneoff {
  key: string;
  name: string;
  on: ShopDay;
  /** the last day on which its tasks may be done */
  until: ShopDay;
  state: "open" | "closed";
  tasks: OneoffTasks;
}

/** A one-off without its counts: those take a look at each of its tasks. */
export interface ListedOneoff extends Omit<Oneoff, "tasks"> {
  touchpointId: number;
  spec: TouchpointSpec;
}

/** One with its tasks by state. */
export interface ShownOneoff extends ListedOneoff {
  states: { state: State; tasks: number }[];
}

/** A one-off just made. */
export interface MadeOneoff extends Oneoff {
  /** names its audience uses that nobody has, in Chinese */
  warnings: string[];
}

interface OneoffTasks {
  all: number;
  /** sent, or done by hand */
  done: number;
  open: number;
  /** skipped, expired, cancelled, … */
  ended: number;
}

/** A one-off that was read and checked, with the text kept for the record. */
export interface ReadOneoff {
  spec: JourneySpec;
  text: string;
}

interface OneoffDeps {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  journeys: Pick<JourneyService, "apply">;
  /** makes the tasks that a version just published makes due */
  planPublished(): Promise<unknown>;
  /** archives a journey with all that follows for its tasks; gives how many ended */
  archive(key: string, by: string): Promise<{ cancelled: number }>;
}

export type OneoffService = ReturnType<typeof oneoffService>;

/** The service of one-off tasks. */
export function oneoffService(deps: OneoffDeps) {
  const { store } = deps;
  return {
    /** Publishes a one-off and makes its tasks, where its first day has come. Raises `conflict` for a key already used. */
    create: async ({ spec, text }: ReadOneoff, by: string): Promise<MadeOneoff> => {
      const key = spec.key.slice(ONEOFF.length);
      if (await journeyByKey(store.read, spec.key))
        throw new Refusal("conflict", `一次性任务 ${key} 已经有了，请换一个 key。`);
      const { warnings } = await deps.journeys.apply(spec, text, { yes: false, insideGrace: false, by });
      await deps.planPublished();
      const made = (await list(store.read)).find((one) => one.key === key);
      if (!made) throw new Error(`no one-off ${key} right after it was made`);
      const { name, on, until, tasks } = made;
      await record(deps, by, "oneoff.create", key, { name, on, until, tasks: tasks.all });
      return { ...made, warnings };
    },
    /** All of them, the newest first. */
    list: (): Promise<Oneoff[]> => list(store.read),
    /** The same without counting their tasks. */
    listed: async (): Promise<ListedOneoff[]> => (await stored(store.read)).map(listedOf),
    /** One with its tasks by state. Raises `not_found`. */
    show: (key: string): Promise<ShownOneoff> => show(store.read, key),
    /** Ends a one-off: what is open is cancelled, what was done stays. Raises `not_found`. */
    close: async (key: string, by: string): Promise<{ cancelled: number }> => {
      if (!(await journeyByKey(store.read, ONEOFF + key)))
        throw new Refusal("not_found", `没有一次性任务 ${key}。`);
      const { cancelled } = await deps.archive(ONEOFF + key, by);
      await record(deps, by, "oneoff.close", key, { cancelled });
      return { cancelled };
    },
    /** Closes those whose deadline is over; gives how many. */
    closeEnded: async (): Promise<number> => {
      const today = shopDayOf(deps.world.now(), deps.zone);
      const open = (await stored(store.read)).filter(({ state }) => state !== "archived");
      const ended = open.filter(({ spec }) => oneoffDays(spec).until < today);
      for (const { journeyKey } of ended) await deps.archive(journeyKey, "system");
      return ended.length;
    },
  };
}

function record({ store, world }: OneoffDeps, by: string, action: string, key: string, after: object) {
  return store.write((sql) =>
    recordChange(sql, { at: world.now(), by, action, subject: `oneoff:${key}`, after }),
  );
}

function listedOf({ journeyKey, name, state, touchpointId, spec }: StoredOneoff): ListedOneoff {
  return {
    ...{ key: journeyKey.slice(ONEOFF.length), name, ...oneoffDays(spec), touchpointId, spec },
    state: state === "archived" ? "closed" : "open",
  };
}

async function show(sql: Sql, key: string): Promise<ShownOneoff> {
  const found = (await stored(sql)).find(({ journeyKey }) => journeyKey === ONEOFF + key);
  if (!found) throw new Refusal("not_found", `没有一次性任务 ${key}。`);
  const rows = await sql.rows<{ state: State; n: number }>(
    "SELECT state, COUNT(*) AS n FROM task WHERE touchpoint_id = ? GROUP BY state",
    [found.touchpointId],
  );
  return { ...listedOf(found), states: rows.map(({ state, n }) => ({ state, tasks: Number(n) })) };
}

interface StoredOneoff {
  journeyKey: string;
  name: string;
  state: string;
  touchpointId: number;
  spec: TouchpointSpec;
}

async function stored(sql: Sql): Promise<StoredOneoff[]> {
  const rows = await sql.rows<Omit<StoredOneoff, "spec"> & { spec: string }>(
    `SELECT j.journey_key AS journeyKey, j.name, j.state, v.touchpoint_id AS touchpointId, v.spec
     FROM journey j JOIN touchpoint_version v ON v.version_id = j.live_version_id
     WHERE j.journey_key LIKE '${ONEOFF}%' ORDER BY j.id DESC`,
  );
  return rows.map((row) => ({ ...row, spec: JSON.parse(row.spec) as TouchpointSpec }));
}

async function list(sql: Sql): Promise<Oneoff[]> {
  const oneoffs = await stored(sql);
  const rows = await selectIn<{ id: number; state: State; n: number }>(
    sql,
    "SELECT touchpoint_id AS id, state, COUNT(*) AS n FROM task WHERE touchpoint_id IN",
    oneoffs.map(({ touchpointId }) => touchpointId),
    { tail: " GROUP BY touchpoint_id, state" },
  );
  return oneoffs.map(({ journeyKey, name, state, touchpointId, spec }) => ({
    ...{ key: journeyKey.slice(ONEOFF.length), name, ...oneoffDays(spec) },
    state: state === "archived" ? ("closed" as const) : ("open" as const),
    tasks: countsOf(rows.filter(({ id }) => id === touchpointId)),
  }));
}

function countsOf(rows: readonly { state: State; n: number }[]): OneoffTasks {
  const sum = (is: (state: State) => boolean) =>
    rows.reduce((total, { state, n }) => total + (is(state) ? Number(n) : 0), 0);
  const isDone = (state: State) => state === "sent" || state === "done_by_hand";
  return {
    all: sum(() => true),
    done: sum(isDone),
    open: sum((state) => !isTerminal(state)),
    ended: sum((state) => isTerminal(state) && !isDone(state)),
  };
}

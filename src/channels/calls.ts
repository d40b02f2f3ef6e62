// How the calls of a chat system went, by API and hour, over all processes: counted here, written down a few times a minute.
import type { Logger } from "../infra/log.js";
import type { Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";

/** How an API did since an instant. Instants are epoch ms, 0 for never. */
export interface ApiCalls {
  api: string;
  calls: number;
  failed: number;
  /** the last that went well */
  doneAt: number;
  /** the last that failed */
  failedAt: number;
  /** its words */
  error: string;
}

interface Tally {
  calls: number;
  failed: number;
  doneAt: number;
  failedAt: number;
  error: string | null;
}

const HOUR = 3_600_000;
/** Between two writes; what a killed process had not written is lost, and only a figure. */
const EVERY = 10_000;
const LONGEST = 250;

interface CountDeps {
  store: Store;
  world: Pick<World, "now">;
  log: Pick<Logger, "warn">;
  channel: string;
}

/** The count of one channel's calls. */
export function callCount({ store, world, log, channel }: CountDeps) {
  let waiting = new Map<string, Tally>();
  let writing: Promise<void> | undefined;
  let nextAt = 0;
  const write = async (): Promise<void> => {
    const tallies = waiting;
    waiting = new Map();
    if (tallies.size === 0) return;
    await store
      .write((sql) => add(sql, channel, tallies))
      .catch((error: unknown) => log.warn({ err: error }, "calls could not be counted"));
  };
  return {
    /** One more call, and its error if it had one. */
    note(api: string, error?: string): void {
      const now = world.now();
      count(waiting, { api, error, now });
      if (now < nextAt || writing) return;
      nextAt = now + EVERY;
      writing = write().finally(() => {
        writing = undefined;
      });
    },
    /** Writes down what is left. */
    async close(): Promise<void> {
      await writing;
      await write();
    },
  };
}

function count(
  tallies: Map<string, Tally>,
  { api, error, now }: { api: string; error: string | undefined; now: number },
): void {
  const key = `${Math.floor(now / HOUR) * HOUR} ${api}`;
  const tally = tallies.get(key) ?? { calls: 0, failed: 0, doneAt: 0, failedAt: 0, error: null };
  tallies.set(key, tally);
  tally.calls++;
  if (error === undefined) tally.doneAt = now;
  else {
    tally.failed++;
    tally.failedAt = now;
    tally.error = error.slice(0, LONGEST);
  }
}

/** In one order of keys for all processes, and a row is only made where there is none: else two wait for each other. */
async function add(sql: Sql, channel: string, tallies: ReadonlyMap<string, Tally>): Promise<void> {
  const inOrder = [...tallies].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [key, { calls, failed, doneAt, failedAt, error }] of inOrder) {
    const [hourAt, ...api] = key.split(" ");
    const row = [channel, api.join(" ").slice(0, 80), Number(hourAt)];
    const counted = () =>
      sql.run(
        `UPDATE channel_call SET calls = calls + ?, failed = failed + ?, done_at = CASE WHEN done_at > ? THEN done_at
           ELSE ? END, failed_at = CASE WHEN failed_at > ? THEN failed_at ELSE ? END, error = COALESCE(?, error)
         WHERE channel = ? AND api = ? AND hour_at = ?`,
        [calls, failed, doneAt, doneAt, failedAt, failedAt, error, ...row],
      );
    if ((await counted()).affected > 0) continue;
    await sql.run(
      `${sql.dialect.insertIgnore} INTO channel_call (channel, api, hour_at, calls, failed, done_at, failed_at)
       VALUES (?, ?, ?, 0, 0, 0, 0)`,
      row,
    );
    await counted();
  }
}

/** Every API called since an instant (epoch ms), those that failed most first. */
export async function callsSince(sql: Sql, channel: string, since: number): Promise<ApiCalls[]> {
  const rows = await sql.rows<ApiCalls & { hourAt: number; error: string | null }>(
    `SELECT api, hour_at AS hourAt, calls, failed, done_at AS doneAt, failed_at AS failedAt, error FROM channel_call
     WHERE channel = ? AND hour_at >= ? ORDER BY hour_at`,
    [channel, Math.floor(since / HOUR) * HOUR],
  );
  const apis = new Map<string, ApiCalls>();
  for (const row of rows) {
    const sum = apis.get(row.api) ?? { api: row.api, calls: 0, failed: 0, doneAt: 0, failedAt: 0, error: "" };
    sum.calls += Number(row.calls);
    sum.failed += Number(row.failed);
    sum.doneAt = Math.max(sum.doneAt, Number(row.doneAt));
    sum.failedAt = Math.max(sum.failedAt, Number(row.failedAt));
    sum.error = row.error ?? sum.error;
    apis.set(row.api, sum);
  }
  return [...apis.values()].sort((a, b) => b.failed / b.calls - a.failed / a.calls || b.calls - a.calls);
}

/** Deletes what was counted before an instant. */
export async function forgetCalls(store: Store, before: number): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM channel_call WHERE hour_at < ?", [before]));
}

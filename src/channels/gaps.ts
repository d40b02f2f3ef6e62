// Gaps: when nobody listened to a chat account. They stand in the database, for whoever wonders about a day's replies.
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";

/** Whose gaps. */
export interface ListenedAccount {
  channel: string;
  /** the guide whose account it is */
  account: string;
}

/** Something a guide said to the assistant while nobody listened. */
export interface Unheard {
  /** epoch ms */
  at: number;
  text: string;
}

/** A gap its guide has not been told of; `unheard` null: nobody can tell what was said. */
export interface UntoldGap {
  id: number;
  beganAt: number;
  endedAt: number;
  unheard: Unheard[] | null;
}

/** The end of a gap. `recovered`: customers' messages found again; null: nobody can tell, as with `unheard`. */
export interface GapEnd {
  since: number;
  at: number;
  recovered: number | null;
  unheard: readonly Unheard[] | null;
}

/** The longest a reason is kept. */
const LONGEST = 250;
/** Of a gap that nobody wrote down when it began. */
const STOPPED = "服务中断";

/**
 * The gaps of one account. A process that died without a word leaves none behind: then the last sign of life of any
 * timed job tells since when nobody has listened.
 */
export function gapsOf(store: Store, { channel, account }: ListenedAccount) {
  const open = `channel = ? AND account = ? AND ended_at IS NULL`;
  const begin = (sql: Sql, { at, reason }: { at: number; reason: string }) =>
    sql.run("INSERT INTO channel_gap (channel, account, began_at, reason) VALUES (?, ?, ?, ?)", [
      ...[channel, account, at, reason.slice(0, LONGEST)],
    ]);
  return {
    async missingSince(): Promise<number | null> {
      const gap = await store.read.row<{ at: number | null }>(
        `SELECT MIN(began_at) AS at FROM channel_gap WHERE ${open}`,
        [channel, account],
      );
      if (gap && gap.at !== null) return Number(gap.at);
      const run = await store.read.row<{ at: number | null }>("SELECT MAX(started_at) AS at FROM job_run");
      return run && run.at !== null ? Number(run.at) : null;
    },

    /** Begins a gap, unless one goes on. */
    async away(event: { at: number; reason: string }): Promise<void> {
      await store.write(async (sql) => {
        if (await sql.row(`SELECT id FROM channel_gap WHERE ${open} LIMIT 1`, [channel, account])) return;
        await begin(sql, event);
      });
    },

    /** Ends what goes on; a gap nobody wrote down is written whole. */
    async back({ since, at, recovered, unheard }: GapEnd): Promise<void> {
      const end = [at, recovered, unheard && JSON.stringify(unheard), channel, account];
      const statement = `UPDATE channel_gap SET ended_at = ?, recovered = ?, unheard = ? WHERE ${open}`;
      await store.write(async (sql) => {
        if ((await sql.run(statement, end)).affected > 0) return;
        await begin(sql, { at: since, reason: STOPPED });
        await sql.run(statement, end);
      });
    },

    ...toldOf(store, { channel, account }),
  };
}

/** Adds a gap that is over, unless one that began then is known; false: it is. Part of a transaction. */
export async function addGap(
  sql: Sql,
  { channel, account }: ListenedAccount,
  { since, at }: Pick<GapEnd, "since" | "at">,
): Promise<boolean> {
  const whose = [channel, account, since];
  const known = "SELECT id FROM channel_gap WHERE channel = ? AND account = ? AND began_at = ?";
  if (await sql.row(known, whose)) return false;
  await sql.run(
    "INSERT INTO channel_gap (channel, account, began_at, ended_at, reason) VALUES (?, ?, ?, ?, ?)",
    [...whose, at, STOPPED],
  );
  return true;
}

/** What the account's guide has been told of its gaps. */
function toldOf(store: Store, { channel, account }: ListenedAccount) {
  return {
    /** Gaps that ended since an instant and that the guide has not been told of, oldest first. */
    async untold(since: number): Promise<UntoldGap[]> {
      const rows = await store.read.rows<Omit<UntoldGap, "unheard"> & { unheard: string | null }>(
        `SELECT id, began_at AS beganAt, ended_at AS endedAt, unheard FROM channel_gap
         WHERE channel = ? AND account = ? AND ended_at >= ? AND told_at IS NULL ORDER BY id`,
        [channel, account, since],
      );
      return rows.map(({ id, beganAt, endedAt, unheard }) => ({
        ...{ id, beganAt: Number(beganAt), endedAt: Number(endedAt) },
        unheard: unheard === null ? null : (JSON.parse(unheard) as Unheard[]),
      }));
    },

    /** When the guide was last told of a gap. */
    async lastTold(): Promise<number | null> {
      const row = await store.read.row<{ at: number | null }>(
        "SELECT MAX(told_at) AS at FROM channel_gap WHERE channel = ? AND account = ?",
        [channel, account],
      );
      return row && row.at !== null ? Number(row.at) : null;
    },

    async told(ids: readonly number[], at: number): Promise<void> {
      await store.write((sql) =>
        sql.run(`UPDATE channel_gap SET told_at = ? WHERE id IN (${marks(ids.length) || "0"})`, [at, ...ids]),
      );
    },
  };
}

/** Deletes what ended before an instant. */
export async function forgetGaps(store: Store, before: number): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM channel_gap WHERE ended_at < ?", [before]));
}

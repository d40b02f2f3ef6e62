// Gaps: when nobody listened to a chat account. They stand in the database, for whoever wonders about a day's replies.
import type { Sql, Store } from "../infra/store.js";

/** Whose gaps. */
export interface ListenedAccount {
  channel: string;
  /** the guide whose account it is */
  account: string;
}

/** The longest a reason is kept. */
const LONGEST = 250;

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
    async back({
      since,
      at,
      recovered,
    }: {
      since: number;
      at: number;
      recovered: number | null;
    }): Promise<void> {
      const end = [at, recovered, channel, account];
      const statement = `UPDATE channel_gap SET ended_at = ?, recovered = ? WHERE ${open}`;
      await store.write(async (sql) => {
        if ((await sql.run(statement, end)).affected > 0) return;
        await begin(sql, { at: since, reason: "服务中断" });
        await sql.run(statement, end);
      });
    },
  };
}

/** Deletes what ended before an instant. */
export async function forgetGaps(store: Store, before: number): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM channel_gap WHERE ended_at < ?", [before]));
}

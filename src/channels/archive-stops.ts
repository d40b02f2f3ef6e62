// The conversation archive keeps its records for some days: after a longer stop of ours those from before are gone, and HQ
// reads of it as of any other time in which nobody listened.
import type { Store } from "../infra/store.js";
import { addGap } from "./gaps.js";

const DAY = 86_400_000;
/** The archive's own promise; an older text says three. */
const KEPT = 5 * DAY;
/** What such a gap's account is called. */
const ARCHIVE = { channel: "archive", account: "会话存档" };
/** The row that whoever writes of a stop holds meanwhile. */
const TURN = "archive_stop";

/**
 * Writes down what a stop that has just ended cost: from the last sign of life of any process to what the archive still
 * gives. Once a stop, and only where the archive has ever been heard of. Gives whether anything is lost.
 */
export async function noteStop(store: Store, now: number): Promise<boolean> {
  const until = now - KEPT;
  const last = await store.read.row<{ at: number | null }>(
    "SELECT MAX(started_at) AS at FROM job_run WHERE started_at < ?",
    [now],
  );
  if (!last || last.at === null || Number(last.at) >= until) return false;
  const since = Number(last.at);
  const heard = await store.read.row("SELECT id FROM message WHERE source = 'archive' LIMIT 1");
  if (!heard) return false;
  return store.write(async (sql) => {
    // one after the other: processes that start together must not all find the stop untold
    const turn = sql.dialect.onConflict(["name"], ["value"]);
    await sql.run(`INSERT INTO setting (name, value) VALUES (?, ?)${turn}`, [TURN, String(since)]);
    return addGap(sql, ARCHIVE, { since, at: until });
  });
}

// Reminding guides, inside the chat system, of mass sends that wait for their tap: at most three times a task in 24 hours.
import { type Channel, ChannelError } from "../channels/port.js";
import { grouped, selectIn } from "../infra/batches.js";
import type { Logger } from "../infra/log.js";
import type { Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";

export interface ConfirmReminding {
  store: Store;
  world: Pick<World, "now">;
  channel: Pick<Channel, "name" | "promises" | "remind">;
  log: Pick<Logger, "warn">;
}

interface Waiting {
  id: number;
  ref: string;
  providerRef: string;
  guideId: number;
  userid: string;
  customers: number;
}

/** WeCom: more is 41094. */
const MOST = 3;
const DAY = 24 * 3_600_000;
const tooOften = 41094;

/** Reminds each guide of the one waiting mass send with most customers that may still be reminded of: more than one
 *  notice at once helps nobody. Gives how many guides were reminded. */
export async function remindToConfirm(parts: ConfirmReminding, guideIds: readonly number[]): Promise<number> {
  const { store, channel } = parts;
  if (!channel.promises.confirmsThere) return 0;
  const waiting = await selectIn<Waiting>(
    store.read,
    `SELECT h.id, h.ref, h.provider_ref AS providerRef, h.guide_id AS guideId, g.userid, h.customers
     FROM hand_over h JOIN guide g ON g.id = h.guide_id
     WHERE h.state = 'waiting' AND h.confirmed_at IS NULL AND h.provider_ref IS NOT NULL AND h.channel = ?
       AND h.guide_id IN`,
    guideIds,
    { params: [channel.name] },
  );
  let reminded = 0;
  for (const ofOne of grouped(waiting, ({ guideId }) => guideId).values()) {
    const largestFirst = [...ofOne].sort((a, b) => b.customers - a.customers || a.id - b.id);
    for (const handOver of largestFirst) {
      const result = await remindOnce(parts, handOver);
      if (result === "reminded") reminded++;
      if (result !== "full") break;
    }
  }
  return reminded;
}

async function remindOnce(
  parts: ConfirmReminding,
  handOver: Waiting,
): Promise<"reminded" | "full" | "failed"> {
  const { store, world, channel, log } = parts;
  const at = world.now();
  // written down before the call: two processes together do not remind more often than one
  if (!(await store.write((sql) => take(sql, handOver.id, at)))) return "full";
  try {
    const { ref, providerRef, userid: guideUserid } = handOver;
    await channel.remind({ ref, providerRef, guideUserid });
    return "reminded";
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    log.warn({ handOverId: handOver.id, err: error.message }, "a guide was not reminded in the chat system");
    if (error.code === tooOften) {
      await store.write((sql) => fill(sql, handOver.id, at));
      return "full";
    }
    if (error.kind !== "unknown") await store.write((sql) => giveBack(sql, handOver.id, at));
    return "failed";
  }
}

/** Counts one more reminder; false when there were as many as may be. */
async function take(sql: Sql, handOverId: number, at: number): Promise<boolean> {
  await sql.rows(`SELECT id FROM hand_over WHERE id = ?${sql.dialect.forUpdate}`, [handOverId]);
  const row = await sql.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM hand_over_reminder WHERE hand_over_id = ? AND at > ?",
    [handOverId, at - DAY],
  );
  if (Number(row?.n ?? 0) >= MOST) return false;
  const put = `${sql.dialect.insertIgnore} INTO hand_over_reminder (hand_over_id, at) VALUES (?, ?)`;
  return (await sql.run(put, [handOverId, at])).affected === 1;
}

/** The chat system says that there were as many as may be: somebody else reminded too. */
async function fill(sql: Sql, handOverId: number, at: number): Promise<void> {
  for (let n = 1; n < MOST; n++)
    await sql.run(`${sql.dialect.insertIgnore} INTO hand_over_reminder (hand_over_id, at) VALUES (?, ?)`, [
      ...[handOverId, at - n],
    ]);
}

async function giveBack(sql: Sql, handOverId: number, at: number): Promise<void> {
  await sql.run("DELETE FROM hand_over_reminder WHERE hand_over_id = ? AND at = ?", [handOverId, at]);
}

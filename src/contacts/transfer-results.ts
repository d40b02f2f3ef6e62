// What became of transfers: read from the chat system for those outstanding, and settled customer by customer.
import type { TransferPair, TransferStanding } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import type { TransferRow } from "../customers/tables.js";
import { writeTransfers } from "../customers/transfer-writes.js";
import { chunked } from "../infra/batches.js";
import type { Placed } from "../infra/upserts.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { ContactParts } from "./members.js";
import { patiently } from "./patience.js";
import { dueSets, type TransferState } from "./transfer-rows.js";

const PIECE = 100;
/** a transfer ends after a day at the earliest, and by a no at any time */
const LOOK = 600_000;

/** Reads what became of those outstanding, and settles it. Gives how many have ended. */
export async function readResults(parts: ContactParts): Promise<number> {
  let settled = 0;
  for (const { pair, customers } of await dueSets(parts, ["calling", "waiting"])) {
    let results: Map<string, TransferStanding>;
    try {
      results = await patiently(parts.world, () => parts.directory.transferResults(pair));
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      parts.log.warn({ err: error.message }, "results of transfers could not be read");
      continue;
    }
    for (const piece of chunked(customers, PIECE))
      settled += await settle(
        parts,
        pair,
        piece.map((one) => ({ ...one, standing: results.get(one.externalUserid) ?? "none" })),
      );
  }
  return settled;
}

interface Read {
  customerId: number;
  externalUserid: string;
  state: TransferState;
  standing: TransferStanding;
}

const AFTER: Record<TransferStanding, TransferState | undefined> = {
  ...{ done: "done", refused: "refused", full: "full", waiting: undefined, none: undefined },
};

/** Writes results down: who is taken over belongs to the new guide, who said no to somebody who has left to nobody. */
async function settle(
  { store, world, zone }: ContactParts,
  { kind, toUserid }: TransferPair,
  read: readonly Read[],
): Promise<number> {
  const now = world.now();
  return store.write(async (sql) => {
    let ended = 0;
    const moved: Placed<TransferRow>[] = [];
    for (const { customerId, externalUserid, state, standing } of read) {
      // a call without an answer that left no trace never took place; a begun one that is gone has failed
      const next =
        AFTER[standing] ?? (standing === "waiting" ? "waiting" : state === "calling" ? "asked" : "failed");
      const { affected } = await sql.run(
        `UPDATE contact_transfer SET state = ?, next_at = ? WHERE customer_id = ? AND state = ?`,
        [next, next === "asked" ? now : now + LOOK, customerId, state],
      );
      if (affected !== 1 || next === "waiting" || next === "asked") continue;
      ended++;
      const placed = (outcome: string, guideUserid?: string) =>
        moved.push({ row: { externalUserid, guideUserid, outcome }, where: "transfers", line: 1 });
      if (next === "done") placed("accepted", toUserid);
      // of a guide who stays nothing changes
      else if (next === "refused" && kind === "resigned") placed("declined");
    }
    const today = shopDayOf(now, zone);
    const writing = { today, at: now, quietThrough: null, secretKey: Buffer.alloc(0) };
    await writeTransfers(sql, moved, writing);
    return ended;
  });
}

/** The chat system says that a transfer failed. */
export async function hearFailed(
  parts: ContactParts,
  takerUserid: string,
  externalUserid: string,
  refused: boolean,
): Promise<void> {
  const row = await parts.store.read.row<Read & TransferPair>(
    `SELECT t.customer_id AS customerId, c.external_userid AS externalUserid, t.state, t.kind,
       f.userid AS fromUserid, g.userid AS toUserid
     FROM contact_transfer t JOIN customer c ON c.id = t.customer_id JOIN guide f ON f.id = t.from_guide_id
       JOIN guide g ON g.id = t.to_guide_id
     WHERE c.external_userid = ? AND LOWER(g.userid) = LOWER(?) AND t.state IN ('calling', 'waiting')`,
    [externalUserid, takerUserid],
  );
  if (row) await settle(parts, row, [{ ...row, standing: refused ? "refused" : "full" }]);
}

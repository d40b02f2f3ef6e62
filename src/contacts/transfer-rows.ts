// Transfers under way as rows: which are due to be looked at, by pair of guides.
import type { TransferPair } from "../channels/directory.js";
import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { ContactParts } from "./members.js";

/** asked: not called yet; calling: called, and no answer known; waiting: begun there; done, refused, full (the taker may
 *  have no more), failed. */
export type TransferState = "asked" | "calling" | "waiting" | "done" | "refused" | "full" | "failed";

/** Customers on their way from one guide to another. */
export interface TransferSet {
  pair: TransferPair;
  message: string;
  customers: readonly { customerId: number; externalUserid: string; state: TransferState }[];
}

/** The transfers in a state that are due to be looked at, by pair of guides. */
export async function dueSets(
  { store, world }: ContactParts,
  states: readonly TransferState[],
): Promise<TransferSet[]> {
  const rows = await store.read.rows<
    TransferPair & { customerId: number; externalUserid: string; state: TransferState; message: string }
  >(
    `SELECT t.customer_id AS customerId, c.external_userid AS externalUserid, f.userid AS fromUserid,
       g.userid AS toUserid, t.kind, t.state, t.message
     FROM contact_transfer t JOIN customer c ON c.id = t.customer_id JOIN guide f ON f.id = t.from_guide_id
       JOIN guide g ON g.id = t.to_guide_id
     WHERE t.state IN (${marks(states.length)}) AND t.next_at <= ? ORDER BY t.customer_id LIMIT 20000`,
    [...states, world.now()],
  );
  const sets = grouped(rows, (row) => JSON.stringify([row.kind, row.fromUserid, row.toUserid, row.message]));
  return [...sets.values()].map((group) => {
    const [{ kind, fromUserid, toUserid, message }] = group as [(typeof rows)[number]];
    return { pair: { kind, fromUserid, toUserid }, message, customers: group };
  });
}

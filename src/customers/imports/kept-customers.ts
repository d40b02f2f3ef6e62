// What an import keeps of the customers it makes and changes, so that it can be taken back.
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import type { KeptChange } from "../../infra/upserts.js";
import { pairOf } from "../contacts.js";
import type { CustomerChange, StoredCustomer } from "../writing.js";

/** A customer as kept: imported tags only where the file had a column of them. */
export type KeptCustomer = Omit<StoredCustomer, "id" | "tags"> & { tags?: string };

/** A customer before an import: besides, whether the friendship with the new owner was not there. */
export type CustomerBefore = KeptCustomer & { contactMade?: boolean };

/** These changes as `Keep` hears them; call it when the customers' rows are written and their contacts are not. */
export async function keptCustomers(
  sql: Sql,
  changes: readonly CustomerChange[],
  withTags: boolean,
): Promise<KeptChange[]> {
  const moved = changes.filter(
    ({ before, after }) => before && after.guideId !== null && after.guideId !== before.guideId,
  );
  const there = await pairsOf(
    sql,
    moved.map(({ after }) => after.id),
  );
  return changes.map(({ before, after }) => {
    const isMade = after.guideId !== null && !there.has(pairOf(after.id, after.guideId));
    const contact = before && after.guideId !== before.guideId && isMade ? { contactMade: true } : {};
    return {
      ...{ key: after.externalUserid, customerId: after.id, after: keptOf(after, withTags) },
      before: before && { ...keptOf(before, withTags), ...contact },
    };
  });
}

/** What is compared and brought back of a customer. */
export function keptOf({ id: _id, tags, ...row }: StoredCustomer, withTags: boolean): KeptCustomer {
  return withTags ? { ...row, tags } : row;
}

async function pairsOf(sql: Sql, customerIds: readonly number[]): Promise<Set<string>> {
  const rows = await selectIn<{ customerId: number; guideId: number }>(
    sql,
    "SELECT customer_id AS customerId, guide_id AS guideId FROM contact WHERE customer_id IN",
    customerIds,
  );
  return new Set(rows.map(({ customerId, guideId }) => pairOf(customerId, guideId)));
}

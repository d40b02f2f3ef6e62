// Open tasks of customers who left their touchpoint's audience without an event that says so, such as an import: they go.
import { setImmediate as turn } from "node:timers/promises";
import { chunked } from "../infra/batches.js";
import type { Store } from "../infra/store.js";
import { isEveryone } from "../journeys/audience.js";
import type { AudienceBasis } from "../journeys/audience-sql.js";
import { liveTouchpoints } from "../journeys/queries.js";
import { CORRECTABLE } from "./corrections.js";
import { leaveReady } from "./hand-overs.js";
import type { Reason } from "./life.js";
import { moveTasks } from "./moves.js";
import { outsideOf } from "./outsiders.js";

/** Tasks in one transaction. */
const PIECE = 500;

/** Cancels what no channel has and whose customer is not in the audience any more. */
export async function cancelOutsiders(
  store: Store,
  basis: AudienceBasis,
  /** epoch ms, for the record */
  at: number,
): Promise<void> {
  for (const { id, spec } of await liveTouchpoints(store.read)) {
    if (isEveryone(spec.audience)) continue;
    const outside = await outsideOf(store.read, { id, audience: spec.audience }, basis);
    await cancelOpen(store, outside, "audience_left", at);
  }
}

/** Cancels those of these tasks that no channel has; gives how many. */
export async function cancelOpen(
  store: Store,
  taskIds: readonly number[],
  reason: Reason,
  /** epoch ms, for the record */
  at: number,
): Promise<number> {
  let cancelled = 0;
  for (const ids of chunked(taskIds, PIECE)) {
    const moved = await store.write(async (sql) => {
      await leaveReady(sql, ids);
      return moveTasks(sql, ids, { from: CORRECTABLE, to: "cancelled", reason, actor: "system", at });
    });
    cancelled += moved.length;
    await turn();
  }
  return cancelled;
}

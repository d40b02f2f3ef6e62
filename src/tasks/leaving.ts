// Open tasks of customers who left their touchpoint's audience without an event that says so, such as an import: they go.
import { setImmediate as turn } from "node:timers/promises";
import type { Store } from "../infra/store.js";
import { isEveryone } from "../journeys/audience.js";
import type { AudienceBasis } from "../journeys/audience-sql.js";
import { liveTouchpoints } from "../journeys/queries.js";
import { CORRECTABLE } from "./corrections.js";
import { leaveReady } from "./hand-overs.js";
import { moveTasks } from "./moves.js";
import { outsideOf } from "./outsiders.js";

/** Tasks in one transaction. */
const PIECE = 500;

/** Cancels what no channel has and whose customer is not in the audience any more; gives how many tasks went. */
export async function cancelOutsiders(
  store: Store,
  basis: AudienceBasis,
  /** epoch ms, for the record */
  at: number,
): Promise<number> {
  let gone = 0;
  for (const { id, spec } of await liveTouchpoints(store.read)) {
    if (isEveryone(spec.audience)) continue;
    const outside = await outsideOf(store.read, { id, audience: spec.audience }, basis);
    for (let from = 0; from < outside.length; from += PIECE) {
      const ids = outside.slice(from, from + PIECE);
      await store.write(async (sql) => {
        await leaveReady(sql, ids);
        const end = { to: "cancelled", reason: "audience_left", note: null } as const;
        await moveTasks(sql, ids, { ...end, from: CORRECTABLE, actor: "system", at });
      });
      gone += ids.length;
      await turn();
    }
  }
  return gone;
}

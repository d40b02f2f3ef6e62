// The chat system says that a customer is no friend of their guide any more: the friendship has ended, whoever ended it.
import { writeContactEvent } from "../customers/contact-events.js";
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

/** Ends the friendships these tasks were to be done in; the callback that should have told of it may be lost. Part of a
 *  transaction. */
export async function endFriendships(sql: Sql, taskIds: readonly number[], today: ShopDay): Promise<void> {
  const pairs = await selectIn<{ guideId: number; externalUserid: string }>(
    sql,
    `SELECT DISTINCT t.guide_id AS guideId, c.external_userid AS externalUserid
     FROM task t JOIN customer c ON c.id = t.customer_id WHERE t.guide_id IS NOT NULL AND t.id IN`,
    taskIds,
  );
  for (const pair of pairs) await writeContactEvent(sql, { kind: "ended", day: today, ...pair }, today);
}

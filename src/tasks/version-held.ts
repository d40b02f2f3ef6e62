// What a new hold-out makes of open tasks: those that nobody has seen are drawn as if they were planned now.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { Publication } from "../journeys/service.js";
import { moveWhere } from "./moves.js";
import { type Kept, OF_TOUCHPOINT } from "./version-dates.js";

/** Holds out the unseen tasks of customers who fall into a hold-out that this version begins or changes. */
export async function holdOut(
  sql: Sql,
  { version, actor, at }: Publication,
  kept: readonly Kept[],
): Promise<void> {
  const drawn = kept.filter(
    ({ before, after }) =>
      (after.holdOut ?? 0) !== (before.holdOut ?? 0) ||
      (after.journeyHoldOut ?? 0) !== (before.journeyHoldOut ?? 0),
  );
  if (drawn.length === 0) return;
  const moved = await moveWhere(
    sql,
    {
      sql: `${OF_TOUCHPOINT} IN (${marks(drawn.length)}) AND offered_at IS NULL AND EXISTS (
        SELECT 1 FROM customer c JOIN touchpoint t ON t.id = task.touchpoint_id
          JOIN experiment e ON e.journey_id = t.journey_id AND e.touchpoint_id IN (0, t.id)
            AND e.kind = 'hold_out' AND e.ended_on IS NULL
          JOIN experiment_bucket b ON b.experiment_id = e.id AND b.bucket = c.bucket
        WHERE c.id = task.customer_id)`,
      params: drawn.map(({ id }) => id),
    },
    {
      ...{ from: ["planned", "held"], to: "held_out", reason: "held_out", actor, at },
      note: version && `第${version.number}版`,
    },
  );
  await rememberHeld(sql, moved);
}

const BATCH = 5_000;

async function rememberHeld(sql: Sql, taskIds: readonly number[]): Promise<void> {
  for (let at = 0; at < taskIds.length; at += BATCH) {
    const part = taskIds.slice(at, at + BATCH);
    await sql.run(
      `${sql.dialect.insertIgnore} INTO held_customer (touchpoint_id, customer_id)
       SELECT DISTINCT touchpoint_id, customer_id FROM task WHERE id IN (${marks(part.length)})`,
      part,
    );
  }
}

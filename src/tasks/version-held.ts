// What a new hold-out makes of open tasks: those that nobody has seen are drawn as if they were planned now.
import { chunked, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { heldBuckets } from "../journeys/experiments.js";
import type { Publication } from "../journeys/service.js";
import { moveTasks } from "./moves.js";
import { type Kept, OF_TOUCHPOINT } from "./version-dates.js";

/** The unseen tasks of customers who fall into a hold-out that a version begins or changes. */
export async function drawnAnew(sql: Sql, kept: readonly Kept[]): Promise<number[]> {
  const drawn = kept.filter(
    ({ before, after }) =>
      (after.holdOut ?? 0) !== (before.holdOut ?? 0) ||
      (after.journeyHoldOut ?? 0) !== (before.journeyHoldOut ?? 0),
  );
  if (drawn.length === 0) return [];
  const tasks = await selectIn<{ id: number; touchpointId: number; journeyKey: string; bucket: number }>(
    sql,
    `SELECT task.id, task.touchpoint_id AS touchpointId, j.journey_key AS journeyKey, c.bucket
     FROM task JOIN customer c ON c.id = task.customer_id JOIN touchpoint t ON t.id = task.touchpoint_id
       JOIN journey j ON j.id = t.journey_id
     WHERE task.state IN ('planned', 'held') AND task.offered_at IS NULL AND ${OF_TOUCHPOINT} IN`,
    drawn.map(({ id }) => id),
  );
  const journeyKey = tasks[0]?.journeyKey ?? "";
  const held = new Map(drawn.map(({ id, after }) => [id, heldBuckets(journeyKey, after)]));
  return tasks
    .filter(({ touchpointId, bucket }) => held.get(touchpointId)?.has(bucket))
    .map(({ id }) => Number(id));
}

const BATCH = 5_000;

/** Holds these tasks out, and their customers for ever. */
export async function holdOut(
  sql: Sql,
  { version, actor, at }: Publication,
  taskIds: readonly number[],
): Promise<void> {
  const moved = await moveTasks(sql, taskIds, {
    ...{ from: ["planned", "held"], to: "held_out", reason: "held_out", actor, at },
    note: version && `第${version.number}版`,
  });
  for (const part of chunked(moved, BATCH))
    await sql.run(
      `${sql.dialect.insertIgnore} INTO held_customer (touchpoint_id, customer_id)
       SELECT DISTINCT touchpoint_id, customer_id FROM task WHERE id IN (${marks(part.length)})`,
      part,
    );
}

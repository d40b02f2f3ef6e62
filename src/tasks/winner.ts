// The words that won go to everybody: those who wait get them too.
import type { Sql } from "../infra/store.js";

/** Gives the tasks of a touchpoint that nobody has seen this variant of its words. */
export async function giveVariant(sql: Sql, touchpointId: number, variant: number): Promise<void> {
  await sql.run(
    `UPDATE task SET variant = ? WHERE state IN ('planned', 'held') AND +task.touchpoint_id = ? AND offered_at IS NULL
       AND variant <> ?`,
    [variant, touchpointId, variant],
  );
}

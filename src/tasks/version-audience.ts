// What a new version's audience makes of open tasks: those of customers who no longer belong to it go.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { audienceCondition, isEveryone } from "../journeys/audience.js";
import { stableJson } from "../journeys/spec.js";
import { regionIdsByName } from "../org/queries.js";
import { CORRECTABLE } from "./corrections.js";
import { type Kept, OF_TOUCHPOINT } from "./version-dates.js";

/** The tasks no channel has, whose customers are not in their touchpoint's new audience. */
export async function leavers(sql: Sql, kept: readonly Kept[]): Promise<number[]> {
  const narrowed = kept.filter(
    ({ before, after }) =>
      !isEveryone(after.audience) && stableJson(before.audience) !== stableJson(after.audience),
  );
  if (narrowed.length === 0) return [];
  const regionIds = await regionIdsByName(sql);
  const left: number[] = [];
  for (const { id, after } of narrowed) {
    const inside = audienceCondition(after.audience, regionIds);
    const rows = await sql.rows<{ id: number }>(
      `SELECT task.id FROM task JOIN customer c ON c.id = task.customer_id
       WHERE task.state IN (${marks(CORRECTABLE.length)}) AND ${OF_TOUCHPOINT} = ?
         AND NOT COALESCE(${inside.sql}, 0)`,
      [...CORRECTABLE, id, ...inside.params],
    );
    for (const row of rows) left.push(Number(row.id));
  }
  return left;
}

// Opens a figure of an experiment: the occurrences of an arm, or those held out, by their due days, as they are counted.
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";
import { Refusal } from "../../kernel/refusals.js";
import type { Question } from "../asking.js";
import { ARM_CONDITIONS, type ArmPart } from "../experiments/arm-sql.js";
import { drawnVersions } from "../experiments/uplift.js";
import type { DrillAsk, DrillCursor } from "./drill.js";
import { type DrillRow, TASK } from "./drill-rows.js";

/** A page of occurrences, and how many there are. */
export interface ArmPage {
  total: number;
  rows: DrillRow[];
  more: boolean;
}

/** A page of an arm's part, from the first due day on. Experiments are the whole brand's: raises `not_found` for a place
 *  within, `invalid` without one touchpoint. */
export async function armPage(
  { sql, place, span }: Question,
  { touchpoints, variant, limit }: Pick<DrillAsk, "touchpoints" | "variant" | "limit">,
  part: ArmPart,
  after: DrillCursor | undefined,
): Promise<ArmPage> {
  if (place.kind !== "brand") throw new Refusal("not_found", "实验的数字只有全国的。");
  const [touchpoint, ...others] = touchpoints ?? [];
  if (touchpoint === undefined || others.length > 0)
    throw new Refusal("invalid", "实验的数字要说明是哪个触点。");
  const which = await whichOf(sql, { part, touchpoint, variant });
  const from = `FROM task${sql.dialect.force("task_due")} WHERE ${which.sql}`;
  const days = await sql.rows<{ day: string; n: number }>(
    `SELECT due_on AS day, COUNT(*) AS n ${from} AND due_on BETWEEN ? AND ? GROUP BY due_on ORDER BY due_on`,
    [...which.params, span.from, span.to],
  );
  const rows: DrillRow[] = [];
  for (const { day } of days) {
    if (rows.length > limit) break;
    if (after && day < after.day) continue;
    const found = await sql.rows<DrillRow>(
      `SELECT ${TASK}, release_on AS day ${from} AND due_on = ? AND id > ? ORDER BY id LIMIT ?`,
      [...which.params, day, after?.day === day ? after.id : 0, limit + 1 - rows.length],
    );
    rows.push(...found.map((row) => ({ ...row, id: Number(row.id) })));
  }
  return {
    total: days.reduce((sum, { n }) => sum + Number(n), 0),
    ...{ rows: rows.slice(0, limit), more: rows.length > limit },
  };
}

/** Where a page ended: its days are the due days. */
export function armCursor({ id, dueOn, day }: DrillRow): DrillCursor {
  return { day: dueOn ?? day, region: 0, store: 0, guide: 0, id };
}

/** What was held out is compared with what its own hold-out drew: with no occurrence of other versions. */
async function whichOf(
  sql: Sql,
  { part, touchpoint, variant }: { part: ArmPart; touchpoint: number; variant: number | undefined },
): Promise<{ sql: string; params: Param[] }> {
  const own = `touchpoint_id = ? AND ${ARM_CONDITIONS[part]}`;
  if (part === "drawn" || part === "held") {
    const { ids } = await drawnVersions(sql, touchpoint);
    return { sql: `${own} AND version_id IN (${marks(ids.length) || "-1"})`, params: [touchpoint, ...ids] };
  }
  if (variant === undefined) return { sql: own, params: [touchpoint] };
  return { sql: `${own} AND variant = ?`, params: [touchpoint, variant] };
}

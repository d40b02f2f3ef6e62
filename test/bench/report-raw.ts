// The baseline of reports: the same figures by one GROUP BY over all tasks of the span, without roll-ups.
import type { Sql } from "../../src/infra/store.js";
import { loadTree } from "../../src/org/queries.js";
import type { ReportAsk, ReportNode } from "../../src/reports/report.js";
import type { Span } from "../../src/reports/weeks.js";

const acted = "acted_at IS NOT NULL";
const withdrawn = `(state IN ('cancelled', 'merged', 'held', 'failed')
  OR (state = 'skipped' AND reason NOT LIKE 'guide!_skipped!_%' ESCAPE '!'))`;
const count = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;

const measures = `${count(`state <> 'planned' AND (${acted} OR NOT ${withdrawn})`)} AS issued,
  ${count(`${acted} AND state IN ('sent', 'done_by_hand', 'skipped', 'failed')`)} AS completed,
  ${count("state = 'sent'")} AS delivered,
  ${count("state = 'sent' AND observed = 1")} AS observed,
  ${count("state = 'sent' AND observed = 1 AND replied_at IS NOT NULL")} AS replied`;

/** "issued/replied" by unit id, straight from the tasks. */
export async function rawAnswer(
  sql: Sql,
  span: Span,
  { by, within }: Pick<ReportAsk, "by"> & { within?: ReportNode },
): Promise<Map<number, string>> {
  const tree = await loadTree(sql);
  const inside =
    within?.kind === "store"
      ? `store_id = ${within.id}`
      : within
        ? `region_id IN (${tree.subtree(within.id).join(", ")})`
        : "1 = 1";
  const unit = by === "region" ? "region_id" : within?.kind === "store" ? "guide_id" : "store_id";
  const folded = by === "region" ? "p.parent_id" : unit;
  const join =
    by === "region" ? "JOIN region r ON r.id = t.region_id JOIN region p ON p.id = r.parent_id" : "";
  const rows = await sql.rows<{ unit: number; issued: number; replied: number }>(
    `SELECT ${folded} AS unit, ${measures} FROM task t ${join}
     WHERE release_on BETWEEN ? AND ? AND offered_at IS NOT NULL AND ${inside} GROUP BY ${folded}`,
    [span.from, span.to],
  );
  return new Map(rows.map((row) => [row.unit, `${row.issued}/${row.replied}`]));
}

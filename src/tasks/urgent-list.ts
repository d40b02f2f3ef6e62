// Where an urgent task stands on a list that was shown already.
import type { Sql } from "../infra/store.js";

/** Under the next number of the list the guide last saw: the numbers on it go on meaning what they meant. */
export async function putAtEnd(sql: Sql, guideId: number, taskId: number, at: number): Promise<void> {
  await sql.row(`SELECT id FROM guide WHERE id = ?${sql.dialect.forUpdate}`, [guideId]);
  const known = await sql.row("SELECT task_id FROM guide_list WHERE guide_id = ? AND task_id = ?", [
    guideId,
    taskId,
  ]);
  if (known) return;
  const last = await sql.row<{ n: number | null }>(
    "SELECT MAX(position) AS n FROM guide_list WHERE guide_id = ?",
    [guideId],
  );
  await sql.run("INSERT INTO guide_list (guide_id, position, task_id, listed_at) VALUES (?, ?, ?, ?)", [
    ...[guideId, Number(last?.n ?? 0) + 1, taskId, at],
  ]);
}

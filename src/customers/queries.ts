// Reads of customers by the keys other systems use.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";

/** Customer ids by external_userid, of those we know. */
export async function customerIds(
  sql: Sql,
  externalUserids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await selectIn<{ id: number; externalUserid: string }>(
    sql,
    `SELECT id, external_userid AS externalUserid
     FROM customer${sql.dialect.force("external_userid")} WHERE external_userid IN`,
    [...new Set(externalUserids)],
    { forced: true },
  );
  return new Map(rows.map((row) => [row.externalUserid, row.id]));
}

// A customer's wish to get no more messages.
import type { Sql } from "../infra/store.js";

/** Writes the wish down; false when it was known. Whatever sends asks for it again before it sends. */
export async function optOut(sql: Sql, customerId: number): Promise<boolean> {
  const { affected } = await sql.run("UPDATE customer SET opted_out = 1 WHERE id = ? AND opted_out = 0", [
    customerId,
  ]);
  return affected > 0;
}

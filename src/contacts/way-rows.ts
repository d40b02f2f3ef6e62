// Rows of contact ways and the guides behind them.
import { chunked } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { ContactParts } from "./members.js";

/** The guides of each store who work there today, by userid. */
export async function guidesByStore({ store, world, zone }: ContactParts): Promise<Map<number, string[]>> {
  const rows = await store.read.rows<{ storeId: number; userid: string }>(
    "SELECT store_id AS storeId, userid FROM guide WHERE left_on IS NULL OR left_on > ? ORDER BY userid",
    [shopDayOf(world.now(), zone)],
  );
  const byStore = new Map<number, string[]>();
  for (const { storeId, userid } of rows) byStore.set(storeId, [...(byStore.get(storeId) ?? []), userid]);
  return byStore;
}

/** Changes columns of a code's row. */
export async function setWay(
  { store }: ContactParts,
  id: number,
  change: Record<string, Param>,
): Promise<void> {
  const columns = Object.keys(change).map((column) => `${column} = ?`);
  await store.write((sql) =>
    sql.run(`UPDATE contact_way SET ${columns.join(", ")} WHERE id = ?`, [...Object.values(change), id]),
  );
}

const PIECE = 500;

/** Says of codes that are not made why not. */
export async function sayUnmade({ store }: ContactParts, ids: readonly number[], why: string): Promise<void> {
  for (const some of chunked(ids, PIECE))
    await store.write((sql) =>
      sql.run(`UPDATE contact_way SET error = ? WHERE config_id IS NULL AND id IN (${marks(some.length)})`, [
        why,
        ...some,
      ]),
    );
}

/** The chat system's ids of all codes made so far, those taken back among them. */
export async function knownConfigs(sql: Sql): Promise<Set<string>> {
  const rows = await sql.rows<{ configId: string }>(
    "SELECT config_id AS configId FROM contact_way WHERE config_id IS NOT NULL",
  );
  return new Set(rows.map(({ configId }) => configId));
}

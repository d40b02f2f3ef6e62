// Which campaign a code belongs to, by the state it brings along.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";

/** Campaigns by state, of codes of ours, those taken back among them. */
export async function campaignsByState(sql: Sql, states: readonly string[]): Promise<Map<string, string>> {
  const rows = await selectIn<{ state: string; campaign: string }>(
    sql,
    "SELECT state, campaign FROM contact_way WHERE state IN",
    [...new Set(states)].filter((state) => state !== ""),
  );
  return new Map(rows.map(({ state, campaign }) => [state, campaign]));
}

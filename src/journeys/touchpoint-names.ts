// What touchpoints and journeys are called where only their keys are known.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { JourneySpec } from "./spec.js";

/** Names by `journey/touchpoint`, of their keys. */
export type TouchpointNames = ReadonlyMap<string, string>;

/** The names in force, and over them those of a draft. */
export async function namesWith(sql: Sql, draft: JourneySpec): Promise<TouchpointNames> {
  const rows = await sql.rows<{ journey: string; touchpoint: string; name: string }>(
    `SELECT j.journey_key AS journey, t.touchpoint_key AS touchpoint, v.name
     FROM journey j JOIN touchpoint_version v ON v.version_id = j.live_version_id
       JOIN touchpoint t ON t.id = v.touchpoint_id`,
  );
  return new Map([
    ...rows.map(({ journey, touchpoint, name }) => [`${journey}/${touchpoint}`, name] as const),
    ...draft.touchpoints.map(({ key, name }) => [`${draft.key}/${key}`, name] as const),
  ]);
}

/** What journeys are called in their drafts, by their keys. */
export async function draftNames(sql: Sql, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.rows<{ journey: string; data: string }>(
    `SELECT journey_key AS journey, data FROM journey_draft WHERE journey_key IN (${marks(keys.length) || "NULL"})`,
    [...keys],
  );
  return new Map(
    rows.map(({ journey, data }) => [journey, (JSON.parse(data) as { name?: string }).name ?? journey]),
  );
}

// The versions of a journey: listed, and each read whole as it was published.
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { dataOf, type JourneyData } from "./draft-data.js";
import type { JourneySpec, TouchpointSpec } from "./spec.js";

/** A version in the list. */
export interface VersionLine {
  number: number;
  /** epoch ms */
  publishedAt: number;
  publishedBy: string;
  touchpoints: number;
}

/** A version whole. */
export interface PublishedVersion extends Omit<VersionLine, "touchpoints"> {
  spec: JourneySpec;
  /** what it was read from */
  source: string;
}

/** Every version of a journey, newest first; none of a key nobody has published. */
export async function versionsOf(sql: Sql, key: string): Promise<VersionLine[]> {
  const rows = await sql.rows<VersionLine>(
    `SELECT v.number, v.published_at AS publishedAt, v.published_by AS publishedBy,
       (SELECT COUNT(*) FROM touchpoint_version p WHERE p.version_id = v.id) AS touchpoints
     FROM journey j JOIN journey_version v ON v.journey_id = j.id WHERE j.journey_key = ? ORDER BY v.number DESC`,
    [key],
  );
  return rows.map((row) => ({
    ...row,
    publishedAt: Number(row.publishedAt),
    touchpoints: Number(row.touchpoints),
  }));
}

/** One version of a journey. Raises `not_found`. */
export async function versionAt(sql: Sql, key: string, number: number): Promise<PublishedVersion> {
  const row = await sql.row<Omit<PublishedVersion, "spec"> & { id: number }>(
    `SELECT v.id, v.number, v.source, v.published_at AS publishedAt, v.published_by AS publishedBy
     FROM journey j JOIN journey_version v ON v.journey_id = j.id WHERE j.journey_key = ? AND v.number = ?`,
    [key, number],
  );
  if (!row) throw new Refusal("not_found", `旅程 ${key} 没有第 ${number} 版。`);
  const touchpoints = await sql.rows<{ spec: string }>(
    "SELECT spec FROM touchpoint_version WHERE version_id = ? ORDER BY position",
    [row.id],
  );
  const specs = touchpoints.map(({ spec }) => JSON.parse(spec) as TouchpointSpec);
  const { id, ...version } = row;
  const { name } = dataOf(row.source, { touchpoints: specs });
  return {
    ...{ ...version, publishedAt: Number(row.publishedAt) },
    spec: { key, name: String(name ?? key), touchpoints: specs },
  };
}

/** A version as the data a draft is made of. */
export function versionData({ source, spec }: Pick<PublishedVersion, "source" | "spec">): JourneyData {
  return dataOf(source, spec);
}

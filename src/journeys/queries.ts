// What is published: the touchpoints that plan today, a touchpoint as one version has it, a journey as it stands.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { type Trial, trialsOf } from "./experiment-queries.js";
import { type JourneySpec, type TouchpointSpec, URGENT_REPLY, type Way } from "./spec.js";

/** `live` plans and sends; `paused` goes on planning, so that every occurrence has its row, and sends nothing; `archived`
 *  does neither. */
export type JourneyState = "live" | "paused" | "archived";

/** A touchpoint of the version in force of a journey that plans. */
export interface LiveTouchpoint {
  id: number;
  journeyId: number;
  journeyKey: string;
  journeyName: string;
  key: string;
  name: string;
  versionId: number;
  /** due days before it are not planned */
  plansFrom: ShopDay;
  spec: TouchpointSpec;
  /** absent where nothing is or was tried */
  trial?: Trial;
}

/** A touchpoint as one version has it, live or past. */
export interface VersionTouchpoint {
  id: number;
  versionId: number;
  journeyName: string;
  name: string;
  spec: TouchpointSpec;
}

/** A touchpoint of the version in force, whether its journey is live or paused. */
export interface StoredTouchpoint {
  id: number;
  plansFrom: ShopDay;
  spec: TouchpointSpec;
}

/** A journey with the version in force; null before the first. */
export interface StoredJourney {
  id: number;
  state: JourneyState;
  version: { id: number; number: number; digest: string } | null;
  spec: JourneySpec;
  touchpoints: StoredTouchpoint[];
}

/** The touchpoints that plan: of the versions in force of journeys not archived, by journey and in their files' order. */
export async function liveTouchpoints(sql: Sql): Promise<LiveTouchpoint[]> {
  const rows = await sql.rows<Stored<Omit<LiveTouchpoint, "key">>>(
    `SELECT t.id, j.id AS journeyId, j.journey_key AS journeyKey, j.name AS journeyName,
       v.name, v.version_id AS versionId, t.plans_from AS plansFrom, v.spec
     FROM journey j JOIN touchpoint_version v ON v.version_id = j.live_version_id
       JOIN touchpoint t ON t.id = v.touchpoint_id
     WHERE j.state <> 'archived' ORDER BY j.id, v.position`,
  );
  const trialOf = await trialsOf(sql);
  return rows.map(read<Omit<LiveTouchpoint, "key">>).map((row) => {
    const trial = trialOf(row);
    return { ...row, key: row.spec.key, ...(trial ? { trial } : {}) };
  });
}

/** The way of each touchpoint (by id) in the version in force. */
export async function waysOfTouchpoints(sql: Sql): Promise<Map<number, Way>> {
  const rows = await sql.rows<{ id: number; spec: string }>(
    `SELECT v.touchpoint_id AS id, v.spec FROM journey j JOIN touchpoint_version v ON v.version_id = j.live_version_id`,
  );
  return new Map(rows.map(({ id, spec }) => [id, (JSON.parse(spec) as TouchpointSpec).send]));
}

/** The touchpoints of journeys that send nothing now, by id, and why; usually none. */
export async function restingTouchpoints(sql: Sql): Promise<Map<number, "paused" | "archived">> {
  const rows = await sql.rows<{ id: number; state: "paused" | "archived" }>(
    `SELECT t.id, j.state FROM journey j JOIN touchpoint t ON t.journey_id = j.id
     WHERE j.state <> 'live' ORDER BY t.id`,
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}

/** The touchpoints (ids) whose tasks urgent replies raise, by any of their versions. */
export async function urgentTouchpoints(sql: Sql): Promise<Set<number>> {
  const rows = await sql.rows<{ id: number; spec: string }>(
    "SELECT touchpoint_id AS id, spec FROM touchpoint_version WHERE spec LIKE ?",
    [`%${URGENT_REPLY}%`],
  );
  const isUrgent = (spec: string) => (JSON.parse(spec) as TouchpointSpec).trigger.anchor === URGENT_REPLY;
  return new Set(rows.filter(({ spec }) => isUrgent(spec)).map(({ id }) => id));
}

/** A touchpoint as a version has it; undefined when that version has no such touchpoint. */
export async function touchpointAt(
  sql: Sql,
  versionId: number,
  touchpointId: number,
): Promise<VersionTouchpoint | undefined> {
  const row = await sql.row<Stored<VersionTouchpoint>>(
    `SELECT v.touchpoint_id AS id, v.version_id AS versionId, j.name AS journeyName, v.name, v.spec
     FROM touchpoint_version v JOIN journey_version n ON n.id = v.version_id JOIN journey j ON j.id = n.journey_id
     WHERE v.version_id = ? AND v.touchpoint_id = ?`,
    [versionId, touchpointId],
  );
  return row && read<VersionTouchpoint>(row);
}

/** A journey by its key with all of the version in force, its row locked when asked; undefined when there is none. */
export async function journeyByKey(sql: Sql, key: string, lock = false): Promise<StoredJourney | undefined> {
  const journey = await sql.row<{ id: number; name: string; state: JourneyState; versionId: number | null }>(
    `SELECT id, name, state, live_version_id AS versionId FROM journey
     WHERE journey_key = ?${lock ? sql.dialect.forUpdate : ""}`,
    [key],
  );
  if (!journey) return undefined;
  const version = await sql.row<NonNullable<StoredJourney["version"]>>(
    "SELECT id, number, digest FROM journey_version WHERE id = ?",
    [journey.versionId],
  );
  const rows = await sql.rows<Stored<StoredTouchpoint>>(
    `SELECT t.id, t.plans_from AS plansFrom, v.spec FROM touchpoint_version v
       JOIN touchpoint t ON t.id = v.touchpoint_id WHERE v.version_id = ? ORDER BY v.position`,
    [journey.versionId],
  );
  const touchpoints = rows.map((row) => read<StoredTouchpoint>(row));
  const spec = { key, name: journey.name, touchpoints: touchpoints.map((touchpoint) => touchpoint.spec) };
  return { id: journey.id, state: journey.state, version: version ?? null, spec, touchpoints };
}

/** Every touchpoint a journey ever had: its id by its key. */
export async function touchpointsKnown(sql: Sql, journeyId: number): Promise<Map<string, number>> {
  const rows = await sql.rows<{ id: number; touchpointKey: string }>(
    "SELECT id, touchpoint_key AS touchpointKey FROM touchpoint WHERE journey_id = ?",
    [journeyId],
  );
  return new Map(rows.map(({ id, touchpointKey }) => [touchpointKey, id]));
}

/** A row whose spec is still text. */
type Stored<T extends { spec: TouchpointSpec }> = Omit<T, "spec"> & { spec: string };

function read<T extends { spec: TouchpointSpec }>(row: Stored<T>): T {
  return { ...row, spec: JSON.parse(row.spec) as TouchpointSpec } as unknown as T;
}

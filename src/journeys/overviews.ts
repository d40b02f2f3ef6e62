// Journeys as the desk lists them: state, versions, and the touchpoints in force in Chinese.
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { ONEOFF } from "./oneoff-file.js";
import type { JourneyState } from "./queries.js";
import { sayTrigger, WAY_NAMES } from "./say-trigger.js";
import type { TouchpointSpec } from "./spec.js";

export const JOURNEY_STATE_NAMES: Record<JourneyState, string> = {
  live: "运行中",
  paused: "已暂停",
  archived: "已归档",
};

/** A journey as the desk lists it. */
export interface JourneyOverview {
  id: number;
  key: string;
  name: string;
  state: JourneyState;
  stateName: string;
  /** the live version's number */
  version: number | null;
  /** epoch ms */
  publishedAt: number | null;
  publishedBy: string | null;
  touchpoints: TouchpointOverview[];
  /** newest first */
  versions: { number: number; publishedAt: number; publishedBy: string }[];
}

export interface TouchpointOverview {
  id: number;
  key: string;
  name: string;
  /** the trigger in Chinese */
  when: string;
  /** the way to the customer in Chinese */
  way: string;
  words: string | null;
  spec: TouchpointSpec;
}

/** Every journey for the desk, those in use first; one-off tasks have a list of their own. */
export async function journeyOverviews(sql: Sql): Promise<JourneyOverview[]> {
  const journeys = await sql.rows<{
    id: number;
    journeyKey: string;
    name: string;
    state: JourneyState;
    live: number | null;
  }>(
    `SELECT id, journey_key AS journeyKey, name, state, live_version_id AS live FROM journey
     WHERE journey_key NOT LIKE '${ONEOFF}%' ORDER BY CASE state WHEN 'live' THEN 0 WHEN 'paused' THEN 1 ELSE 2 END, id`,
  );
  const versions = await sql.rows<VersionRow>(
    `SELECT id, journey_id AS journeyId, number, published_at AS publishedAt, published_by AS publishedBy
     FROM journey_version ORDER BY number DESC`,
  );
  const touchpoints = await selectIn<{ id: number; versionId: number; spec: string }>(
    sql,
    "SELECT touchpoint_id AS id, version_id AS versionId, spec FROM touchpoint_version WHERE version_id IN",
    journeys.flatMap(({ live }) => live ?? []),
    { tail: " ORDER BY position" },
  );
  const versionsOf = grouped(versions, ({ journeyId }) => journeyId);
  const touchpointsOf = grouped(touchpoints, ({ versionId }) => versionId);
  return journeys.map(({ live, journeyKey, ...journey }) => {
    const own = (versionsOf.get(journey.id) ?? []).map((row) => ({
      ...row,
      publishedAt: Number(row.publishedAt),
    }));
    const now = own.find(({ id }) => id === live);
    return {
      ...journey,
      key: journeyKey,
      stateName: JOURNEY_STATE_NAMES[journey.state],
      version: now?.number ?? null,
      publishedAt: now?.publishedAt ?? null,
      publishedBy: now?.publishedBy ?? null,
      touchpoints: (touchpointsOf.get(live ?? 0) ?? []).map(overviewOf),
      versions: own.map(({ number, publishedAt, publishedBy }) => ({ number, publishedAt, publishedBy })),
    };
  });
}

interface VersionRow {
  id: number;
  journeyId: number;
  number: number;
  publishedAt: number;
  publishedBy: string;
}

function overviewOf({ id, spec: text }: { id: number; spec: string }): TouchpointOverview {
  const spec = JSON.parse(text) as TouchpointSpec;
  const { key, name, trigger, send, words } = spec;
  return { id, key, name, when: sayTrigger(trigger), way: WAY_NAMES[send], words, spec };
}

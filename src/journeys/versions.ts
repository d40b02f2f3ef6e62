// The rows of a published version: written once and never changed; its touchpoints keep their identity by their keys.
import { insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { journeyByKey, type StoredJourney } from "./queries.js";
import { digestOf, type JourneySpec, stableJson } from "./spec.js";

/** Makes room for a journey that was not there: live, without a version. Two who do it at once get the same one. */
export async function addJourney(sql: Sql, { key, name }: JourneySpec): Promise<StoredJourney> {
  await sql.run(
    `${sql.dialect.insertIgnore} INTO journey (journey_key, name, state, live_version_id) VALUES (?, ?, 'live', NULL)`,
    [key, name],
  );
  const journey = await journeyByKey(sql, key, true);
  if (!journey) throw new Error(`no journey ${key} right after it was added`);
  return journey;
}

/** Who publishes, when and from what. */
export interface Publishing {
  source: string;
  by: string;
  /** epoch ms */
  at: number;
  today: ShopDay;
}

/** Writes the next version of a journey, whose row is locked, and puts it in force. */
export async function addVersion(
  sql: Sql,
  journey: StoredJourney,
  spec: JourneySpec,
  { source, by, at, today }: Publishing,
): Promise<{ id: number; number: number }> {
  const number = (journey.version?.number ?? 0) + 1;
  const { insertedId: id } = await sql.run(
    `INSERT INTO journey_version (journey_id, number, source, digest, published_at, published_by)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [journey.id, number, source, digestOf(spec), at, by],
  );
  const idOf = await touchpointIds(sql, journey.id, spec, today);
  await insertRows(
    sql,
    "INSERT INTO touchpoint_version (version_id, touchpoint_id, position, name, spec)",
    spec.touchpoints.map((one, position) => [id, idOf(one.key), position, one.name, stableJson(one)]),
  );
  await sql.run("UPDATE journey SET name = ?, live_version_id = ? WHERE id = ?", [spec.name, id, journey.id]);
  return { id, number };
}

/** The touchpoints' ids by key. Those that begin, or come back, plan from today; those that stay plan as before. */
async function touchpointIds(
  sql: Sql,
  journeyId: number,
  { touchpoints }: JourneySpec,
  today: ShopDay,
): Promise<(key: string) => number> {
  const keys = touchpoints.map(({ key }) => key);
  const stored = () =>
    sql.rows<{ id: number; touchpointKey: string; live: number }>(
      "SELECT id, touchpoint_key AS touchpointKey, live FROM touchpoint WHERE journey_id = ?",
      [journeyId],
    );
  const known = new Map((await stored()).map((row) => [row.touchpointKey, row]));
  const begun = keys.filter((key) => !known.has(key));
  await insertRows(
    sql,
    "INSERT INTO touchpoint (journey_id, touchpoint_key, plans_from, live)",
    begun.map((key) => [journeyId, key, today, 1]),
  );
  const back = keys.flatMap((key) => (known.get(key)?.live === 0 ? [known.get(key)?.id ?? 0] : []));
  const gone = [...known.values()].filter(
    ({ touchpointKey, live }) => live === 1 && !keys.includes(touchpointKey),
  );
  await setLive(sql, back, 1, today);
  await setLive(
    sql,
    gone.map(({ id }) => id),
    0,
    null,
  );
  const idOf = new Map((await stored()).map(({ touchpointKey, id }) => [touchpointKey, id]));
  return (key) => idOf.get(key) ?? 0;
}

async function setLive(sql: Sql, ids: readonly number[], live: 0 | 1, from: ShopDay | null): Promise<void> {
  if (ids.length === 0) return;
  await sql.run(
    `UPDATE touchpoint SET live = ?, plans_from = COALESCE(?, plans_from) WHERE id IN (${marks(ids.length)})`,
    [live, from, ...ids],
  );
}

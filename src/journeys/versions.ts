// The rows of a published version: written once and never changed; its touchpoints keep their identity by their keys.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { followExperiments } from "./experiment-rows.js";
import { opensOthers } from "./publish.js";
import { journeyByKey, type StoredJourney } from "./queries.js";
import { digestOf, type JourneySpec, stableJson, type TouchpointSpec } from "./spec.js";

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
  /** what is due inside the grace too, not only from today on */
  insideGrace: boolean;
}

/** The first due day a touchpoint that begins plans for. */
function beginsOn({ graceDays }: TouchpointSpec, today: ShopDay, insideGrace: boolean): ShopDay {
  return insideGrace ? addDays(today, -graceDays) : today;
}

/** Writes the next version of a journey, whose row is locked, and puts it in force. */
export async function addVersion(
  sql: Sql,
  journey: StoredJourney,
  spec: JourneySpec,
  publishing: Publishing,
): Promise<{ id: number; number: number }> {
  const { source, by, at } = publishing;
  const number = (journey.version?.number ?? 0) + 1;
  const { insertedId: id } = await sql.run(
    `INSERT INTO journey_version (journey_id, number, source, digest, published_at, published_by)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [journey.id, number, source, digestOf(spec), at, by],
  );
  const idOf = await touchpointIds(sql, journey, spec, publishing);
  await insertRows(
    sql,
    "INSERT INTO touchpoint_version (version_id, touchpoint_id, position, name, spec)",
    spec.touchpoints.map((one, position) => [id, idOf(one.key), position, one.name, stableJson(one)]),
  );
  await followExperiments(sql, { journeyId: journey.id, spec, idOf, today: publishing.today });
  await sql.run("UPDATE journey SET name = ?, live_version_id = ?, state = ? WHERE id = ?", [
    ...[spec.name, id, journey.state === "archived" ? "live" : journey.state, journey.id],
  ]);
  return { id, number };
}

/** The touchpoints' ids by key. Those that begin, or come back, plan from today (or the grace before it); those that
 *  stay plan as before. */
async function touchpointIds(
  sql: Sql,
  { id: journeyId, spec: inForce }: StoredJourney,
  { touchpoints }: JourneySpec,
  { today, insideGrace }: Publishing,
): Promise<(key: string) => number> {
  const stored = () =>
    sql.rows<{ id: number; touchpointKey: string; plansFrom: ShopDay; live: number }>(
      `SELECT id, touchpoint_key AS touchpointKey, plans_from AS plansFrom, live FROM touchpoint
       WHERE journey_id = ?`,
      [journeyId],
    );
  const known = new Map((await stored()).map((row) => [row.touchpointKey, row]));
  const before = new Map(inForce.touchpoints.map((one) => [one.key, one]));
  const begun: [number, string, ShopDay, number][] = [];
  for (const one of touchpoints) {
    const from = beginsOn(one, today, insideGrace);
    const was = known.get(one.key);
    const old = before.get(one.key);
    if (!was) begun.push([journeyId, one.key, from, 1]);
    else if (was.live === 0) await begin(sql, was.id, from);
    else if (insideGrace && from < was.plansFrom && old && opensOthers(old, one))
      await begin(sql, was.id, from);
  }
  await insertRows(sql, "INSERT INTO touchpoint (journey_id, touchpoint_key, plans_from, live)", begun);
  const keys = new Set(touchpoints.map(({ key }) => key));
  for (const { id, touchpointKey, live } of known.values())
    if (live === 1 && !keys.has(touchpointKey))
      await sql.run("UPDATE touchpoint SET live = 0 WHERE id = ?", [id]);
  const idOf = new Map((await stored()).map(({ touchpointKey, id }) => [touchpointKey, id]));
  return (key) => idOf.get(key) ?? 0;
}

async function begin(sql: Sql, id: number, from: ShopDay): Promise<void> {
  await sql.run("UPDATE touchpoint SET live = 1, plans_from = ? WHERE id = ?", [from, id]);
}

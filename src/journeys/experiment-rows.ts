// The rows of experiments: begun, kept or ended by each version that is published, in its transaction.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { definitionOf } from "./experiment-changes.js";
import { type ExperimentKind, type ExperimentState, variantNumbers } from "./experiment-queries.js";
import { type ArmShare, HELD_ARM, holdOutSeed, shuffled, type Variant } from "./experiments.js";
import { type JourneySpec, stableJson } from "./spec.js";

/** An experiment as a version wants it. */
interface Wanted {
  /** 0: the whole journey */
  touchpointId: number;
  kind: ExperimentKind;
  definition: string;
  arms: ArmShare[];
  /** what its shuffle comes from, and its number where each has a shuffle of its own */
  seed: (number: number) => string;
}

/** What publishing knows. */
interface PublishedVersion {
  journeyId: number;
  spec: JourneySpec;
  idOf: (touchpointKey: string) => number;
  today: ShopDay;
}

/** Brings the experiments of a journey in line with the version just written. One whose definition is the same goes on,
 *  with its shuffle and, when it is decided or settled, its winner; another one begins anew. */
export async function followExperiments(sql: Sql, version: PublishedVersion): Promise<void> {
  const { journeyId, today } = version;
  const stored = await sql.rows<StoredExperiment>(
    `SELECT id, touchpoint_id AS touchpointId, kind, number, definition, state, ended_on AS endedOn
     FROM experiment WHERE journey_id = ? ORDER BY id`,
    [journeyId],
  );
  const before = new Map(stored.map((one) => [placeOf(one), one]));
  const wanted = new Map((await wantedBy(sql, version)).map((one) => [placeOf(one), one]));
  for (const [place, { id, definition, endedOn }] of before)
    if (endedOn === null && wanted.get(place)?.definition !== definition) await end(sql, id, today);
  for (const [place, one] of wanted) {
    const last = before.get(place);
    if (last?.endedOn === null && last.definition === one.definition) continue;
    // what is due today was planned this morning, by the shuffle of the experiment before
    const from = last && one.kind === "variants" ? addDays(today, 1) : today;
    await begin(sql, journeyId, one, (last?.number ?? 0) + 1, from);
  }
}

interface StoredExperiment extends Pick<Wanted, "touchpointId" | "kind" | "definition"> {
  id: number;
  number: number;
  state: ExperimentState;
  endedOn: ShopDay | null;
}

function placeOf({ touchpointId, kind }: Pick<Wanted, "touchpointId" | "kind">): string {
  return `${touchpointId} ${kind}`;
}

async function wantedBy(sql: Sql, { spec, idOf }: PublishedVersion): Promise<Wanted[]> {
  const holdOut = (touchpointId: number, place: string, share: number): Wanted => ({
    ...{
      touchpointId,
      kind: "hold_out",
      definition: stableJson({ share }),
      arms: [{ arm: HELD_ARM, share }],
    },
    seed: () => holdOutSeed(place),
  });
  const ofJourney = spec.touchpoints.find(({ journeyHoldOut }) => journeyHoldOut)?.journeyHoldOut;
  const found = ofJourney ? [holdOut(0, spec.key, ofJourney)] : [];
  for (const touchpoint of spec.touchpoints) {
    const place = `${spec.key}/${touchpoint.key}`;
    const touchpointId = idOf(touchpoint.key);
    if (touchpoint.holdOut) found.push(holdOut(touchpointId, place, touchpoint.holdOut));
    if (!touchpoint.variants) continue;
    const definition = definitionOf(touchpoint);
    const numberOf = await numbered(sql, touchpointId, touchpoint.variants);
    found.push({
      ...{ touchpointId, kind: "variants", definition: stableJson(definition) },
      arms: definition.variants.map(({ key, share }) => ({
        arm: numberOf.get(key) ?? 0,
        share: (share * definition.pilot) / 100,
      })),
      seed: (number) => `${place} variants ${number}`,
    });
  }
  return found;
}

/** The numbers of a touchpoint's variants by key, with those that are new. */
async function numbered(
  sql: Sql,
  touchpointId: number,
  variants: readonly Variant[],
): Promise<Map<string, number>> {
  const known = await variantNumbers(sql, touchpointId);
  const fresh = variants.filter(({ key }) => !known.has(key));
  const rows = fresh.map(({ key }, at) => [touchpointId, known.size + at + 1, key] as const);
  await insertRows(sql, "INSERT INTO touchpoint_variant (touchpoint_id, number, variant_key)", rows);
  return new Map([...known, ...rows.map(([, number, key]) => [key, number] as const)]);
}

async function end(sql: Sql, id: number, today: ShopDay): Promise<void> {
  await sql.run(
    `UPDATE experiment SET ended_on = ?, state = CASE WHEN state = 'running' THEN 'stopped' ELSE state END
     WHERE id = ?`,
    [today, id],
  );
}

async function begin(sql: Sql, journeyId: number, wanted: Wanted, number: number, from: ShopDay) {
  const { touchpointId, kind, definition, arms } = wanted;
  const seed = wanted.seed(number);
  const { insertedId: id } = await sql.run(
    `INSERT INTO experiment (journey_id, touchpoint_id, kind, number, seed, definition, state, began_on)
     VALUES (?, ?, ?, ?, ?, ?, 'running', ?)`,
    [journeyId, touchpointId, kind, number, seed, definition, from],
  );
  await insertRows(
    sql,
    "INSERT INTO experiment_bucket (experiment_id, bucket, arm)",
    shuffled(seed, arms)
      .sort((one, other) => one.bucket - other.bucket)
      .map(({ bucket, arm }) => [id, bucket, arm]),
  );
}

// The words of touchpoints, live and in drafts, and since when: what the library's entries are looked for in.
import { grouped, selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import { variantsOf } from "../experiment-queries.js";
import { ONEOFF } from "../oneoff-file.js";
import type { TouchpointSpec } from "../spec.js";
import { wordsDigest } from "./text.js";

/** Words of a touchpoint as it is now, live or in a draft. */
export interface WordsInUse {
  journeyKey: string;
  journeyName: string;
  touchpointKey: string;
  touchpointName: string;
  /** null: without variants */
  variant: string | null;
  words: string;
  digest: string;
  /** where they are live: what figures are counted by; undefined in a draft */
  live?: LiveWords;
}

interface LiveWords {
  touchpointId: number;
  /** the numbers of variants that are said these words */
  variants: number[];
  /** epoch ms: the version with which these words came */
  since: number;
}

interface JourneyRow {
  id: number;
  journeyKey: string;
  name: string;
  live: number;
}

interface VersionRow {
  id: number;
  journeyId: number;
  publishedAt: number;
}

/** Words by version, touchpoint and variant ("" without): versions never change, so what is known stays true. */
type Known = Map<number, Map<number, Map<string, string>>>;

/** Reads words in use; those that are live are kept until a journey is another. */
export function wordsInUse(): (sql: Sql) => Promise<WordsInUse[]> {
  const known: Known = new Map();
  let kept: { stamp: string; found: WordsInUse[] } = { stamp: "", found: [] };
  return async (sql) => {
    const journeys = await sql.rows<JourneyRow>(
      `SELECT id, journey_key AS journeyKey, name, live_version_id AS live FROM journey
       WHERE state <> 'archived' AND live_version_id IS NOT NULL AND journey_key NOT LIKE '${ONEOFF}%' ORDER BY id`,
    );
    const stamp = JSON.stringify(journeys);
    if (kept.stamp !== stamp) kept = { stamp, found: await liveWords(sql, journeys, known) };
    return [...kept.found, ...(await draftWords(sql))];
  };
}

async function liveWords(sql: Sql, journeys: readonly JourneyRow[], known: Known): Promise<WordsInUse[]> {
  const versions = await selectIn<VersionRow>(
    sql,
    "SELECT id, journey_id AS journeyId, published_at AS publishedAt FROM journey_version WHERE journey_id IN",
    journeys.map(({ id }) => id),
  );
  const newestFirst = versions.sort((a, b) => b.id - a.id);
  const versionsOf = grouped(newestFirst, ({ journeyId }) => journeyId);
  const specs = await specsOf(
    sql,
    journeys.map(({ live }) => live),
  );
  await learn(sql, versions, known);
  const ids = specs.map(({ id }) => id);
  const numbers = grouped(await variantsOf(sql, ids), ({ touchpointId }) => touchpointId);
  const journeyOf = new Map(journeys.map((journey) => [journey.live, journey]));
  return specs.flatMap(({ id, versionId, spec: text }) => {
    const journey = journeyOf.get(versionId);
    if (!journey) return [];
    const spec = JSON.parse(text) as TouchpointSpec;
    const numberOf = new Map((numbers.get(id) ?? []).map((row) => [row.variantKey, row.number]));
    const history = (versionsOf.get(journey.id) ?? []).filter((version) => version.id <= versionId);
    return textsOf(spec).map(({ variant, words }, index) => {
      const digest = wordsDigest(words);
      const since = sinceWhen(history, known, { touchpointId: id, variant: variant ?? "", digest });
      const own = variant === null ? [] : [numberOf.get(variant) ?? -1];
      // customers in no arm are said the first words
      const variants = index === 0 ? [...new Set([0, ...own])] : own;
      return {
        ...placed(journey, spec),
        variant,
        words,
        digest,
        live: { touchpointId: id, variants, since },
      };
    });
  });
}

function specsOf(sql: Sql, versions: readonly number[]) {
  return selectIn<{ id: number; versionId: number; spec: string }>(
    sql,
    "SELECT touchpoint_id AS id, version_id AS versionId, spec FROM touchpoint_version WHERE version_id IN",
    versions,
    { tail: " ORDER BY version_id, position" },
  );
}

/** Reads the words of versions not known yet. */
async function learn(sql: Sql, versions: readonly VersionRow[], known: Known): Promise<void> {
  const unknown = versions.flatMap(({ id }) => (known.has(id) ? [] : id));
  const rows = await specsOf(sql, unknown);
  for (const id of unknown) known.set(id, new Map());
  for (const { id, versionId, spec } of rows) {
    const texts = textsOf(JSON.parse(spec) as TouchpointSpec);
    const digests = new Map(texts.map(({ variant, words }) => [variant ?? "", wordsDigest(words)]));
    known.get(versionId)?.set(id, digests);
  }
}

/** When the oldest version of the unbroken row that says the same was published. `history`: newest first. */
function sinceWhen(
  history: readonly VersionRow[],
  known: Known,
  { touchpointId, variant, digest }: { touchpointId: number; variant: string; digest: string },
): number {
  let since = 0;
  for (const { id, publishedAt } of history) {
    if (known.get(id)?.get(touchpointId)?.get(variant) !== digest) break;
    since = Number(publishedAt);
  }
  return since;
}

async function draftWords(sql: Sql): Promise<WordsInUse[]> {
  const drafts = await sql.rows<{ journeyKey: string; data: string }>(
    "SELECT journey_key AS journeyKey, data FROM journey_draft ORDER BY journey_key",
  );
  return drafts.flatMap(({ journeyKey, data }) => {
    const { name, touchpoints } = JSON.parse(data) as { name?: unknown; touchpoints?: unknown };
    const list = Array.isArray(touchpoints) ? (touchpoints as Partial<TouchpointSpec>[]) : [];
    return list.flatMap((one) =>
      textsOf(one).map(({ variant, words }) => ({
        ...placed({ journeyKey, name: String(name ?? journeyKey) }, one),
        ...{ variant, words, digest: wordsDigest(words) },
      })),
    );
  });
}

function placed({ journeyKey, name }: Pick<JourneyRow, "journeyKey" | "name">, one: Partial<TouchpointSpec>) {
  const touchpointKey = String(one.key ?? "");
  return { journeyKey, journeyName: name, touchpointKey, touchpointName: String(one.name ?? touchpointKey) };
}

function textsOf(one: Partial<TouchpointSpec>): { variant: string | null; words: string }[] {
  const texts = Array.isArray(one.variants)
    ? one.variants.map(({ key, words }) => ({ variant: String(key), words }))
    : [{ variant: null, words: one.words }];
  return texts.flatMap(({ variant, words }) =>
    typeof words === "string" && words.trim() !== "" ? { variant, words } : [],
  );
}

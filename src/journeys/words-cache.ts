// Touchpoints with their words, compiled once a version: versions never change, so what is kept never goes stale.
import type { Sql, Store } from "../infra/store.js";
import type { Words } from "../infra/templates.js";
import { variantNumbers } from "./experiment-queries.js";
import { touchpointAt, type VersionTouchpoint } from "./queries.js";
import type { TouchpointSpec } from "./spec.js";
import { compileMessage } from "./words.js";

/** A touchpoint of one version with its words ready to be said; null: a follow-up without words. */
export interface WordedTouchpoint extends VersionTouchpoint {
  words: Words | null;
  /** the words of its variants by their numbers, where it has any */
  variants?: ReadonlyMap<number, Words>;
}

export interface WordsCache {
  /** Throws when the version has no such touchpoint: a task that names one is a fault of ours. */
  touchpoint(versionId: number, touchpointId: number): Promise<WordedTouchpoint>;
}

/** Keeps the `most` touchpoints last asked for. */
export function wordsCache(store: Pick<Store, "read">, most = 2_000): WordsCache {
  const kept = new Map<string, Promise<WordedTouchpoint>>();
  return {
    touchpoint: (versionId, touchpointId) => {
      const key = `${versionId} ${touchpointId}`;
      const found = kept.get(key) ?? load(store, versionId, touchpointId);
      // the one asked for last stands last
      kept.delete(key);
      kept.set(key, found);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      // what could not be read now may be read next time
      found.catch(() => kept.get(key) === found && kept.delete(key));
      return found;
    },
  };
}

async function load(
  { read }: Pick<Store, "read">,
  versionId: number,
  touchpointId: number,
): Promise<WordedTouchpoint> {
  const touchpoint = await touchpointAt(read, versionId, touchpointId);
  if (!touchpoint) throw new Error(`version ${versionId} has no touchpoint ${touchpointId}`);
  const { words, variants } = touchpoint.spec;
  const worded = { ...touchpoint, words: words === null ? null : compileMessage(words, touchpoint.name) };
  if (!variants) return worded;
  const numbers = await variantNumbers(read, touchpointId);
  const compiled = variants.map(
    ({ key, words: own }) =>
      [numbers.get(key) ?? 0, compileMessage(own, `${touchpoint.name} ${key}`)] as const,
  );
  return { ...worded, variants: new Map(compiled) };
}

/** The touchpoint as a task of this variant says it: one that the version no longer has, or none, gets its first words. */
export function inVariant(touchpoint: WordedTouchpoint, variant: number): WordedTouchpoint {
  const words = touchpoint.variants?.get(variant);
  return words ? { ...touchpoint, words } : touchpoint;
}

/** The touchpoints (ids) whose words, in the version in force, name a variable that begins like this: in each variant. */
export async function touchpointsSpeakingOf(sql: Sql, variable: string): Promise<Set<number>> {
  const rows = await sql.rows<{ id: number; spec: string }>(
    `SELECT v.touchpoint_id AS id, v.spec FROM journey j JOIN touchpoint_version v ON v.version_id = j.live_version_id
     WHERE v.spec LIKE ?`,
    [`%${variable}%`],
  );
  const speaks = (spec: string) => {
    const { words, variants = [] } = JSON.parse(spec) as TouchpointSpec;
    const all = [...(words === null ? [] : [words]), ...variants.map((variant) => variant.words)];
    return (
      all.length > 0 &&
      all.every((one) => compileMessage(one).variables.some((name) => name.startsWith(variable)))
    );
  };
  return new Set(rows.filter(({ spec }) => speaks(spec)).map(({ id }) => id));
}

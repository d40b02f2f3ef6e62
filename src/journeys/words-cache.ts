// Touchpoints with their words, compiled once a version: versions never change, so what is kept never goes stale.
import type { Store } from "../infra/store.js";
import type { Words } from "../infra/templates.js";
import { touchpointAt, type VersionTouchpoint } from "./queries.js";
import { compileMessage } from "./words.js";

/** A touchpoint of one version with its words ready to be said; null: a follow-up without words. */
export interface WordedTouchpoint extends VersionTouchpoint {
  words: Words | null;
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
  const { words } = touchpoint.spec;
  return { ...touchpoint, words: words === null ? null : compileMessage(words, touchpoint.name) };
}

// Journeys joined: a file on disk read, checked and published.
import { join } from "node:path";
import { type Config, projectRoot } from "../infra/config.js";
import type { Store } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { loadClaims } from "../journeys/claims-file.js";
import { parseJourney } from "../journeys/file.js";
import { journeySource } from "../journeys/folder.js";
import { type Applied, journeyService } from "../journeys/service.js";
import { type WordsCache, wordsCache } from "../journeys/words-cache.js";
import type { World } from "../kernel/world.js";
import { followVersion } from "../tasks/follow-version.js";

/** What the house can do with journeys. */
export interface JourneyWork {
  words: WordsCache;
  claims: ClaimsCheck;
  /** Reads, checks and publishes a journey file; every fault of it in one Refusal. */
  applyJourney(path: string, how: { yes: boolean; by: string }): Promise<Applied>;
}

/** Journeys over one database, checked against the editable list of forbidden claims. */
export function journeyWork(parts: { config: Config; store: Store; world: World }): JourneyWork {
  const { store, world, config } = parts;
  const journeys = journeyService({ store, world, zone: config.zone, onPublish: followVersion });
  const claims = loadClaims(join(projectRoot, "config/forbidden-claims.yaml"));
  return {
    claims,
    words: wordsCache(store),
    applyJourney: async (path, how) => {
      const source = journeySource(path);
      return journeys.apply(parseJourney(source, claims), source.text, how);
    },
  };
}

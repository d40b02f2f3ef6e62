// Journeys joined: a file on disk read, checked and published.
import { join } from "node:path";
import { type Config, projectRoot } from "../infra/config.js";
import type { Store } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { loadClaims } from "../journeys/claims-file.js";
import { parseJourney } from "../journeys/file.js";
import { journeySource } from "../journeys/folder.js";
import { type Applied, type JourneyService, journeyService } from "../journeys/service.js";
import type { JourneySpec } from "../journeys/spec.js";
import { type WordsCache, wordsCache } from "../journeys/words-cache.js";
import type { World } from "../kernel/world.js";
import { followVersion } from "../tasks/follow-version.js";

/** What the house can do with journeys. */
export interface JourneyWork {
  journeys: JourneyService;
  words: WordsCache;
  claims: ClaimsCheck;
  /** Reads and checks a journey file; every fault in one Refusal. */
  readJourney(path: string): { spec: JourneySpec; source: string };
  /** Publishes a journey file. */
  applyJourney(path: string, how: { yes: boolean; by: string }): Promise<Applied>;
}

/** Journeys over one database, checked against the editable list of forbidden claims. */
export function journeyWork(parts: { config: Config; store: Store; world: World }): JourneyWork {
  const { store, world, config } = parts;
  const journeys = journeyService({ store, world, zone: config.zone, onPublish: followVersion });
  const claims = loadClaims(join(projectRoot, "config/forbidden-claims.yaml"));
  const readJourney = (path: string) => {
    const source = journeySource(path);
    return { spec: parseJourney(source, claims), source: source.text };
  };
  return {
    journeys,
    claims,
    words: wordsCache(store),
    readJourney,
    applyJourney: async (path, how) => {
      const { spec, source } = readJourney(path);
      return journeys.apply(spec, source, how);
    },
  };
}

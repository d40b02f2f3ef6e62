// Journeys joined: files and drafts read, checked and published; journeys paused, resumed, archived with their tasks.
import { join } from "node:path";
import { type Config, projectRoot } from "../infra/config.js";
import type { Store } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { readClaims } from "../journeys/claims-file.js";
import { type ClaimsList, claimsList } from "../journeys/claims-list.js";
import { type DraftMaking, draftMaking } from "../journeys/draft-making.js";
import { type DraftService, draftService } from "../journeys/drafts.js";
import { parseJourney } from "../journeys/file.js";
import { journeySource } from "../journeys/folder.js";
import { type LibraryService, libraryService } from "../journeys/library/service.js";
import type { Preview } from "../journeys/publish-counts.js";
import { type PublishingService, publishingService } from "../journeys/publishing.js";
import { journeyByKey } from "../journeys/queries.js";
import { type Applied, type HowToPublish, type JourneyService, journeyService } from "../journeys/service.js";
import { type WordsCache, wordsCache } from "../journeys/words-cache.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import type { CalendarService } from "../org/calendar-service.js";
import { followVersion } from "../tasks/follow-version.js";

/** What the house can do with journeys. */
export interface JourneyWork {
  words: WordsCache;
  claims: ClaimsCheck;
  /** the same as HQ edits it */
  claimsList: ClaimsList;
  journeys: JourneyService;
  drafts: DraftService;
  draftMaking: DraftMaking;
  publishing: PublishingService;
  library: LibraryService;
  /** Reads, checks and publishes a journey file; every fault of it in one Refusal. */
  applyJourney(path: string, how: HowToPublish): Promise<Applied>;
  /** What `applyJourney` would do. */
  previewJourney(path: string, insideGrace: boolean): Promise<Preview>;
  /** Publishes what is built in, as long as HQ has not had it. */
  publishBuiltIn(): Promise<void>;
}

/** What asks guides for what nobody else can know, and for what cannot wait. */
const BUILT_IN = [
  { key: "data-care", file: "templates/journeys/data-care.yaml" },
  { key: "reply-care", file: "templates/journeys/reply-care.yaml" },
];

export interface JourneyParts {
  config: Config;
  store: Store;
  world: World;
  calendar: CalendarService;
}

/** Journeys over one database, checked against the editable list of forbidden claims. */
export function journeyWork(parts: JourneyParts): JourneyWork {
  const { store, world, config, calendar } = parts;
  const dayNames = async () => {
    await calendar.ensure(shopDayOf(world.now(), config.zone));
    return calendar.names();
  };
  const journeys = journeyService({ store, world, zone: config.zone, onPublish: followVersion });
  const list = claimsList({
    store,
    world,
    seeds: readClaims(join(projectRoot, "config/forbidden-claims.yaml")),
  });
  const claims = list.check;
  const parse = async (...[source, files]: Parameters<Parameters<typeof draftService>[0]["parse"]>) => {
    await claims.fresh?.();
    return parseJourney({ ...source, dayNames: await dayNames() }, claims, files);
  };
  const drafts = draftService({ store, world, journeys, parse });
  const publish = { store, world, drafts, journeys, claims, approval: config.journeys.approval };
  return {
    ...{ claims, claimsList: list, journeys, drafts },
    draftMaking: draftMaking({ store, world, drafts }),
    publishing: publishingService(publish),
    library: libraryService({ store, world, claims }),
    words: wordsCache(store),
    applyJourney: (path, how) => drafts.applyFile(journeySource(path), how),
    previewJourney: (path, insideGrace) => drafts.previewFile(journeySource(path), insideGrace),
    publishBuiltIn: async () => {
      for (const { key, file } of BUILT_IN) {
        if (await journeyByKey(store.read, key)) continue;
        const how = { yes: false, by: "system", insideGrace: true };
        await drafts.applyFile(journeySource(join(projectRoot, file)), how);
      }
    },
  };
}

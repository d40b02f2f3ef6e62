// One-off tasks joined: files and plain data read and checked, published, planned at once.
import type { Store } from "../infra/store.js";
import { keepContent } from "../journeys/content.js";
import { dataSource, type JourneyData, remembering } from "../journeys/draft-data.js";
import type { JourneySource } from "../journeys/file.js";
import { parseOneoff } from "../journeys/oneoff-file.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { type OneoffService, oneoffService, type ReadOneoff } from "../tasks/oneoffs.js";
import type { Planner } from "../tasks/planner.js";
import type { JourneyWork } from "./journeys.js";
import type { SetJourneyState } from "./lifecycle.js";

/** What the house can do with one-off tasks. */
export interface OneoffWork {
  oneoffs: OneoffService;
  /** Reads and checks a one-off's file and keeps what it encloses; every fault in one Refusal. */
  readOneoff(source: JourneySource): Promise<ReadOneoff>;
  /** The same of plain data. */
  readOneoffData(data: unknown): Promise<ReadOneoff>;
}

interface OneoffParts {
  store: Store;
  world: World;
  zone: string;
  work: Pick<JourneyWork, "claims" | "journeys">;
  planner: Planner;
  setState: SetJourneyState;
}

/** One-off tasks over the joined journeys and planner. */
export function oneoffWork(parts: OneoffParts): OneoffWork {
  const { store, world, zone, planner, setState } = parts;
  const { claims, journeys } = parts.work;
  const readOneoff = async (file: JourneySource) => {
    const files = new Map<string, Buffer>();
    const { source, whole } = remembering(file);
    await claims.fresh?.();
    const spec = parseOneoff(source, { claims, files, today: shopDayOf(world.now(), zone) });
    await keepContent(store, files);
    return { spec, text: whole() };
  };
  return {
    readOneoff,
    readOneoffData: (data) => {
      const isData = data !== null && typeof data === "object" && !Array.isArray(data);
      return readOneoff(dataSource(isData ? (data as JourneyData) : {}, new Map()));
    },
    oneoffs: oneoffService({
      ...{ store, world, zone, journeys, planPublished: planner.planMarked },
      archive: (key, by) => setState(key, "archived", by),
    }),
  };
}

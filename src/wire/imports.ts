// Imports joined: what taking them back asks of tasks, what else follows when one went through, their timed passes.
import { countGuides } from "../customers/guide-counts.js";
import { type ImportService, importService } from "../customers/imports/service.js";
import { type Config, resolveFromRoot } from "../infra/config.js";
import type { Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { importUndoTasks } from "../tasks/import-undo.js";

export interface ImportWorkParts {
  store: Store;
  world: World;
  config: Config;
  key: Buffer;
  /** what else follows from an import that went through */
  afterwards?: () => Promise<unknown>;
}

/** The imports of one house. */
export function importWork({ store, world, config, key, afterwards }: ImportWorkParts): ImportService {
  const { zone, data_dir } = config;
  const { undo_rows: undoRows, undo_days: undoDays } = config.import;
  return importService({
    ...{ store, world, zone, secretKey: key, limits: { undoRows, undoDays } },
    home: `${resolveFromRoot(data_dir)}/imports`,
    tasks: importUndoTasks(() => shopDayOf(world.now(), zone)),
    afterwards: async () => {
      await afterwards?.();
      await countGuides(store, world.now());
    },
  });
}

/** The timed passes of imports and of what is counted for the organisation's pages. */
export interface ImportPasses {
  counts(): Promise<string | undefined>;
  tidyImports(): Promise<string | undefined>;
}

export interface ImportPassParts {
  imports: Pick<ImportService, "tidy">;
  setup: { store: Store; world: Pick<World, "now"> };
}

/** The passes. */
export function importPasses({ imports, setup: { store, world } }: ImportPassParts): ImportPasses {
  return {
    counts: async () => {
      await countGuides(store, world.now());
      return undefined;
    },
    tidyImports: async () => {
      await imports.tidy();
      return undefined;
    },
  };
}

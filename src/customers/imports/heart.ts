// The sign of life of a run: how far it is, written down now and then, and whether somebody asked it to stop.
import type { Store } from "../../infra/store.js";
import type { World } from "../../kernel/world.js";
import type { ImportedTable, ImportProgress } from "../import.js";
import { tablesOf } from "./run-rows.js";

/** Beats while a run is worked on. */
export interface Heart {
  progress(progress: ImportProgress): void;
  /** what became of the files so far */
  ended(tables: readonly ImportedTable[]): void;
  isStopped(): boolean;
  /** how far it is, as this process knows it */
  now(): ImportProgress | null;
  /** Ends the beating, when the last beat is written. */
  stop(): Promise<void>;
}

/** Between two beats. */
const PAUSE = 1000;

/** Begins to beat. */
export function heartOf({ store, world }: { store: Store; world: Pick<World, "now"> }, id: number): Heart {
  let latest: ImportProgress | null = null;
  let results: string | null = null;
  let stopped = false;
  let last = Promise.resolve();
  const beat = async () => {
    const progress = latest === null ? null : JSON.stringify(latest);
    await store.write((sql) =>
      sql.run(
        `UPDATE import_run SET beat_at = ?, progress = COALESCE(?, progress), results = COALESCE(?, results)
         WHERE id = ?`,
        [world.now(), progress, results, id],
      ),
    );
    const row = await store.read.row<{ state: string }>("SELECT state FROM import_run WHERE id = ?", [id]);
    stopped ||= row?.state === "stopping";
  };
  // a beat that is missed is made up for by the next one
  const timer = setInterval(() => {
    last = last.then(beat).catch(() => undefined);
  }, PAUSE);
  timer.unref();
  return {
    progress: (progress) => {
      latest = progress;
    },
    ended: (tables) => {
      results = JSON.stringify(tablesOf(tables));
    },
    isStopped: () => stopped,
    now: () => latest,
    stop: async () => {
      clearInterval(timer);
      await last;
      await beat().catch(() => undefined);
    },
  };
}

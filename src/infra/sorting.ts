// A large table's rows by one of its columns, in constant memory, read and sorted by a thread beside the one that writes.
import { on } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Refusal } from "../kernel/refusals.js";
import { projectRoot } from "./config.js";
import type { SortingTask, Told } from "./sorting-thread.js";
import type { Batch } from "./workbooks.js";

/** As the program runs it: tests load sources, which a thread cannot. */
const THREAD = join(projectRoot, ".build/src/infra/sorting-thread.js");

/** Batches under way: one is made while another is worked off. */
const AHEAD = 2;

/** Rows being sorted. */
export interface Sorting {
  /** how far the reading is; `rows` grows until all are taken */
  taken(): { bytes: number; rows: number };
  /** The rows by key, those of one key as they stand in the file; nothing before all were taken. `step` is called while
   *  they are. Rows before a place that cannot be read are given, and then the Refusal is thrown. */
  batches(step: () => void): AsyncGenerator<Batch>;
  /** Ends it, also in the middle. */
  stop(): Promise<void>;
}

/** Begins to read and sort the rows of a .csv file. */
export function sortRows(task: SortingTask): Sorting {
  // it holds a batch at a time; left alone, it would keep as much garbage as the thread that writes
  const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 3 };
  const worker = new Worker(THREAD, { workerData: task, resourceLimits });
  // listens from now on: what is said before somebody reads must not be lost
  const said = on(worker, "message") as AsyncIterableIterator<[Told]>;
  let taken = { bytes: 0, rows: 0 };
  worker.on("message", (told: Told) => {
    if (told.is === "read") taken = { bytes: told.bytes, rows: told.rows };
  });
  async function* batches(step: () => void): AsyncGenerator<Batch> {
    for (let n = 0; n < AHEAD; n++) worker.postMessage("more");
    for await (const [told] of said) {
      if (told.is === "read") step();
      if (told.is === "rows") {
        worker.postMessage("more");
        yield JSON.parse(told.json) as Batch;
      }
      if (told.is !== "end") continue;
      if (told.refusal) throw new Refusal(told.refusal.kind, told.refusal.message);
      return;
    }
  }
  const stop = async () => {
    await said.return?.();
    await worker.terminate();
  };
  return { taken: () => taken, batches, stop };
}

// The inbox of pushes: each stored once before it is answered, then worked off in order, at least once, by one process.
import PQueue from "p-queue";
import { marks } from "../infra/dialect.js";
import type { Logger } from "../infra/log.js";
import { groupedStore } from "./storing.js";
import { MOST_AT_ONCE, ownerOf, type StoredCallback, type TakingDeps, takePushes } from "./taking.js";

export interface InboxDeps extends TakingDeps {
  log: Pick<Logger, "warn" | "error">;
  /** does what a push says; doing it twice must do no harm, for a crash may make it happen */
  work: (body: string) => Promise<void>;
}

const minute = 60_000;
/** pushes worked off at the same time, and taken at the same time */
const WIDTH = 8;
const MOST_TAKEN = 64;
const MOST_TRIES = 5;
/** A burst is let in before it is worked off, ms; where pushes never end, each batch gives way to them for a moment only. */
const BURST = 500;
const MOMENT = 20;

/** The inbox of one channel over the table `callback`. */
export function callbackInbox(deps: InboxDeps) {
  const { store, channel } = deps;
  const storing = groupedStore(deps);
  const processPending = workerOf(deps, storing.lull);
  return {
    /** Works off what is stored now; resolves when it is done or waits for another try. */
    processPending,

    /** Stores a push, together with others that come at the same time; false when it was there already. `digest` is the
     *  same for every delivery of the same push. */
    store: storing.store,

    /** Forgets pushes done before an instant (epoch ms): a later delivery of the same would be a new one. */
    async forget(before: number): Promise<number> {
      const { affected } = await store.write((sql) =>
        sql.run("DELETE FROM callback WHERE channel = ? AND state = 'done' AND received_at < ?", [
          channel,
          before,
        ]),
      );
      return affected;
    },
  };
}

/** One pass at a time takes what is stored into the lanes; callers at the same time share it. */
function workerOf(deps: InboxDeps, lull: (most: number) => Promise<void>): () => Promise<void> {
  const lanes = lanesOf(deps);
  let running: Promise<void> | undefined;
  let again = false;
  async function takeAll(): Promise<void> {
    try {
      for (let most = BURST; ; most = MOMENT) {
        again = false;
        await lull(most);
        const batch = await takePushes(deps, lanes.open());
        for (const callback of batch) lanes.add(callback);
        if (batch.length === 0 && !again) return;
        await lanes.below(MOST_TAKEN - MOST_AT_ONCE);
      }
    } finally {
      running = undefined;
    }
  }
  return async () => {
    again = true;
    running ??= takeAll();
    await running;
    await lanes.below(1);
  };
}

/** Works on several pushes at once, but on those of one guide one after the other, so that nobody waits for another. */
function lanesOf(deps: InboxDeps) {
  const queue = new PQueue({ concurrency: WIDTH });
  const done = doneIn(deps);
  const tails = new Map<string, Promise<void>>();
  const open = new Set<Promise<void>>();
  const ids = new Set<number>();
  return {
    /** the pushes in the lanes */
    open: (): ReadonlySet<number> => ids,
    add(callback: StoredCallback): void {
      const whose = ownerOf(callback.body, deps);
      const work = () => queue.add(() => one(callback, deps, done));
      const turn = (tails.get(whose) ?? Promise.resolve()).then(work).then(
        () => undefined,
        (error: unknown) =>
          deps.log.error({ error, callback: callback.id }, "a callback waits for the next pass"),
      );
      tails.set(whose, turn);
      open.add(turn);
      ids.add(callback.id);
      void turn.then(() => {
        open.delete(turn);
        ids.delete(callback.id);
        if (tails.get(whose) === turn) tails.delete(whose);
      });
    },
    /** Resolves when fewer than `most` are open. */
    async below(most: number): Promise<void> {
      while (open.size >= most && open.size > 0) await Promise.race(open);
    },
  };
}

/** Works one push off and says so; after a fault it waits for another try, longer each time, and at last stays failed. */
async function one(
  { id, body }: StoredCallback,
  { store, world, log, work }: InboxDeps,
  done: (id: number) => Promise<void>,
): Promise<void> {
  try {
    await work(body);
  } catch (error) {
    log.warn({ error, callback: id }, "a callback could not be worked off");
    const message = error instanceof Error ? error.message : String(error);
    await store.write((sql) =>
      sql.run(
        `UPDATE callback SET state = CASE WHEN tries >= ${MOST_TRIES} THEN 'failed' ELSE 'stored' END,
           taken_until = ? + tries * tries * ${minute / 2}, error = ? WHERE id = ?`,
        [world.now(), message.slice(0, 1_000), id],
      ),
    );
    return;
  }
  await done(id);
}

/** Writes down that pushes are done: those done while others are being written go together with the next commit. */
function doneIn({ store }: InboxDeps): (id: number) => Promise<void> {
  let waiting: number[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  async function write(): Promise<void> {
    await last.catch(() => undefined);
    const ids = waiting;
    waiting = [];
    next = undefined;
    last = store.write((sql) =>
      sql.run(
        `UPDATE callback SET state = 'done', error = NULL, taken_until = 0 WHERE id IN (${marks(ids.length)})`,
        ids,
      ),
    );
    await last;
  }
  return (id) => {
    waiting.push(id);
    next ??= write();
    return next;
  };
}

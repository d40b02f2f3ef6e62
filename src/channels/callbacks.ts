// The inbox of pushes: each stored once before it is answered, then worked off in order, at least once, by one process.
import PQueue from "p-queue";
import { marks } from "../infra/dialect.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";
import { groupedStore } from "./storing.js";

/** A push as it was stored. */
export interface StoredCallback {
  id: number;
  body: string;
}

export interface InboxDeps {
  store: Store;
  world: Pick<World, "now">;
  log: Pick<Logger, "warn" | "error">;
  channel: string;
  /** whose push it is: pushes of one of them are worked off one after the other */
  whose: (body: string) => string;
  /** does what a push says; doing it twice must do no harm, for a crash may make it happen */
  work: (body: string) => Promise<void>;
}

const minute = 60_000;
const BATCH = 32;
/** pushes worked off at the same time, and taken at the same time */
const WIDTH = 8;
const MOST_TAKEN = 64;
const MOST_TRIES = 5;
/** how long a process may take over one push before another takes it for dead */
const TAKEN = 2 * minute;

/** The inbox of one channel over the table `callback`. */
export function callbackInbox(deps: InboxDeps) {
  const { store, channel } = deps;
  const processPending = workerOf(deps);
  return {
    /** Works off what is stored now; resolves when it is done or waits for another try. */
    processPending,

    /** Stores a push, together with others that come at the same time; false when it was there already. `digest` is the
     *  same for every delivery of the same push. */
    store: groupedStore(deps),

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
function workerOf(deps: InboxDeps): () => Promise<void> {
  const lanes = lanesOf(deps);
  let running: Promise<void> | undefined;
  let again = false;
  async function takeAll(): Promise<void> {
    try {
      for (;;) {
        again = false;
        const batch = await take(deps);
        for (const callback of batch) lanes.add(callback);
        if (batch.length === 0 && !again) return;
        await lanes.below(MOST_TAKEN - BATCH);
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
  const tails = new Map<string, Promise<void>>();
  const open = new Set<Promise<void>>();
  return {
    add(callback: StoredCallback): void {
      const whose = ownerOf(callback, deps);
      const work = () => queue.add(() => one(callback, deps));
      const turn = (tails.get(whose) ?? Promise.resolve()).then(work).then(
        () => undefined,
        (error: unknown) =>
          deps.log.error({ error, callback: callback.id }, "a callback waits for the next pass"),
      );
      tails.set(whose, turn);
      open.add(turn);
      void turn.then(() => {
        open.delete(turn);
        if (tails.get(whose) === turn) tails.delete(whose);
      });
    },
    /** Resolves when fewer than `most` are open. */
    async below(most: number): Promise<void> {
      while (open.size >= most && open.size > 0) await Promise.race(open);
    },
  };
}

/** The oldest pushes nobody is at, now ours for a while. */
function take({ store, world, channel }: InboxDeps): Promise<StoredCallback[]> {
  return store.write(async (sql) => {
    const now = world.now();
    const rows = await sql.rows<StoredCallback>(
      `SELECT id, body FROM callback WHERE state = 'stored' AND channel = ? AND taken_until <= ?
       ORDER BY id LIMIT ${BATCH}${sql.dialect.forUpdate}`,
      [channel, now],
    );
    const batch = rows.map(({ id, body }) => ({ id: Number(id), body }));
    if (batch.length === 0) return [];
    await sql.run(
      `UPDATE callback SET taken_until = ?, tries = tries + 1 WHERE id IN (${marks(batch.length)})`,
      [now + TAKEN, ...batch.map(({ id }) => id)],
    );
    return batch;
  });
}

function ownerOf({ body }: StoredCallback, { whose }: InboxDeps): string {
  try {
    return whose(body);
  } catch {
    // its own work will say what is wrong with it
    return "";
  }
}

/** Works one push off and says so; after a fault it waits for another try, longer each time, and at last stays failed. */
async function one({ id, body }: StoredCallback, { store, world, log, work }: InboxDeps): Promise<void> {
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
  await store.write((sql) =>
    sql.run("UPDATE callback SET state = 'done', error = NULL, taken_until = 0 WHERE id = ?", [id]),
  );
}

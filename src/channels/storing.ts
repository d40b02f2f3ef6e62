// Pushes on their way into the table: those that come while others are being written go together with the next commit.
import { setTimeout as sleep } from "node:timers/promises";
import { insertRows } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";

/** Whose pushes, and where they go. */
export interface StoringDeps {
  store: Store;
  world: Pick<World, "now">;
  channel: string;
}

interface Waiting {
  digest: string;
  body: string;
  /** epoch ms */
  at: number;
  done(isNew: boolean): void;
  fail(error: unknown): void;
}

const MOST = 256;
/** A lull: nobody pushed for so long, ms. */
const LULL = 10;

/** How pushes are stored. */
export interface GroupedStore {
  /** Stores a push under its digest; resolves once it is committed, with false when it was there already (of those
   *  written together: when all were). */
  store(digest: string, body: string): Promise<boolean>;
  /** Resolves when nobody pushes just now, after `most` ms at the latest: who pushes waits for an answer, what is
   *  stored does not. */
  lull(most: number): Promise<void>;
}

/** Stores pushes of a channel, those that come together in one transaction. */
export function groupedStore({ store, world, channel }: StoringDeps): GroupedStore {
  let waiting: Waiting[] = [];
  let isWriting = false;
  let pushes = 0;
  let seen = 0;

  async function writeAll(): Promise<void> {
    isWriting = true;
    // whatever arrives in this turn of the event loop goes along
    await new Promise((turn) => setImmediate(turn));
    while (waiting.length > 0) {
      const some = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await writeTogether(store, channel, some);
    }
    isWriting = false;
  }

  return {
    store: (digest, body) =>
      new Promise((done, fail) => {
        pushes++;
        waiting.push({ digest, body, at: world.now(), done, fail });
        if (!isWriting) void writeAll();
      }),
    async lull(most) {
      for (let left = most; left > 0 && seen !== pushes; left -= LULL) {
        seen = pushes;
        await sleep(LULL);
      }
    },
  };
}

async function writeTogether(store: Store, channel: string, some: readonly Waiting[]): Promise<void> {
  try {
    const added = await store.write((sql) => put(sql, channel, some));
    for (const one of some) one.done(added > 0);
  } catch (error) {
    if (some.length === 1) some[0]?.fail(error);
    // what cannot be stored must not keep the others out
    else for (const one of some) await writeTogether(store, channel, [one]);
  }
}

async function put(sql: Sql, channel: string, some: readonly Waiting[]): Promise<number> {
  return insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO callback (digest, channel, body, received_at, state, tries, taken_until)`,
    some.map(({ digest, body, at }) => [digest, channel, body, at, "stored", 0, 0]),
  );
}

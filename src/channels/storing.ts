// Pushes on their way into the table: those that come while others are being written go together with the next commit.
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

/** Stores a push under its digest; resolves once it is committed, with false when it was there already (of those
 *  written together: when all were). */
export function groupedStore({ store, world, channel }: StoringDeps) {
  let waiting: Waiting[] = [];
  let isWriting = false;

  async function put(sql: Sql, some: readonly Waiting[]): Promise<number> {
    return insertRows(
      sql,
      `${sql.dialect.insertIgnore} INTO callback (digest, channel, body, received_at, state, tries, taken_until)`,
      some.map(({ digest, body, at }) => [digest, channel, body, at, "stored", 0, 0]),
    );
  }

  async function writeTogether(some: readonly Waiting[]): Promise<void> {
    try {
      const added = await store.write((sql) => put(sql, some));
      for (const one of some) one.done(added > 0);
    } catch (error) {
      if (some.length === 1) some[0]?.fail(error);
      // what cannot be stored must not keep the others out
      else for (const one of some) await writeTogether([one]);
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    // whatever arrives in this turn of the event loop goes along
    await new Promise((turn) => setImmediate(turn));
    while (waiting.length > 0) {
      const some = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await writeTogether(some);
    }
    isWriting = false;
  }

  return (digest: string, body: string): Promise<boolean> =>
    new Promise((done, fail) => {
      waiting.push({ digest, body, at: world.now(), done, fail });
      if (!isWriting) void writeAll();
    });
}

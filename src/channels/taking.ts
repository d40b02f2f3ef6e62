// Taking stored pushes: the oldest nobody is at, in short transactions, and none of a guide's before an older one has ended.
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";

/** A push as it was stored. */
export interface StoredCallback {
  id: number;
  body: string;
}

export interface TakingDeps {
  store: Store;
  world: Pick<World, "now">;
  channel: string;
  /** whose push it is: pushes of one of them are worked off one after the other; raises for one that cannot be read */
  whose: (body: string) => string;
}

const BATCH = 32;
/** Pages of pushes that must wait which are looked through for some that need not. */
const PAGES = 20;
/** how long a process may take over one push before another takes it for dead */
const TAKEN = 120_000;
/** One that has failed so often holds its guide's others up no longer: what is wrong with it must not silence the guide. */
const PATIENCE = 2;

/** How many are taken at once at most. */
export const MOST_AT_ONCE = BATCH;

/** The oldest pushes nobody is at, now ours for a while; `own`: those this process works on already, in their order. */
export function takePushes(deps: TakingDeps, own: ReadonlySet<number>): Promise<StoredCallback[]> {
  return deps.store.write(async (sql) => {
    const now = deps.world.now();
    const blocked = new Map<string, number>();
    const batch: StoredCallback[] = [];
    for (let page = 0, after = 0; page < PAGES && batch.length < BATCH; page++) {
      const rows = await lockedPage(sql, deps, now, after);
      const last = rows.at(-1)?.id ?? after;
      // only now: who held these rows until a moment ago has written down by now what they took before them
      await addBlocks(sql, deps, { now, after, last, own }, blocked);
      for (const { id, body } of rows) {
        const from = blocked.get(ownerOf(body, deps));
        const isFree = !own.has(id) && (from === undefined || id < from);
        if (batch.length < BATCH && isFree) batch.push({ id, body });
      }
      if (rows.length < BATCH) break;
      after = last;
    }
    if (batch.length === 0) return [];
    await sql.run(
      `UPDATE callback SET taken_until = ?, tries = tries + 1 WHERE id IN (${marks(batch.length)})`,
      [now + TAKEN, ...batch.map(({ id }) => id)],
    );
    return batch;
  });
}

/** The next pushes nobody is at, nobody else's until the transaction ends. */
async function lockedPage(sql: Sql, { channel }: TakingDeps, now: number, after: number) {
  const rows = await sql.rows<StoredCallback>(
    `SELECT id, body FROM callback WHERE state = 'stored' AND channel = ? AND taken_until <= ? AND id > ?
     ORDER BY id LIMIT ${BATCH}${sql.dialect.forUpdate}`,
    [channel, now, after],
  );
  return rows.map(({ id, body }) => ({ id: Number(id), body }));
}

/** A page's pushes, from after one to its last: only what is older than these can hold one of them up. */
interface Stretch {
  now: number;
  after: number;
  last: number;
  own: ReadonlySet<number>;
}

/** Adds by guide the oldest push another process is at, or died over, or that waits for another try. */
async function addBlocks(
  sql: Sql,
  deps: TakingDeps,
  { now, after, last, own }: Stretch,
  blocked: Map<string, number>,
): Promise<void> {
  const rows = await sql.rows<StoredCallback>(
    `SELECT id, body FROM callback WHERE state = 'stored' AND channel = ? AND taken_until > ? AND tries <= ${PATIENCE}
       AND id > ? AND id < ? ORDER BY id`,
    [deps.channel, now, after, last],
  );
  for (const { id, body } of rows) {
    const owner = ownerOf(body, deps);
    const isFirst = owner !== "" && !blocked.has(owner);
    if (isFirst && !own.has(Number(id))) blocked.set(owner, Number(id));
  }
}

/** Whose a push is; "" for one that cannot be read: its own work will say what is wrong with it. */
export function ownerOf(body: string, { whose }: Pick<TakingDeps, "whose">): string {
  try {
    return whose(body);
  } catch {
    return "";
  }
}

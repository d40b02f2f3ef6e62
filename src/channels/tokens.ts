// Access tokens in the database, so that several processes share one and renew it once.
import { setTimeout as sleep } from "node:timers/promises";
import type { Param, Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";
import type { StoredToken, TokenStore } from "./wecom/token.js";

export interface TokensOptions {
  /** ms after which a lock whose holder died is free again; longer than the call it guards may last */
  lease?: number;
  /** ms between two looks at a lock somebody else holds */
  step?: number;
}

/**
 * A token store over the table `channel_token`. A lock is a lease: a holder that dies keeps the others waiting no
 * longer than `lease`, by the shared clock or, where that stands still, by the looks taken.
 */
export function databaseTokens(
  store: Store,
  world: Pick<World, "now" | "id">,
  options: TokensOptions = {},
): TokenStore {
  const { lease = 30_000, step = 100 } = options;
  const turns = new Map<string, Promise<unknown>>();

  async function alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    const holder = world.id();
    for (let looks = 0; ; looks++) {
      if (await take(store, key, holder, world.now(), lease, looks * step >= lease)) break;
      await sleep(step);
    }
    try {
      return await work();
    } finally {
      await store.write((sql) =>
        sql.run(
          "UPDATE channel_token SET locked_by = NULL, locked_until = 0 WHERE name = ? AND locked_by = ?",
          [key, holder],
        ),
      );
    }
  }

  return {
    read: (key) => readToken(store, key),
    write: (key, token) => writeToken(store, key, token),
    // one process queues by itself first: only one of its callers waits at the database
    lock: (key, work) => {
      const run = () => alone(key, work);
      const turn = (turns.get(key) ?? Promise.resolve()).then(run, run);
      turns.set(
        key,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

/** Forgets what was over before an instant (epoch ms): tokens, and ids of files whose life ended. */
export async function forgetTokens(store: Store, before: number): Promise<void> {
  await store.write((sql) =>
    sql.run("DELETE FROM channel_token WHERE expires_at < ? AND locked_by IS NULL", [before]),
  );
}

async function readToken(store: Store, key: string): Promise<StoredToken | undefined> {
  const row = await store.read.row<{ value: string | null; expires_at: number }>(
    "SELECT value, expires_at FROM channel_token WHERE name = ?",
    [key],
  );
  return row?.value ? { token: row.value, expiresAt: Number(row.expires_at) } : undefined;
}

async function writeToken(store: Store, key: string, token: StoredToken): Promise<void> {
  await store.write((sql) =>
    sql.run(
      `INSERT INTO channel_token (name, value, expires_at, locked_by, locked_until) VALUES (?, ?, ?, NULL, 0)
       ${sql.dialect.onConflict(["name"], ["value", "expires_at"])}`,
      [key, token.token, token.expiresAt],
    ),
  );
}

/**
 * Takes the lock when it is free, when its lease is over, or by force. Each statement is a transaction of its own: an
 * ignored insert keeps a shared lock on the row, and two who then change it wait for each other.
 */
async function take(
  store: Store,
  key: string,
  holder: string,
  now: number,
  lease: number,
  force: boolean,
): Promise<boolean> {
  const changed = async (text: (sql: Sql) => string, params: readonly Param[]) =>
    (await store.write((sql) => sql.run(text(sql), params))).affected === 1;
  const free = force ? "" : " AND (locked_by IS NULL OR locked_until <= ?)";
  const taken = await changed(
    () => `UPDATE channel_token SET locked_by = ?, locked_until = ? WHERE name = ?${free}`,
    [holder, now + lease, key, ...(force ? [] : [now])],
  );
  if (taken || (await store.read.row("SELECT 1 FROM channel_token WHERE name = ?", [key]))) return taken;
  return changed(
    (sql) =>
      `${sql.dialect.insertIgnore} INTO channel_token (name, value, expires_at, locked_by, locked_until)
       VALUES (?, NULL, 0, ?, ?)`,
    [key, holder, now + lease],
  );
}

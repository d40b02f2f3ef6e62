// Small texts that several processes read and change together, each change as one: in the database, or in Redis.
import type { World } from "../kernel/world.js";
import type { Sql, Store } from "./store.js";

/** What a change makes of a text: the new one, how long it matters (epoch ms), and the answer to who asked. */
export interface Changed<T> {
  text: string;
  until: number;
  answer: T;
}

/** Texts by name (ASCII, at most 190 characters). */
export interface SharedState {
  /** Changes one text while nobody else does; null: there is none. `change` may be run again and must only reckon. */
  change<T>(name: string, change: (text: string | null) => Changed<T>): Promise<T>;
  /** What a text is now; null: there is none. */
  read(name: string): Promise<string | null>;
  close(): Promise<void>;
}

/** In the table `shared_state`. */
export function databaseState(store: Store): SharedState {
  return {
    change: (name, change) =>
      store.write(async (sql) => {
        const row = (await locked(sql, name)) ?? (await made(sql, name));
        const { text, until, answer } = change(row?.value || null);
        await sql.run("UPDATE shared_state SET value = ?, until_at = ? WHERE name = ?", [text, until, name]);
        return answer;
      }),
    read: async (name) => {
      const row = await store.read.row<{ value: string }>("SELECT value FROM shared_state WHERE name = ?", [
        name,
      ]);
      return row?.value || null;
    },
    close: async () => undefined,
  };
}

function locked(sql: Sql, name: string): Promise<{ value: string } | undefined> {
  return sql.row(`SELECT value FROM shared_state WHERE name = ?${sql.dialect.forUpdate}`, [name]);
}

// only where there is none yet: an ignored insert keeps a shared lock, and two who then want the row wait for each other
async function made(sql: Sql, name: string): Promise<{ value: string } | undefined> {
  const row = `${sql.dialect.insertIgnore} INTO shared_state (name, value, until_at) VALUES (?, '', 0)`;
  await sql.run(row, [name]);
  return locked(sql, name);
}

/** Of this process alone: for tests, and where nothing is shared. */
export function memoryState(): SharedState {
  const texts = new Map<string, string>();
  return {
    change: async (name, change) => {
      const { text, answer } = change(texts.get(name) ?? null);
      texts.set(name, text);
      return answer;
    },
    read: async (name) => texts.get(name) ?? null,
    close: async () => undefined,
  };
}

/** For how long the first one is not asked again after it failed, in ms. */
const REST = 30_000;

/** The first as long as it answers, else the second. What was counted in the one is not known in the other. */
export function withFallback(
  first: SharedState,
  second: SharedState,
  world: Pick<World, "now">,
  onFault: (error: unknown) => void,
): SharedState {
  let restsUntil = 0;
  const onEither = async <T>(use: (state: SharedState) => Promise<T>): Promise<T> => {
    if (world.now() >= restsUntil) {
      try {
        return await use(first);
      } catch (error) {
        restsUntil = world.now() + REST;
        onFault(error);
      }
    }
    return use(second);
  };
  return {
    change: (name, change) => onEither((state) => state.change(name, change)),
    read: (name) => onEither((state) => state.read(name)),
    close: async () => {
      await first.close();
      await second.close();
    },
  };
}

/** Forgets texts that mattered no longer at an instant (epoch ms). */
export async function forgetStates(store: Store, before: number): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM shared_state WHERE until_at < ?", [before]));
}

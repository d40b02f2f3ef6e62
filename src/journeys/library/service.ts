// The library of words: entries in folders, begun with what is published, changed by hand without losing anybody's change.
import type { Sql, Store } from "../../infra/store.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import type { ClaimsCheck } from "../claims.js";
import { checkedText, type EntryText, nameOf } from "./checked-text.js";
import {
  entryById,
  findEntries,
  foldersOf,
  type LibraryEntry,
  type LibraryQuery,
  noteUse,
  usesOf,
} from "./entries.js";
import { type WordsInUse, wordsInUse } from "./in-use.js";
import { type EntryUse, usesOfEntry } from "./usage.js";
import { addEntry, changeEntry, collect, missingOf, removeEntry, renameFolder } from "./writes.js";

export interface LibraryDeps {
  store: Store;
  world: Pick<World, "now">;
  claims: ClaimsCheck;
}

export type LibraryService = ReturnType<typeof libraryService>;

/** The setting that says the library was begun. */
const BEGUN = "words_library";

/** The library over one database. `by`: `account:3`. */
export function libraryService(deps: LibraryDeps) {
  const { store } = deps;
  const inUse = wordsInUse();
  const begin = beginning(deps, inUse);
  return {
    find: async (query: LibraryQuery) => {
      await begin();
      return findEntries(store.read, query);
    },
    folders: async () => {
      await begin();
      return foldersOf(store.read);
    },
    /** Raises `not_found`. */
    entry: async (id: number): Promise<LibraryEntry> => {
      const entry = await entryById(store.read, id);
      if (!entry) throw new Refusal("not_found", "没有这段话术，可能刚被删掉了。");
      return entry;
    },
    /** The words of all touchpoints now. */
    inUse: (): Promise<WordsInUse[]> => inUse(store.read),
    /** The touchpoints that use these entries, by the entries' ids. */
    uses: async (entries: readonly LibraryEntry[]): Promise<Map<number, EntryUse[]>> => {
      const words = await inUse(store.read);
      const noted = await usesOf(
        store.read,
        entries.map(({ id }) => id),
      );
      return new Map(entries.map((entry) => [entry.id, usesOfEntry(entry, words, noted)]));
    },
    ...changes(deps, inUse),
  };
}

/** What changes the library. */
function changes({ store, world, claims }: LibraryDeps, inUse: ReturnType<typeof wordsInUse>) {
  const stamp = (by: string) => ({ by, at: world.now() });
  return {
    /** Words in use that the library has not, each once. */
    missing: async (): Promise<WordsInUse[]> => missingOf(store.read, await inUse(store.read)),
    /** Takes them in; gives how many. */
    collect: async (by: string): Promise<number> => {
      const found = await inUse(store.read);
      return store.write((sql) => collect(sql, found, stamp(by)));
    },
    /** Raises `invalid` with every fault of the words. */
    add: async (text: EntryText, by: string): Promise<number> => {
      const checked = await checkedText(claims, text);
      return store.write((sql) => addEntry(sql, checked, stamp(by)));
    },
    /** Changes an entry as it was at a revision. Raises `invalid`, EntryConflict. */
    change: async (id: number, revision: number, text: EntryText, by: string): Promise<void> => {
      const checked = await checkedText(claims, text);
      const found = await inUse(store.read);
      await store.write((sql) => changeEntry(sql, { id, revision }, checked, { ...stamp(by), found }));
    },
    /** Raises EntryConflict. */
    remove: (id: number, revision: number, by: string): Promise<void> =>
      store.write((sql) => removeEntry(sql, { id, revision }, stamp(by))),
    /** Gives a folder another name; gives how many entries it has. Into a folder that is there they are moved. */
    renameFolder: async (from: string, to: string, by: string): Promise<number> => {
      const folder = nameOf("文件夹", to);
      return store.write((sql) => renameFolder(sql, from, folder, stamp(by)));
    },
    /** Writes down that an entry was put into a touchpoint. Raises `not_found`. */
    used: async (id: number, journeyKey: string, touchpointKey: string): Promise<void> => {
      if (!(await entryById(store.read, id))) throw new Refusal("not_found", "没有这段话术。");
      await store.write((sql) => noteUse(sql, { entryId: id, journeyKey, touchpointKey, at: world.now() }));
    },
  };
}

/** Begins an empty library with the words in use, once for ever: who empties it later wants it empty. */
function beginning(
  { store, world }: LibraryDeps,
  inUse: (sql: Sql) => Promise<WordsInUse[]>,
): () => Promise<void> {
  let isBegun = false;
  return async () => {
    if (isBegun) return;
    const setting = "SELECT value FROM setting WHERE name = ?";
    if (!(await store.read.row(setting, [BEGUN]))) {
      const found = await inUse(store.read);
      if (found.length === 0) return;
      await store.write(async (sql) => {
        const head = `${sql.dialect.insertIgnore} INTO setting (name, value) VALUES (?, ?)`;
        const { affected } = await sql.run(head, [BEGUN, String(world.now())]);
        if (affected > 0) await collect(sql, found, { by: "system", at: world.now() });
      });
    }
    isBegun = true;
  };
}

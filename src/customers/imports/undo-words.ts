// What taking an import back speaks of.
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";

/** The kinds of rows an import changes, in the order they are taken back: each before those it refers to. */
export const UNDO_KINDS = [
  ...(["transfers", "orders", "children", "customers"] as const),
  ...(["leaves", "guides", "stores", "regions", "levels"] as const),
];
export type UndoKindName = (typeof UNDO_KINDS)[number];

/** A row an import changed, as it is kept. */
export interface Logged {
  key: string;
  customerId: number | null;
  /** null: the import made it */
  was: object | null;
  digest: string;
}

/** What becomes of a row: its making is undone, what it was comes back, or somebody has changed it since, or built on
 *  it, and it stays. */
export type Verdict = "remove" | "restore" | "keep";

/** What is known of tasks where imports are taken back: that is for others to say. */
export interface UndoTasks {
  /** Those of these customers for whom somebody has done something already. */
  begun(sql: Sql, customerIds: readonly number[], since: ShopDay): Promise<Set<number>>;
  /** Takes away, with their customers, tasks nobody has seen; gives how many. */
  forget(sql: Sql, customerIds: readonly number[], since: ShopDay): Promise<number>;
  /** How many such tasks there are. */
  unseen(sql: Sql, customerIds: readonly number[], since: ShopDay): Promise<number>;
}

/** The circumstances of taking one run back. */
export interface Undoing {
  runId: number;
  /** the run's own day */
  since: ShopDay;
  today: ShopDay;
  /** epoch ms */
  at: number;
  by: string;
  tasks: UndoTasks;
  /** rows that must stay because one that stays hangs on them, by kind and id */
  pinned: Map<string, Set<number>>;
}

/** Makes a row of a kind stay. */
export function pin({ pinned }: Pick<Undoing, "pinned">, kind: UndoKindName, id: number | null): void {
  if (id === null) return;
  pinned.set(kind, (pinned.get(kind) ?? new Set()).add(id));
}

/** A row as it is now and what it was. */
export interface Back<T> {
  key: string;
  now: T;
  was: T;
}

/** How rows of one kind are looked at and taken back, in the caller's transaction. */
export interface UndoKind<T extends object> {
  kind: UndoKindName;
  /** The rows as they are now, by key. */
  load(sql: Sql, logged: readonly Logged[]): Promise<Map<string, T>>;
  /** Those of these rows that something else hangs on, by key. */
  inUse(sql: Sql, rows: ReadonlyMap<string, T>, undoing: Undoing): Promise<Set<string>>;
  /** Takes rows away; gives how many tasks went with them. */
  remove(sql: Sql, rows: readonly T[], undoing: Undoing): Promise<number>;
  restore(sql: Sql, rows: readonly Back<T>[], undoing: Undoing): Promise<void>;
  /** Pins what a row that stays hangs on. */
  pins(row: T, undoing: Undoing): void;
}

// Rows that come in, laid over what is stored: which are new, which change something, which were there already.
import type { Fault } from "../kernel/refusals.js";
import type { Sql, Store } from "./store.js";

/** What became of one row. */
export type RowStatus = "new" | "changed" | "unchanged" | "refused";

export interface RowOutcome {
  status: RowStatus;
  /** why it was refused; empty otherwise */
  faults: readonly Fault[];
}

/** A row and where it stood: a file's line, or a place in a JSON array (both 1-based). */
export interface Placed<R> {
  row: R;
  where: string;
  line: number;
}

/** A row that a write made (`before` undefined) or changed, as it was and as it is now. */
export interface KeptChange {
  key: string;
  before: object | undefined;
  after: object;
  /** whose row it is, where it is a customer's */
  customerId?: number;
}

/** Hears what a write changes, in its own transaction, so that it can be taken back one day. */
export type Keep = (sql: Sql, kind: string, changes: readonly KeptChange[]) => Promise<void>;

/** Has the changes of several transactions kept. */
export interface Keeper {
  /** A transaction whose changes `keep` is to hear. */
  write<T>(store: Store, work: (sql: Sql, keep: Keep) => Promise<T>): Promise<T>;
}

/** Rows of one table by their key: as they were before and as they are to be now. */
export interface Overlay<S> {
  outcomes: RowOutcome[];
  /** the rows to write, by key, with what was stored before (undefined: nothing) */
  written: Map<string, { before: S | undefined; after: S }>;
}

/** Lays rows one after another over what is stored, so that a later row of the same key sees the earlier one.
 *  `lay` gives the row to be, or the faults that refuse it; left-out fields are its to keep. */
export function overlay<R, S extends object>(
  rows: readonly Placed<R>[],
  stored: ReadonlyMap<string, S>,
  keyOf: (row: R) => string,
  lay: (placed: Placed<R>, before: S | undefined) => S | Fault[],
): Overlay<S> {
  const written: Overlay<S>["written"] = new Map();
  const outcomes = rows.map((placed): RowOutcome => {
    const key = keyOf(placed.row);
    const now = written.get(key)?.after ?? stored.get(key);
    const after = lay(placed, now);
    if (Array.isArray(after)) return { status: "refused", faults: after };
    if (now && isSame(now, after)) return UNCHANGED;
    written.set(key, { before: stored.get(key), after });
    return now ? CHANGED : NEW;
  });
  return { outcomes, written };
}

/** What an overlay wrote, as `Keep` hears it. */
export function keptChanges<S extends object>(
  written: Overlay<S>["written"],
  keyOf: (after: S) => string,
): KeptChange[] {
  return [...written.values()].map(({ before, after }) => ({ key: keyOf(after), before, after }));
}

/** The given value, or the kept one when nothing was said. */
export function given<T>(value: T | null | undefined, kept: T | null | undefined): T | null {
  return value === undefined ? (kept ?? null) : value;
}

/** The fault of a row that names something we do not have. */
export function unknownKey(placed: Placed<unknown>, field: string, value: string, what: string): Fault {
  return { where: placed.where, line: placed.line, field, value, expected: `${what} we know` };
}

const NEW: RowOutcome = { status: "new", faults: [] };
const CHANGED: RowOutcome = { status: "changed", faults: [] };
const UNCHANGED: RowOutcome = { status: "unchanged", faults: [] };

/** Whether two flat rows of the same shape hold the same values. */
function isSame<S extends object>(one: S, other: S): boolean {
  for (const key in other) if (one[key] !== other[key]) return false;
  return true;
}

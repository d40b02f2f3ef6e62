// Takes an import back: row by row what it was before, as far as nobody has changed it since or built on it.
import { setImmediate as turn } from "node:timers/promises";
import { marks } from "../../infra/dialect.js";
import type { Sql, Store } from "../../infra/store.js";
import { digestOf } from "./change-log.js";
import { undoCustomers } from "./undo-customers.js";
import { undoChildren, undoOrders, undoTransfers } from "./undo-facts.js";
import { undoGuides, undoLeaves, undoLevels, undoRegions, undoStores } from "./undo-places.js";
import type { Back, Logged, Undoing, UndoKind, UndoKindName, Verdict } from "./undo-words.js";

/** What taking back comes to, in rows; `tasks`: those nobody has seen yet, gone with their customers. */
export interface UndoCounts {
  remove: number;
  restore: number;
  keep: number;
  tasks: number;
  byKind: Partial<Record<UndoKindName, Record<Verdict, number>>>;
}

/** Nothing taken back yet. */
export function noCounts(): UndoCounts {
  return { remove: 0, restore: 0, keep: 0, tasks: 0, byKind: {} };
}

/** In an order in which nothing is taken away that something else still refers to. */
const KINDS = [
  ...[undoTransfers, undoOrders, undoChildren, undoCustomers],
  ...[undoLeaves, undoGuides, undoStores, undoRegions, undoLevels],
] as unknown as readonly UndoKind<object>[];

/** Rows looked at in one transaction: some 50 ms of an embedded database. */
const PIECE = 200;

/** Whom taking back tells how far it is: the counts so far, and rows looked at. */
export type UndoProgress = (counts: UndoCounts, looked: number) => void;

/** What taking a run back would come to now. */
export async function previewUndo(store: Store, undoing: Undoing, tell?: UndoProgress): Promise<UndoCounts> {
  return walk(undoing, tell, async (kind, before, counts) => {
    const logged = await loggedOf(store.read, undoing.runId, kind.kind, before);
    const judged = await judge(store.read, kind, logged, undoing);
    tally(counts, kind.kind, judged);
    if (kind.kind === "customers") {
      const ids = judged.flatMap(({ verdict, now }) => (verdict === "remove" && now ? idOf(now) : []));
      counts.tasks += await undoing.tasks.unseen(store.read, ids, undoing.since);
    }
    return logged;
  });
}

/** Takes a run back piece by piece; what is done is forgotten with it, so that it goes on where it broke off. `counted`
 *  writes down, in each piece's transaction, what it has come to. */
export async function undoRun(
  store: Store,
  undoing: Undoing,
  start: UndoCounts,
  counted: (sql: Sql, counts: UndoCounts) => Promise<void>,
  tell?: UndoProgress,
): Promise<UndoCounts> {
  const sum = structuredClone(start);
  return walk(
    undoing,
    tell,
    async (kind, before) => {
      const { logged, next } = await store.write(async (sql) => {
        const counts = structuredClone(sum);
        const piece = await loggedOf(sql, undoing.runId, kind.kind, before);
        if (piece.length === 0) return { logged: piece, next: counts };
        const judged = await judge(sql, kind, piece, undoing);
        counts.tasks += await carryOut(sql, kind, judged, undoing);
        tally(counts, kind.kind, judged);
        await forget(sql, undoing.runId, kind.kind, piece);
        await counted(sql, counts);
        return { logged: piece, next: counts };
      });
      Object.assign(sum, next);
      return logged;
    },
    sum,
  );
}

async function walk(
  undoing: Undoing,
  tell: UndoProgress | undefined,
  piece: (
    kind: UndoKind<object>,
    before: string | undefined,
    counts: UndoCounts,
  ) => Promise<readonly Logged[]>,
  counts = noCounts(),
): Promise<UndoCounts> {
  undoing.pinned.clear();
  let looked = 0;
  for (const kind of KINDS)
    for (let before: string | undefined, more = true; more; ) {
      const logged = await piece(kind, before, counts);
      before = logged.at(-1)?.key;
      more = logged.length === PIECE;
      looked += logged.length;
      tell?.(counts, looked);
      await turn();
    }
  return counts;
}

interface Judged {
  logged: Logged;
  now: object | undefined;
  verdict: Verdict;
}

/** The rows of one kind, the last key first. */
async function loggedOf(
  sql: Sql,
  runId: number,
  kind: string,
  before: string | undefined,
): Promise<Logged[]> {
  const after = before === undefined ? "" : " AND row_key < ?";
  const rows = await sql.rows<Omit<Logged, "was"> & { was: string | null }>(
    `SELECT row_key AS "key", customer_id AS customerId, was, digest FROM import_change
     WHERE run_id = ? AND kind = ?${after} ORDER BY row_key DESC LIMIT ${PIECE}`,
    before === undefined ? [runId, kind] : [runId, kind, before],
  );
  return rows.map((row) => ({ ...row, was: row.was === null ? null : (JSON.parse(row.was) as object) }));
}

/** A row that is not as the import left it has been changed since; one it made that is used since stays too. */
async function judge(
  sql: Sql,
  kind: UndoKind<object>,
  logged: readonly Logged[],
  undoing: Undoing,
): Promise<Judged[]> {
  const rows = await kind.load(sql, logged);
  const same = (one: Logged) => {
    const now = rows.get(one.key);
    return now && digestOf(kind.kind, now) === one.digest ? now : undefined;
  };
  const made = logged.flatMap((one): [string, object][] => {
    const now = one.was === null ? same(one) : undefined;
    return now ? [[one.key, now]] : [];
  });
  const used = made.length > 0 ? await kind.inUse(sql, new Map(made), undoing) : new Set<string>();
  return logged.map((one) => {
    const now = rows.get(one.key);
    const verdict = !same(one) || used.has(one.key) ? "keep" : one.was === null ? "remove" : "restore";
    if (verdict === "keep" && now) kind.pins(now, undoing);
    if (verdict === "restore" && one.was) kind.pins(one.was, undoing);
    return { logged: one, now, verdict };
  });
}

async function carryOut(
  sql: Sql,
  kind: UndoKind<object>,
  judged: readonly Judged[],
  undoing: Undoing,
): Promise<number> {
  const gone = judged.flatMap(({ verdict, now }) => (verdict === "remove" && now ? [now] : []));
  const back = judged.flatMap(({ verdict, now, logged: { key, was } }): Back<object>[] =>
    verdict === "restore" && now && was ? [{ key, now, was }] : [],
  );
  const tasks = gone.length > 0 ? await kind.remove(sql, gone, undoing) : 0;
  if (back.length > 0) await kind.restore(sql, back, undoing);
  return tasks;
}

async function forget(sql: Sql, runId: number, kind: string, logged: readonly Logged[]): Promise<void> {
  await sql.run(
    `DELETE FROM import_change WHERE run_id = ? AND kind = ? AND row_key IN (${marks(logged.length)})`,
    [runId, kind, ...logged.map(({ key }) => key)],
  );
}

function tally(counts: UndoCounts, kind: UndoKindName, judged: readonly Judged[]): void {
  if (judged.length === 0) return;
  const own = { ...(counts.byKind[kind] ?? { remove: 0, restore: 0, keep: 0 }) };
  for (const { verdict } of judged) {
    own[verdict]++;
    counts[verdict]++;
  }
  counts.byKind[kind] = own;
}

function idOf(row: object): number[] {
  return "id" in row && typeof row.id === "number" ? [row.id] : [];
}

// What an import changes, kept row by row in the transaction that changes it, as long as there is not too much of it.
import { createHash } from "node:crypto";
import { insertRows } from "../../infra/batches.js";
import type { Sql, Store } from "../../infra/store.js";
import type { Keeper, KeptChange } from "../../infra/upserts.js";

/** What is compared of each kind, so that a row is known to be as the import left it. */
const COMPARED: Readonly<Record<string, readonly string[]>> = {
  levels: ["name"],
  regions: ["parentId", "name"],
  stores: ["code", "name", "regionId"],
  guides: ["userid", "name", "storeId", "joinedOn", "leftOn"],
  leaves: ["guideId", "fromOn", "toOn", "deputyId", "cancelled"],
  customers: [
    ...["externalUserid", "name", "guideId", "ownerNamed", "joinedOn", "source", "phoneCipher", "birthday"],
    ...["brandPreference", "level", "optedOut", "optedOutBy", "tags"],
  ],
  children: ["customerId", "childNo", "name", "bornOn", "dueOn", "sex"],
  orders: [
    ...["orderNo", "customerId", "orderedOn", "quantity", "amount", "channel", "status"],
    ...["category", "subcategory"],
  ],
  transfers: ["guideId"],
};

const DIGEST = 32;

/** A row in short: the same values give the same text. One with tags begins with `t`. */
export function digestOf(kind: string, row: object): string {
  const values = row as Record<string, unknown>;
  const compared = COMPARED[kind] ?? [];
  const text = JSON.stringify(compared.map((name) => values[name] ?? null));
  const mark = "tags" in values ? "t" : "-";
  return mark + createHash("sha256").update(text).digest("hex").slice(0, DIGEST);
}

/** Whether a digest speaks of tags too. */
export function isWithTags(digest: string): boolean {
  return digest.startsWith("t");
}

/** The log of one import. */
export interface ChangeLog extends Keeper {
  /** rows kept; null: they were more than may be */
  rows(): number | null;
}

/** Begins the log of a run that keeps at most `most` rows: with one more it keeps none at all. */
export function changeLog(runId: number, most: number): ChangeLog {
  let kept: number | null = 0;
  const sum = (more: number) => (kept === null || kept + more > most ? null : kept + more);
  return {
    write: async (store, work) => {
      let heard = 0;
      const result = await store.write((sql) => {
        // what the database undid, to be done again, counts for nothing
        heard = 0;
        return work(sql, async (inside, kind, changes) => {
          heard += changes.length;
          if (changes.length > 0 && sum(heard) !== null) await write(inside, runId, kind, changes);
        });
      });
      if (heard > 0) kept = sum(heard);
      return result;
    },
    rows: () => kept,
  };
}

/** A row that changes twice keeps what it was before the first time. */
async function write(sql: Sql, runId: number, kind: string, changes: readonly KeptChange[]): Promise<void> {
  await insertRows(
    sql,
    "INSERT INTO import_change (run_id, kind, row_key, customer_id, was, digest)",
    changes.map(({ key, customerId, before, after }) => [
      ...[runId, kind, key, customerId ?? null],
      ...[before ? JSON.stringify(before) : null, digestOf(kind, after)],
    ]),
    sql.dialect.onConflict(["run_id", "kind", "row_key"], ["digest"]),
  );
}

/** Rows forgotten in one transaction. */
const PIECE = 2000;

/** Forgets what is kept of a run; from then on it cannot be taken back. */
export async function forgetChanges(store: Store, runId: number): Promise<void> {
  for (;;) {
    const last = await store.read.row<{ kind: string; rowKey: string }>(
      `SELECT kind, row_key AS rowKey FROM import_change WHERE run_id = ? ORDER BY kind, row_key LIMIT 1 OFFSET ${PIECE}`,
      [runId],
    );
    if (!last) {
      await store.write((sql) => sql.run("DELETE FROM import_change WHERE run_id = ?", [runId]));
      return;
    }
    await store.write((sql) =>
      sql.run("DELETE FROM import_change WHERE run_id = ? AND (kind < ? OR (kind = ? AND row_key < ?))", [
        ...[runId, last.kind, last.kind, last.rowKey],
      ]),
    );
  }
}

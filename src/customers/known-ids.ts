// Customers under other ids than they come in by: those merged into another, and those erased who come back.
import { createHash } from "node:crypto";
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { Placed } from "../infra/upserts.js";

/** A row that names a customer, and perhaps one of their children. */
interface Named {
  externalUserid: string;
  childNo?: number;
}

interface MergedId {
  externalUserid: string;
  known: string;
  /** under which number each of the old one's children goes on */
  children: string;
}

/** Those of these rows' ids that were merged into another, by the old id. */
export async function mergedAway<T extends Named>(
  sql: Sql,
  rows: readonly Placed<T>[],
): Promise<Map<string, MergedId>> {
  if (!(await sql.row("SELECT from_id FROM customer_merge LIMIT 1"))) return new Map();
  const merged = await selectIn<MergedId>(
    sql,
    `SELECT m.external_userid AS externalUserid, c.external_userid AS known, m.children
     FROM customer_merge m JOIN customer c ON c.id = m.into_id WHERE m.external_userid IN`,
    [...new Set(rows.map(({ row }) => row.externalUserid))],
  );
  return new Map(merged.map((one) => [one.externalUserid, one]));
}

/** Rows under the ids their customers go by since they were merged. All others come back as they are. */
export async function underKnownIds<T extends Named>(
  sql: Sql,
  rows: readonly Placed<T>[],
): Promise<readonly Placed<T>[]> {
  const byId = await mergedAway(sql, rows);
  if (byId.size === 0) return rows;
  return rows.map((placed) => {
    const one = byId.get(placed.row.externalUserid);
    if (!one) return placed;
    const { childNo } = placed.row;
    const numbers = JSON.parse(one.children) as Record<string, number>;
    const child = childNo === undefined ? {} : { childNo: numbers[childNo] ?? childNo };
    return { ...placed, row: { ...placed.row, externalUserid: one.known, ...child } };
  });
}

const ERASED = "erased:";

/** Of the table `customer`: rows that are people still, neither erased nor merged into another. */
export const IS_SOMEBODY = `merged_into IS NULL AND external_userid NOT LIKE '${ERASED}%'`;

/** What stands instead of an erased customer's id: nobody can read it back, and the same person is known again. */
export function erasedId(externalUserid: string): string {
  return ERASED + createHash("sha256").update(externalUserid).digest("hex").slice(0, 57);
}

/** Whether a stored id is that of an erased customer. */
export function isErased(externalUserid: string): boolean {
  return externalUserid.startsWith(ERASED);
}

/** Those of these ids whose customers were erased and have not come back. */
export async function erasedAmong(sql: Sql, externalUserids: readonly string[]): Promise<Set<string>> {
  if (externalUserids.length === 0 || !(await sql.row(ANY_ERASED))) return new Set();
  const idOf = new Map(externalUserids.map((id) => [erasedId(id), id]));
  const rows = await selectIn<{ hash: string }>(
    sql,
    "SELECT external_userid AS hash FROM customer WHERE external_userid IN",
    [...idOf.keys()],
  );
  return new Set(rows.flatMap(({ hash }) => idOf.get(hash) ?? []));
}

/** Those of these customers who were erased and have not come back, by row. */
export async function erasedCustomers(sql: Sql, ids: readonly number[]): Promise<Set<number>> {
  const rows = await selectIn<{ id: number; externalUserid: string }>(
    sql,
    "SELECT id, external_userid AS externalUserid FROM customer WHERE id IN",
    ids,
  );
  return new Set(rows.filter(({ externalUserid }) => isErased(externalUserid)).map(({ id }) => id));
}

const ANY_ERASED =
  "SELECT id FROM customer WHERE external_userid >= 'erased:' AND external_userid < 'erased;' LIMIT 1";

/** Gives erased customers among these ids their rows back, so that nothing they have had comes twice. */
export async function reviveErased(sql: Sql, externalUserids: readonly string[]): Promise<void> {
  if (externalUserids.length === 0 || !(await sql.row(ANY_ERASED))) return;
  const idOf = new Map(externalUserids.map((id) => [erasedId(id), id]));
  const rows = await selectIn<{ id: number; hash: string }>(
    sql,
    "SELECT id, external_userid AS hash FROM customer WHERE merged_into IS NULL AND external_userid IN",
    [...idOf.keys()],
  );
  for (const { id, hash } of rows)
    await sql.run("UPDATE customer SET external_userid = ? WHERE id = ?", [idOf.get(hash) ?? hash, id]);
}

// Tags as they are given and taken away, each by its source; what was taken stays on record. Tags that files and pushes
// set are among them.
import { chunked, grouped, insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import type { CustomerChange, StoredCustomer, Writing } from "./writing.js";

/** Where a tag comes from. One customer may have a tag from several sources, and each takes away its own only.
 *  `import` are files and pushes: people's doing, as `manual` is; `wecom`: guides gave it in the chat system. */
export type TagSource = "import" | "manual" | "rule" | "model" | "wecom";

/** A tag on its way to or from customers. */
export interface TagChange {
  name: string;
  source: TagSource;
  /** `account:3`, `rule`, a model's name */
  by: string;
  /** epoch ms */
  at: number;
}

/** Gives customers a tag; those who have it from this source keep it as it is. Gives how many are new. */
export function giveTag(
  sql: Sql,
  { name, source, by, at }: TagChange,
  customerIds: readonly number[],
): Promise<number> {
  return insertRows(
    sql,
    insertTags(sql),
    customerIds.map((id) => [id, name, source, at, by]),
  );
}

function insertTags({ dialect }: Sql): string {
  return `${dialect.insertIgnore} INTO customer_tag (customer_id, name, source, given_at, given_by)`;
}

/** Most customers of one statement. */
const LIST = 500;

/** Takes a source's tag away from customers and keeps the record. Gives how many had it. */
export async function takeTag(
  sql: Sql,
  { name, source, by, at }: TagChange,
  customerIds: readonly number[],
): Promise<number> {
  let taken = 0;
  for (const ids of chunked(customerIds, LIST)) {
    const which = `name = ? AND source = ? AND customer_id IN (${marks(ids.length)})`;
    await sql.run(
      `INSERT INTO customer_tag_past (customer_id, name, source, given_at, given_by, taken_at, taken_by)
       SELECT customer_id, name, source, given_at, given_by, ?, ? FROM customer_tag
       WHERE ${which}${sql.dialect.forUpdate}`,
      [at, by, name, source, ...ids],
    );
    taken += (await sql.run(`DELETE FROM customer_tag WHERE ${which}`, [name, source, ...ids])).affected;
  }
  return taken;
}

/** Fills in the imported tags of customers, sorted and joined by `|`. */
export async function loadTags(sql: Sql, customers: readonly StoredCustomer[]): Promise<void> {
  const rows = await selectIn<{ customerId: number; name: string }>(
    sql,
    "SELECT customer_id AS customerId, name FROM customer_tag WHERE source = 'import' AND customer_id IN",
    customers.map(({ id }) => id),
  );
  const tagsOf = grouped(rows, (row) => row.customerId);
  for (const customer of customers) {
    const names = (tagsOf.get(customer.id) ?? []).map(({ name }) => name);
    customer.tags = names.toSorted().join("|");
  }
}

/** Writes the tags of customers whose imported tags are others now. */
export async function writeTags(
  sql: Sql,
  changes: readonly CustomerChange[],
  { at }: Writing,
): Promise<void> {
  const source = "import";
  const given: Param[][] = [];
  const gone: { id: number; name: string }[] = [];
  for (const { before, after } of changes) {
    const [had, has] = [namesOf(before?.tags ?? ""), namesOf(after.tags)];
    for (const name of has) if (!had.includes(name)) given.push([after.id, name, source, at, source]);
    for (const name of had) if (!has.includes(name)) gone.push({ id: after.id, name });
  }
  for (const [name, rows] of grouped(gone, (row) => row.name)) {
    const ids = rows.map(({ id }) => id);
    await takeTag(sql, { name, source, by: source, at }, ids);
  }
  await insertRows(sql, insertTags(sql), given);
}

function namesOf(tags: string): string[] {
  return tags.split("|").filter(Boolean);
}

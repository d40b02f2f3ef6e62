// The tags that files and pushes set. Tags from elsewhere are not theirs to take away.
import { grouped, insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { CustomerChange, StoredCustomer } from "./writing.js";

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
export async function writeTags(sql: Sql, changes: readonly CustomerChange[]): Promise<void> {
  const changed = changes.filter(({ before, after }) => (before?.tags ?? "") !== after.tags);
  const gone = changed.filter(({ before }) => before?.tags).map(({ after }) => after.id);
  for (const id of gone)
    await sql.run("DELETE FROM customer_tag WHERE customer_id = ? AND source = 'import'", [id]);
  const rows = changed.flatMap(({ after }) =>
    after.tags
      .split("|")
      .filter(Boolean)
      .map((name) => [after.id, name, "import"]),
  );
  await insertRows(sql, `${sql.dialect.insertIgnore} INTO customer_tag (customer_id, name, source)`, rows);
}

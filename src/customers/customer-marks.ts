// Marks on customers of whom something may have changed that audiences ask for; what looks at them again works them off.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";

/** Marks some customers, in the transaction that changed them. */
export async function markCustomers(sql: Sql, customerIds: readonly number[]): Promise<void> {
  await insertRows(
    sql,
    "INSERT INTO customer_mark (customer_id)",
    customerIds.map((id) => [id]),
  );
}

const EVERYBODY = "customers_marked";

/** Marks all customers at once: for what changes many and leaves no mark on each. */
export async function markEverybody(sql: Sql): Promise<void> {
  await sql.run(
    `INSERT INTO setting (name, value) VALUES (?, '1')${sql.dialect.onConflict(["name"], ["value"])}`,
    [EVERYBODY],
  );
}

/** Whether all customers are marked. */
export async function isEverybodyMarked(sql: Sql): Promise<boolean> {
  return (await sql.row("SELECT name FROM setting WHERE name = ?", [EVERYBODY])) !== undefined;
}

/** Takes the mark off all customers, before they are looked at. */
export async function takeMarkOfEverybody(sql: Sql): Promise<void> {
  await sql.run("DELETE FROM setting WHERE name = ?", [EVERYBODY]);
}

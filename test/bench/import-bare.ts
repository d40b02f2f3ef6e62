// The least an import can cost: the same files read, the same rows put into the same tables with ids known beforehand;
// nothing checked, nothing looked up, nothing compared.
import { join } from "node:path";
import { cycleOf } from "../../src/customers/anchor-rules.js";
import { insertRows } from "../../src/infra/batches.js";
import { openSheet } from "../../src/infra/spreadsheets.js";
import type { Param, Sql, Store } from "../../src/infra/store.js";
import type { Batch } from "../../src/infra/workbooks.js";

type Ids = Map<string, number>;

/** Reads a brand's customers, children and orders from a folder and inserts them bare, 512 rows a transaction. */
export async function importBare(store: Store, folder: string): Promise<void> {
  const ids: Ids = new Map();
  for await (const batch of batchesOf(folder, "customers"))
    await store.write((sql) => customers(sql, batch, ids));
  for await (const batch of batchesOf(folder, "children"))
    await store.write((sql) => children(sql, batch, ids));
  for await (const batch of batchesOf(folder, "orders")) await store.write((sql) => orders(sql, batch, ids));
}

async function* batchesOf(folder: string, table: string): AsyncGenerator<Batch> {
  yield* (await openSheet(join(folder, `${table}.csv`))).batches;
}

const UNHIDDEN = "v1.".padEnd(44, "x");

async function customers(sql: Sql, batch: Batch, ids: Ids): Promise<void> {
  const rows = batch.map(
    ({ cells: [key = "", name = "", guide = "", joinedOn = "", source = "", phone = ""] }) => {
      ids.set(key, ids.size + 1);
      return { id: ids.size, key, name, guideId: Number(guide.slice(1)) + 1, joinedOn, source, phone };
    },
  );
  await insertRows(
    sql,
    "INSERT INTO customer (id, external_userid, name, guide_id, owner_named, joined_on, source, bucket, phone_cipher, phone_index)",
    rows.map((row) => [
      ...[row.id, row.key, row.name, row.guideId, 1, row.joinedOn, row.source, row.id % 10_000],
      // as long as a cipher, as far apart as an index
      ...[UNHIDDEN + row.phone, Number(row.phone)],
    ]),
  );
  await insertRows(
    sql,
    "INSERT INTO contact (customer_id, guide_id, began_on)",
    rows.map((row) => [row.id, row.guideId, row.joinedOn]),
  );
  const kinds = ["joined", "guide_assigned"];
  await putAnchors(
    sql,
    rows.flatMap((row) => kinds.map((kind) => anchor(row.id, kind, 0, row.joinedOn, row.guideId))),
  );
}

async function children(sql: Sql, batch: Batch, ids: Ids): Promise<void> {
  const rows = batch.map(({ cells: [key = "", no = "", , bornOn = "", sex = ""] }) => {
    return { id: ids.get(key) ?? 0, no: Number(no), bornOn, sex };
  });
  const values = rows.map((row): Param[] => [row.id, row.no, row.bornOn, row.sex]);
  await insertRows(sql, "INSERT INTO child (customer_id, child_no, born_on, sex)", values);
  await putAnchors(
    sql,
    rows.map((row) => anchor(row.id, "child_born", row.no, row.bornOn, 1)),
  );
}

async function orders(sql: Sql, batch: Batch, ids: Ids): Promise<void> {
  const rows = batch.map(
    ({ cells: [no = "", key = "", on = "", quantity = "", amount = "", category = ""] }) => {
      return { no, id: ids.get(key) ?? 0, on, quantity: Number(quantity), amount: Number(amount), category };
    },
  );
  await insertRows(
    sql,
    "INSERT INTO customer_order (order_no, customer_id, ordered_on, quantity, amount, status, category)",
    rows.map((row) => [row.no, row.id, row.on, row.quantity, row.amount, "paid", row.category]),
  );
  const kinds = ["first_order", "last_order"];
  await putAnchors(
    sql,
    rows.flatMap((row) => kinds.map((kind) => anchor(row.id, kind, 0, row.on, 1))),
  );
}

function anchor(id: number, kind: string, childNo: number, on: string, guideId: number): Param[] {
  return [id, kind, childNo, on, cycleOf(on), guideId];
}

async function putAnchors(sql: Sql, rows: Param[][]): Promise<void> {
  const key = ["customer_id", "kind", "child_no"];
  const head = "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id)";
  await insertRows(sql, head, rows, sql.dialect.onConflict(key, ["on_date", "cycle_on"]));
}

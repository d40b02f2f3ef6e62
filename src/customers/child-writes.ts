// Writes children by customer and number, and the anchors that follow.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { given, overlay, type Placed, type RowOutcome, unknownKey } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshAnchors } from "./anchors.js";
import { underKnownIds } from "./known-ids.js";
import { customerIds } from "./queries.js";
import type { ChildRow } from "./tables.js";
import type { Writing } from "./writing.js";

interface StoredChild {
  customerId: number;
  childNo: number;
  name: string | null;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
  sex: string | null;
}

/** Upserts children. One of a customer we do not know is refused. What a row leaves out stays as it is. */
export async function writeChildren(
  sql: Sql,
  incoming: readonly Placed<ChildRow>[],
  { today, quietThrough }: Writing,
): Promise<RowOutcome[]> {
  const rows = await underKnownIds(sql, incoming);
  const idOf = await customerIds(
    sql,
    rows.map(({ row }) => row.externalUserid),
  );
  const stored = await loadChildren(sql, [...idOf.values()]);
  const { outcomes, written } = overlay(
    rows,
    stored,
    (row) => `${idOf.get(row.externalUserid)}:${row.childNo}`,
    (placed, before) => {
      const customerId = idOf.get(placed.row.externalUserid);
      if (customerId !== undefined) return laidOver(placed.row, customerId, before);
      return [unknownKey(placed, "external_userid", placed.row.externalUserid, "a customer")];
    },
  );
  const after = [...written.values()].map((change) => change.after);
  await insertRows(
    sql,
    "INSERT INTO child (customer_id, child_no, name, born_on, due_on, sex)",
    after.map(({ customerId, childNo, name, bornOn, dueOn, sex }) => {
      return [customerId, childNo, name, bornOn, dueOn, sex];
    }),
    sql.dialect.onConflict(["customer_id", "child_no"], ["name", "born_on", "due_on", "sex"]),
  );
  const touched = after.map((child) => child.customerId);
  await refreshAnchors(sql, touched, { today, quietThrough, parts: ["children"] });
  return outcomes;
}

async function loadChildren(sql: Sql, customers: readonly number[]): Promise<Map<string, StoredChild>> {
  const found = await selectIn<StoredChild>(
    sql,
    `SELECT customer_id AS customerId, child_no AS childNo, name, born_on AS bornOn, due_on AS dueOn, sex
     FROM child${sql.dialect.force("PRIMARY")} WHERE customer_id IN`,
    customers,
    { forced: true },
  );
  return new Map(found.map((child) => [`${child.customerId}:${child.childNo}`, child]));
}

function laidOver(row: ChildRow, customerId: number, before: StoredChild | undefined): StoredChild {
  return {
    customerId,
    childNo: row.childNo,
    name: given(row.name, before?.name),
    bornOn: given(row.bornOn, before?.bornOn),
    dueOn: given(row.dueOn, before?.dueOn),
    sex: given(row.sex, before?.sex),
  };
}

// Writes children by customer and number, and the anchors that follow.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { given, keptChanges, overlay, type Placed, type RowOutcome, unknownKey } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshAnchors } from "./anchors.js";
import { underKnownIds } from "./known-ids.js";
import { customerIds } from "./queries.js";
import type { ChildRow } from "./tables.js";
import type { Writing } from "./writing.js";

/** A child as stored. */
export interface StoredChild {
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
  writing: Writing,
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
  const kept = () =>
    keptChanges(written, childKey).map((change, index) => ({
      ...change,
      customerId: after[index]?.customerId ?? 0,
    }));
  if (writing.keep) await writing.keep(sql, "children", kept());
  await putChildren(sql, after, writing);
  return outcomes;
}

/** How a child is told apart, in text. */
export function childKey({ customerId, childNo }: Pick<StoredChild, "customerId" | "childNo">): string {
  return `${customerId}:${childNo}`;
}

/** Makes children what they are to be, and their anchors follow. */
export async function putChildren(
  sql: Sql,
  after: readonly StoredChild[],
  { today, quietThrough }: Pick<Writing, "today" | "quietThrough">,
): Promise<void> {
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
}

/** The children of customers, by their key. */
export async function loadChildren(
  sql: Sql,
  customers: readonly number[],
): Promise<Map<string, StoredChild>> {
  const found = await selectIn<StoredChild>(
    sql,
    `SELECT customer_id AS customerId, child_no AS childNo, name, born_on AS bornOn, due_on AS dueOn, sex
     FROM child${sql.dialect.force("PRIMARY")} WHERE customer_id IN`,
    customers,
    { forced: true },
  );
  return new Map(found.map((child) => [childKey(child), child]));
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

// The tables an import reads, in the order they need each other, and where each lies in a folder.
import { readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { Sql } from "../infra/store.js";
import type { Columns, Heading, Table } from "../infra/tables.js";
import type { Placed, RowOutcome } from "../infra/upserts.js";
import { Refusal } from "../kernel/refusals.js";
import { writeLeaves } from "../org/leave-writes.js";
import { nameLevels, writeGuides, writeStores } from "../org/service.js";
import { guideTable, type LeaveRow, leaveTable, storeTable } from "../org/tables.js";
import { writeChildren } from "./child-writes.js";
import { writeCustomers } from "./customer-writes.js";
import type { Nearness } from "./import-pieces.js";
import { writeOrders } from "./order-writes.js";
import {
  type ChildRow,
  type CustomerRow,
  childTable,
  customerTable,
  type OrderRow,
  orderTable,
  transferTable,
} from "./tables.js";
import { writeTransfers } from "./transfer-writes.js";
import type { Writing } from "./writing.js";

/** A table that can come in: its columns, and how rows that were understood are written. */
export interface Incoming {
  readonly table: Table;
  /** Writes rows that were read by this table's columns, in the caller's transaction; one outcome a row. */
  write(sql: Sql, rows: readonly Placed<object>[], writing: Writing): Promise<RowOutcome[]>;
  /** by what rows lie near each other; without it they are written in the file's order */
  readonly near?: Nearness;
  /** what a file's heading says before its rows do */
  begin?(sql: Sql, heading: Heading<Columns>, writing: Pick<Writing, "keep">): Promise<void>;
}

/** All tables, each after those it refers to. */
export const INCOMING: readonly Incoming[] = [
  {
    ...incoming(storeTable, writeStores),
    begin: (sql, { rest }, { keep }) => nameLevels(sql, rest, { keep }),
  },
  incoming(guideTable, writeGuides),
  incoming<LeaveRow>(leaveTable, (sql, rows, { today, keep }) =>
    writeLeaves(sql, rows, { by: "import", today, keep }),
  ),
  {
    ...incoming(customerTable, writeCustomers),
    near: nearness<CustomerRow>(
      (row) => row.externalUserid,
      (row) => row.joinedOn,
    ),
  },
  {
    ...incoming(childTable, writeChildren),
    near: nearness<ChildRow>(
      (row) => `${row.externalUserid} ${row.childNo}`,
      (row) => row.bornOn ?? row.dueOn,
    ),
  },
  {
    ...incoming(orderTable, writeOrders),
    near: nearness<OrderRow>(
      (row) => row.orderNo,
      (row) => row.orderedOn,
      "orderNo",
    ),
  },
  incoming(transferTable, writeTransfers),
];

export type TableName = "stores" | "guides" | "leaves" | "customers" | "children" | "orders" | "transfers";

/** A table by its name. */
export function incomingOf(name: TableName): Incoming {
  const found = INCOMING.find(({ table }) => table.name === name);
  if (!found) throw new Refusal("not_found", `There is no table ${name}.`);
  return found;
}

/** One file to import. */
export interface Source {
  incoming: Incoming;
  path: string;
  /** where its refused rows go, when not where those of all files do */
  refusedDir?: string;
}

/** The files of a folder that hold tables, in the order they are to be read. Corrected rows alone are read too:
 *  from a folder that holds refused-customers.csv and no customers, or from that one file.
 *  A Refusal when there is no such folder, nothing in it, or one table twice. */
export function findSources(place: string): Source[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) throw new Refusal("not_found", `${place} does not exist.`);
  const files = found.isDirectory() ? readdirSync(place).map((name) => join(place, name)) : [place];
  const sources = INCOMING.flatMap((one) => {
    const own = files.filter((file) => isNamed(file, one.table, ""));
    const [path, second] =
      own.length > 0 ? own : files.filter((file) => isNamed(file, one.table, "refused-"));
    if (path && second)
      throw new Refusal(
        "invalid",
        `${place} holds ${basename(path)} and ${basename(second)}; keep one of them.`,
      );
    return path ? [{ incoming: one, path }] : [];
  });
  if (sources.length > 0) return sources;
  const names = INCOMING.map(({ table }) => table.name).join(", ");
  throw new Refusal("invalid", `${place} holds none of the tables ${names} as .csv or .xlsx.`);
}

/** Whether a file goes by the name of a table. */
export function isNamed(file: string, table: Table, prefix: string): boolean {
  const ending = extname(file).toLowerCase();
  const stem = basename(file, extname(file)).toLowerCase();
  return (
    [".csv", ".xlsx"].includes(ending) && [table.name, table.chinese].some((name) => stem === prefix + name)
  );
}

/** Tables of different rows in one list: what is written was read by the same table's columns. */
function incoming<R extends object>(
  table: Table,
  write: (sql: Sql, rows: readonly Placed<R>[], writing: Writing) => Promise<RowOutcome[]>,
): Incoming {
  return { table, write: (sql, rows, writing) => write(sql, rows as readonly Placed<R>[], writing) };
}

function nearness<R extends object>(
  keyOf: (row: R) => string,
  dateOf: (row: R) => string | null | undefined,
  own?: keyof R & string,
): Nearness {
  const lieBy = "externalUserid";
  return { ...{ lieBy, own }, keyOf: (row) => keyOf(row as R), dateOf: (row) => dateOf(row as R) ?? "" };
}

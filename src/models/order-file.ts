// A file of orders for a back-test: each customer's purchase days, and the rows that cannot be read.
import { orderTable } from "../customers/tables.js";
import { openSheet } from "../infra/spreadsheets.js";
import { readCells, readHeading, type Table } from "../infra/tables.js";
import { dayNumber } from "../kernel/calendar.js";
import type { Fault } from "../kernel/refusals.js";
import { purchaseDays } from "./histories.js";
import { type PurchaseLog, purchaseLog } from "./purchase-log.js";

const { externalUserid, orderedOn, quantity, amount, status } = orderTable.columns;
const table = {
  ...{ name: orderTable.name, chinese: orderTable.chinese },
  columns: { externalUserid, orderedOn, quantity, amount, status },
} satisfies Table;

/** What a file held. */
export interface OrderFile {
  /** in the order of the log */
  externalUserids: string[];
  log: PurchaseLog;
  rows: number;
  /** rows that cannot be read; they are left out */
  refused: number;
  /** the first faults */
  faults: Fault[];
}

const FAULTS_SHOWN = 20;

/** Reads a .csv or .xlsx of orders (external_userid, ordered_on; quantity, amount and status may stand there too). Several
 *  orders of one day are one purchase, refunded ones none. What is no such table is a Refusal of one sentence. */
export async function readOrderFile(path: string): Promise<OrderFile> {
  const sheet = await openSheet(path);
  try {
    const heading = readHeading(table, sheet.file, sheet.heading);
    const byCustomer = new Map<string, number[]>();
    const read: Pick<OrderFile, "rows" | "refused" | "faults"> = { rows: 0, refused: 0, faults: [] };
    for await (const batch of sheet.batches) {
      for (const { cells, line } of batch) {
        read.rows++;
        const { row, faults } = readCells(heading, cells, line);
        if (faults) {
          read.refused++;
          if (read.faults.length < FAULTS_SHOWN) read.faults.push(...faults);
        } else if (row.status !== "refunded") {
          const days = byCustomer.get(row.externalUserid);
          if (days) days.push(dayNumber(row.orderedOn));
          else byCustomer.set(row.externalUserid, [dayNumber(row.orderedOn)]);
        }
      }
    }
    const log = purchaseLog();
    for (const days of byCustomer.values()) log.add(purchaseDays(days));
    return { ...read, externalUserids: [...byCustomer.keys()], log: log.done() };
  } finally {
    await sheet.close();
  }
}

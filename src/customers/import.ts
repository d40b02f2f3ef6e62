// Imports a folder of tables: streamed, checked row by row, written in short pieces, refused rows set aside.
import { setImmediate as turn } from "node:timers/promises";
import { keepHeapSmall, withFewPages } from "../infra/memory.js";
import { openSheet, type Sheet } from "../infra/spreadsheets.js";
import type { Store } from "../infra/store.js";
import { type Columns, type Heading, readHeading } from "../infra/tables.js";
import type { Placed, RowStatus } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Fault } from "../kernel/refusals.js";
import { guideIds } from "../org/queries.js";
import { markEverybody } from "./customer-marks.js";
import { type Ordered, ordered } from "./import-order.js";
import { gathered, importRows } from "./import-rows.js";
import { findSources, type Source } from "./import-tables.js";
import { refusedRows } from "./refused-rows.js";
import type { Writing } from "./writing.js";

/** How far an import is. */
export interface ImportProgress {
  table: string;
  /** rows worked off, of all tables so far */
  rows: number;
  /** how much of the files is worked off; also moves while a large file is only sorted */
  bytesDone: number;
  bytesTotal: number;
}

export interface ImportOptions {
  store: Store;
  secretKey: Buffer;
  today: ShopDay;
  /** epoch ms, for the record */
  at: number;
  /** whether what is written may fall due for days up to today */
  trigger: boolean;
  /** where refused rows go; beside the input when left out */
  refusedDir?: string;
  progress?: (progress: ImportProgress) => void;
}

/** What became of one file. */
export interface ImportedTable extends Record<RowStatus, number> {
  table: string;
  file: string;
  rows: number;
  /** the file with the refused rows, when there are any */
  refusedFile?: string;
  /** the first faults; all of them stand in the refused file */
  faults: Fault[];
  /** columns that mean nothing here */
  ignoredColumns: string[];
}

const FAULTS_SHOWN = 20;

/** Imports stores, guides, customers, children and orders from a folder (or one file). Every file's heading is checked
 *  before a row is written: what is no table is a Refusal. Good rows stay even when others are refused; run again, it
 *  changes nothing that is there already, so an interrupted import is simply repeated. */
export async function importDirectory(place: string, options: ImportOptions): Promise<ImportedTable[]> {
  keepHeapSmall();
  const opened: Opened[] = [];
  try {
    for (const source of findSources(place)) opened.push(await openSource(source));
    const results: ImportedTable[] = [];
    const tell = progressOf(opened, options);
    await withFewPages(options.store, async () => {
      for (const one of opened) {
        results.push(await importTable(one, options, tell));
        await one.rows.close();
      }
    });
    // what did not trigger left no marks: all customers are looked at together
    if (!options.trigger) await options.store.write(markEverybody);
    return results;
  } finally {
    for (const { rows } of opened) await rows.close();
  }
}

interface Opened {
  source: Source;
  sheet: Sheet;
  heading: Heading<Columns>;
  rows: Ordered;
}

async function openSource(source: Source): Promise<Opened> {
  const sheet = await openSheet(source.path);
  try {
    const { table, near } = source.incoming;
    const heading = readHeading(table, sheet.file, sheet.heading);
    return { source, sheet, heading, rows: ordered(source.path, sheet, heading, near) };
  } catch (error) {
    await sheet.batches.return(undefined);
    throw error;
  }
}

async function importTable(
  { source, sheet, heading, rows: inOrder }: Opened,
  options: ImportOptions,
  tell: (table: string, rows: number) => void,
): Promise<ImportedTable> {
  const { incoming, path } = source;
  const { store, secretKey, today, at, trigger } = options;
  const { table } = incoming;
  const result: ImportedTable = {
    ...{ table: table.name, file: sheet.file, rows: 0, new: 0, changed: 0, unchanged: 0, refused: 0 },
    ...{ faults: [], ignoredColumns: [...heading.ignored] },
  };
  const refused = refusedRows(path, table.name, heading.written, options.refusedDir);
  await store.write(async (sql) => incoming.begin?.(sql, heading));
  const guides = await guideIds(store.read);
  const writing: Writing = { today, at, quietThrough: trigger ? null : today, secretKey, guides };
  const write = async (piece: Placed<object>[]) => {
    const outcomes = await store.write((sql) => incoming.write(sql, piece, writing));
    tell(table.name, piece.length);
    // an embedded database answers without leaving the event loop: let others have their turn
    await turn();
    return outcomes;
  };
  for await (const rows of gathered(inOrder.batches(() => tell(table.name, 0)))) {
    const outcomes = await importRows(rows, heading, {
      near: incoming.near,
      atOnce: store.dialect.writers,
      write,
    });
    for (const [index, { status, faults }] of outcomes.entries()) {
      result[status]++;
      if (status !== "refused") continue;
      refused.add(rows[index]?.cells ?? [], faults);
      if (result.faults.length < FAULTS_SHOWN) result.faults.push(...faults);
    }
    result.rows += rows.length;
  }
  tell(table.name, 0);
  result.faults.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  const refusedFile = refused.close();
  return refusedFile ? { ...result, refusedFile } : result;
}

function progressOf(opened: readonly Opened[], { progress }: ImportOptions) {
  const bytesTotal = opened.reduce((sum, { sheet }) => sum + sheet.bytes, 0);
  let rows = 0;
  return (table: string, more: number) => {
    rows += more;
    const bytesDone = opened.reduce((sum, one) => sum + one.rows.bytesDone(), 0);
    progress?.({ table, rows, bytesDone, bytesTotal });
  };
}

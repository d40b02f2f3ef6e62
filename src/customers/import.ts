// Imports a folder of tables: streamed, checked row by row, written in short pieces, refused rows set aside.
import { setImmediate as turn } from "node:timers/promises";
import { keepHeapSmall, withFewPages } from "../infra/memory.js";
import { openSheet, type Sheet } from "../infra/spreadsheets.js";
import type { Sql, Store } from "../infra/store.js";
import { type Columns, type Heading, readHeading } from "../infra/tables.js";
import type { Keeper, Placed, RowStatus } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import { type Fault, Refusal, sayFault } from "../kernel/refusals.js";
import { guideIds } from "../org/queries.js";
import { markEverybody } from "./customer-marks.js";
import { type Ordered, ordered } from "./import-order.js";
import { type Repeats, repeatsInto } from "./import-pieces.js";
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
  /** has what is made and changed kept */
  keeper?: Keeper | undefined;
  /** hears what became of each file as it ends, also of one that broke off */
  ended?: (table: ImportedTable) => void;
  /** whether to go no further */
  isStopped?: () => boolean;
  /** how a fault of a table is said in the file of refused rows */
  say?: (fault: Fault, table: string) => string;
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
  /** rows that name what a row before them had named, and were laid over it */
  repeats?: Repeats;
}

const FAULTS_SHOWN = 20;

/** Imports stores, guides, customers, children and orders from a folder (or one file). Every file's heading is checked
 *  before a row is written: what is no table is a Refusal. Good rows stay even when others are refused; run again, it
 *  changes nothing that is there already, so an interrupted import is simply repeated. */
export async function importDirectory(place: string, options: ImportOptions): Promise<ImportedTable[]> {
  keepHeapSmall();
  return importSources(findSources(place), options);
}

/** Imports files, each known to be of a table, in the order they are given; see `importDirectory`. */
export async function importSources(
  sources: readonly Source[],
  options: ImportOptions,
): Promise<ImportedTable[]> {
  const opened: Opened[] = [];
  try {
    for (const source of sources) opened.push(await openSource(source));
    const results: ImportedTable[] = [];
    const tell = progressOf(opened, options);
    try {
      await withFewPages(options.store, async () => {
        for (const one of opened) {
          results.push(await importTable(one, options, tell));
          await one.rows.close();
        }
      });
    } finally {
      // what did not trigger left no marks: all customers are looked at together
      if (!options.trigger) await options.store.write(markEverybody);
    }
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
    await sheet.close();
    throw error;
  }
}

async function importTable(
  { source, heading, rows: inOrder }: Opened,
  options: ImportOptions,
  tell: (table: string, rows: number) => void,
): Promise<ImportedTable> {
  const { incoming, path } = source;
  const { table, near } = incoming;
  const { store, say = sayFault } = options;
  const result = nothingYet(table.name, heading);
  const folder = source.refusedDir ?? options.refusedDir;
  const refused = refusedRows(path, table.name, heading.written, folder, (fault) => say(fault, table.name));
  const together = await writerOf(options);
  await together(async (sql, writing) => incoming.begin?.(sql, heading, writing));
  const write = async (piece: Placed<object>[]) => {
    const outcomes = await together((sql, writing) => incoming.write(sql, piece, writing));
    tell(table.name, piece.length);
    await turn(); // an embedded database answers without leaving the event loop: others shall have theirs
    return outcomes;
  };
  const writer = { near, atOnce: store.dialect.writers, write, counted: repeatsInto(result, near) };
  let isWorthKeeping = false;
  try {
    for await (const rows of gathered(inOrder.batches(() => tell(table.name, 0)))) {
      for (const [index, { status, faults }] of (await importRows(rows, heading, writer)).entries()) {
        result[status]++;
        if (status !== "refused") continue;
        refused.add(rows[index]?.cells ?? [], faults);
        isWorthKeeping = true;
        if (result.faults.length < FAULTS_SHOWN) result.faults.push(...faults);
      }
      result.rows += rows.length;
      if (options.isStopped?.()) throw new Refusal("conflict", "导入已停止；已经写入的行保留。");
    }
    isWorthKeeping = true;
  } finally {
    result.faults.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
    // one that broke off says nothing of the rows an earlier one refused
    const refusedFile = isWorthKeeping ? refused.close() : undefined;
    if (refusedFile) result.refusedFile = refusedFile;
    options.ended?.(result);
  }
  tell(table.name, 0);
  return result;
}

function nothingYet(table: string, { file, ignored }: Heading<Columns>): ImportedTable {
  return {
    ...{ table, file, rows: 0, new: 0, changed: 0, unchanged: 0, refused: 0 },
    ...{ faults: [], ignoredColumns: [...ignored] },
  };
}

/** How the pieces of a table are written, each in a transaction whose changes are kept. */
async function writerOf({ store, today, at, trigger, secretKey, keeper }: ImportOptions) {
  const guides = await guideIds(store.read);
  const writing: Writing = { today, at, quietThrough: trigger ? null : today, secretKey, guides };
  return <T>(work: (sql: Sql, writing: Writing) => Promise<T>): Promise<T> =>
    keeper
      ? keeper.write(store, (sql, keep) => work(sql, { ...writing, keep }))
      : store.write((sql) => work(sql, writing));
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

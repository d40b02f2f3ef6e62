// Tables in files: rows of a .csv or .xlsx in batches with their line numbers, in constant memory; and a CSV writer.
import {
  appendFileSync,
  createReadStream,
  type ReadStream,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { parse } from "csv-parse";
import { Refusal } from "../kernel/refusals.js";
import { decoder, decodeStart, encodingOf } from "./encodings.js";
import { type Batch, workbookBatches } from "./workbooks.js";

/** A table in a file, read from its start to its end once. */
export interface Sheet {
  /** the file's name without its folder */
  readonly file: string;
  readonly heading: readonly string[];
  readonly bytes: number;
  bytesRead(): number;
  /** the rows after the heading, some hundreds at a time; blank ones are left out */
  readonly batches: AsyncGenerator<Batch>;
  /** Lets go of the file, read or not. */
  close(): Promise<void>;
}

/** Rows in one batch: what one short transaction writes. */
const BATCH = 512;

/** Opens a .csv (UTF-8 or GB18030; comma, semicolon or tab) or .xlsx file and reads its heading.
 *  What is no table ends in a Refusal of one sentence, here or while its rows are read. */
export async function openSheet(path: string): Promise<Sheet> {
  const file = basename(path);
  const bytes = sizeOf(path, file);
  const { batches, bytesRead } = path.toLowerCase().endsWith(".xlsx")
    ? workbook(path, file, bytes)
    : csv(path, file);
  const { value: first, done } = await batches.next();
  const [heading, ...others] = first ?? [];
  if (done || !heading) throw new Refusal("invalid", `${file} is empty.`);
  return {
    ...{ file, bytes, heading: heading.cells, bytesRead },
    batches: after(others, batches),
    // what stands after the heading may never have been asked for, and would not hear of its end
    close: async () => {
      await batches.return(undefined);
    },
  };
}

function workbook(path: string, file: string, bytes: number): Pick<Sheet, "batches" | "bytesRead"> {
  let read = 0;
  async function* batches(): AsyncGenerator<Batch> {
    yield* workbookBatches(path, file, BATCH, (some) => {
      read = some;
    });
    // the parts beside the rows
    read = bytes;
  }
  return { batches: batches(), bytesRead: () => read };
}

function csv(path: string, file: string): Pick<Sheet, "batches" | "bytesRead"> {
  const stream = createReadStream(path, { highWaterMark: 1 << 17 });
  return { batches: closing(stream, csvBatches(path, stream, file)), bytesRead: () => stream.bytesRead };
}

async function* closing(stream: ReadStream, batches: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
  try {
    yield* batches;
  } finally {
    stream.destroy();
  }
}

async function* after(first: Batch, others: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
  if (first.length > 0) yield first;
  yield* others;
}

function sizeOf(path: string, file: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new Refusal("not_found", `${file} is not a file.`);
  return found.size;
}

async function* csvBatches(path: string, stream: NodeJS.ReadableStream, file: string): AsyncGenerator<Batch> {
  const encoding = await encodingOf(path, file);
  const delimiter = delimiterOf(decodeStart(await firstBytes(path), encoding));
  const parser = parse({
    ...{ bom: true, delimiter, relax_column_count: true, relax_quotes: true },
    // an open quote must not swallow the rest of a large file
    max_record_size: 1 << 20,
  });
  stream.on("error", (error) => parser.destroy(error));
  stream.pipe(decoder(encoding)).pipe(parser);
  let line = 1;
  let batch: Batch = [];
  try {
    for await (const record of parser) {
      const cells = record as string[];
      if (cells.length > 1 || cells[0]?.trim()) batch.push({ line, cells });
      line +=
        1 + cells.reduce((sum, cell) => (cell.includes("\n") ? sum + cell.split("\n").length - 1 : sum), 0);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw refusalOf(error, file, line);
  }
  if (batch.length > 0) yield batch;
}

function refusalOf(error: unknown, file: string, line: number): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string" || !code.startsWith("CSV_")) return error;
  const isQuote = code === "CSV_QUOTE_NOT_CLOSED" || code === "CSV_MAX_RECORD_SIZE";
  const why = isQuote ? "a quote opened there is never closed" : "its quotes do not match";
  return new Refusal("invalid", `${file} cannot be read from line ${line} on: ${why}.`);
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The separator that the heading line has most of. */
function delimiterOf(start: string): string {
  const heading = /^[^\r\n]*/.exec(start.trimStart())?.[0] ?? "";
  const count = (mark: string) => heading.split(mark).length;
  return [",", "\t", ";"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** A CSV file being written: UTF-8 with the mark Excel knows it by. It stands under its name once closed. */
export interface CsvFile {
  write(cells: readonly string[]): void;
  close(): void;
}

/** Starts a CSV file; nothing is at `path` before `close`. Cells come back exactly as given. */
export function createCsv(path: string): CsvFile {
  const part = `${path}.part`;
  let pending = "\ufeff";
  rmSync(part, { force: true });
  writeFileSync(part, "");
  return {
    write: (cells) => {
      pending += `${cells.map(quoted).join(",")}\n`;
      if (pending.length > 1 << 16) {
        appendFileSync(part, pending);
        pending = "";
      }
    },
    close: () => {
      appendFileSync(part, pending);
      renameSync(part, path);
    },
  };
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

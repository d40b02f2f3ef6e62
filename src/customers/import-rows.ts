// Some thousand rows of a file at once: checked, laid near each other, written in pieces, answered in the file's order.
import { type Columns, columnOf, type Heading, readCells } from "../infra/tables.js";
import type { Placed, RowOutcome } from "../infra/upserts.js";
import type { Batch, SheetRow } from "../infra/workbooks.js";
import type { Fault } from "../kernel/refusals.js";
import { type Good, type Nearness, piecesOf } from "./import-pieces.js";

/** Rows laid near each other at a time. */
const GATHERED = 8192;

/** Batches put together to larger ones. */
export async function* gathered(batches: AsyncIterable<Batch>): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = [];
  for await (const batch of batches) {
    for (const row of batch) rows.push(row);
    if (rows.length < GATHERED) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** How the good rows of a table are written. */
export interface RowWriter {
  near: Nearness | undefined;
  /** pieces under way at once, as far as their rows allow */
  atOnce: number;
  write(piece: Placed<object>[]): Promise<RowOutcome[]>;
  /** hears each row that counts, in the file's order */
  counted?(row: object): void;
}

/** Reads rows and writes the good ones piece by piece; one outcome a row. */
export async function importRows(
  rows: readonly SheetRow[],
  heading: Heading<Columns>,
  { near, atOnce, write, counted }: RowWriter,
): Promise<RowOutcome[]> {
  const good: Good[] = [];
  const outcomes = rows.map(({ cells, line }, index): RowOutcome => {
    const reading = readCells(heading, cells, line);
    if (reading.row) good.push({ index, placed: { row: reading.row, where: heading.file, line } });
    return refused(reading.faults ?? []);
  });
  const { pieces, inOrder } = piecesOf(good, near);
  await inTurns(pieces, inOrder ? 1 : atOnce, async (piece) => {
    const written = await write(piece.map(({ placed }) => placed));
    for (const [at, { index }] of piece.entries()) outcomes[index] = inColumns(heading, written[at]);
  });
  if (counted)
    for (const { index, placed } of good) if (outcomes[index]?.status !== "refused") counted(placed.row);
  return outcomes;
}

/** An outcome whose faults, found among what is stored, say their column as those of a cell do. */
function inColumns(heading: Heading<Columns>, outcome: RowOutcome = refused([])): RowOutcome {
  if (outcome.faults.length === 0) return outcome;
  const faults = outcome.faults.map((fault) => {
    const column = fault.column ?? columnOf(heading, fault.field);
    return column === undefined ? fault : { ...fault, column };
  });
  return { ...outcome, faults };
}

/** Works through items, `atOnce` of them under way. After a failure nothing new begins, and what runs is waited for. */
async function inTurns<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const one = async () => {
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  };
  for (const end of await Promise.allSettled(Array.from({ length: atOnce }, one)))
    if (end.status === "rejected") throw end.reason;
}

const refused = (faults: readonly Fault[]): RowOutcome => ({ status: "refused", faults });

// The order a file's rows are written in: its own, or that of the customers they belong to.
import { sortedByKey } from "../infra/sorting.js";
import type { Sheet } from "../infra/spreadsheets.js";
import type { Columns, Heading } from "../infra/tables.js";
import type { Batch } from "../infra/workbooks.js";
import type { Nearness } from "./import-pieces.js";

/** A file's rows, in the order they are to be written. */
export interface Ordered {
  /** read once; `step` is called while they are sorted */
  batches(step: () => void): AsyncIterable<Batch>;
  /** how much of the file is worked off, bytes */
  bytesDone(): number;
}

/** A file of some ten thousand rows and more, bytes. */
const WORTH_SORTING = 4 * 2 ** 20;

/** What of a file's work its sorting is. */
const SORTING = 0.2;

/** The rows of a large file by customer, of a small one as they lie. What belongs to neighbouring customers lies in
 *  neighbouring pages of most tables: in a file's own order nearly every row would touch pages of its own. */
export function ordered(sheet: Sheet, heading: Heading<Columns>, near: Nearness | undefined): Ordered {
  const { bytes } = sheet;
  const read = () => Math.min(sheet.bytesRead(), bytes);
  if (!near || bytes < WORTH_SORTING) return { batches: () => sheet.batches, bytesDone: read };
  let [taken, given, share] = [0, 0, 0];
  const { key, own } = cellsOf(heading, near);
  async function* keyed(step: () => void) {
    for await (const batch of sheet.batches) {
      yield batch.map((value) => ({ key: key(value.cells) ?? "", own: own(value.cells), value }));
      taken += batch.length;
      step();
    }
  }
  async function* sorted(step: () => void) {
    for await (const batch of sortedByKey(keyed(step))) {
      yield batch;
      given += batch.length;
      share = given / taken;
    }
    share = 1;
  }
  return { batches: sorted, bytesDone: () => Math.round(read() * SORTING + bytes * (1 - SORTING) * share) };
}

function cellsOf(heading: Heading<Columns>, { lieBy, own }: Nearness) {
  const cell = (name: string | undefined) => {
    const index = heading.places.find(({ key }) => key === name)?.index;
    return (cells: readonly string[]) => (index === undefined ? undefined : cells[index]?.trim());
  };
  return { key: cell(lieBy), own: cell(own) };
}

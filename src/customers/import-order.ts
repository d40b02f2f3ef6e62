// The order a file's rows are written in: its own, or that of the customers they belong to.
import { type Sorting, sortRows } from "../infra/sorting.js";
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
  close(): Promise<void>;
}

/** A file of some ten thousand rows and more, bytes. */
const WORTH_SORTING = 4 * 2 ** 20;

/** What of a file's work its sorting is. */
const SORTING = 0.1;

/** The rows of a large .csv by customer, of all else as they lie. What belongs to neighbouring customers lies in
 *  neighbouring pages of most tables: in a file's own order nearly every row would touch pages of its own. */
export function ordered(
  path: string,
  sheet: Sheet,
  heading: Heading<Columns>,
  near: Nearness | undefined,
): Ordered {
  const placeOf = (name: string | undefined) => heading.places.find(({ key }) => key === name)?.index;
  const keyAt = placeOf(near?.lieBy);
  if (keyAt !== undefined && sheet.bytes >= WORTH_SORTING && /\.csv$/i.test(path))
    return byKey(sheet, () => sortRows({ path, keyAt, ownAt: placeOf(near?.own) }));
  return {
    batches: () => sheet.batches,
    bytesDone: () => Math.min(sheet.bytesRead(), sheet.bytes),
    close: async () => sheet.close(),
  };
}

function byKey(sheet: Sheet, start: () => Sorting): Ordered {
  const { bytes } = sheet;
  let sorting: Sorting | undefined;
  let [given, share] = [0, 0];
  async function* batches(step: () => void) {
    sorting = start();
    for await (const batch of sorting.batches(step)) {
      yield batch;
      given += batch.length;
      share = given / sorting.taken().rows;
    }
    share = 1;
  }
  return {
    batches,
    bytesDone: () => {
      const read = Math.min(sorting?.taken().bytes ?? 0, bytes);
      return Math.round(read * SORTING + bytes * (1 - SORTING) * share);
    },
    close: async () => {
      await sorting?.stop();
      await sheet.close();
    },
  };
}

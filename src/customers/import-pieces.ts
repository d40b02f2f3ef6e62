// Cuts rows to import into what one transaction writes, laid so that the rows of a piece fall near each other.
import { chunked } from "../infra/batches.js";
import type { Placed } from "../infra/upserts.js";

/** A good row and its place among all rows read together. */
export interface Good {
  index: number;
  placed: Placed<object>;
}

/** Rows in one transaction: some 40 ms of an embedded database, so that other writers hardly wait. */
const PIECE = 1024;

/** How rows of a table are told apart, and by what date their anchors are indexed. */
export interface Nearness {
  /** the column by whose order a large file is written */
  lieBy: string;
  /** the column that tells rows apart by itself, where another than `lieBy` does */
  own?: string | undefined;
  keyOf(row: object): string;
  dateOf(row: object): string;
}

/** Rows cut into pieces. */
export interface Pieces {
  pieces: Good[][];
  /** whether they must be written one after the other: some key stands twice, and its later row counts */
  inOrder: boolean;
}

/** The rows in pieces, by their date: the anchors of one piece then share pages of the index by date instead of
 *  touching one page each. */
export function piecesOf(rows: readonly Good[], near: Nearness | undefined): Pieces {
  const inOrder =
    near === undefined || new Set(rows.map(({ placed }) => near.keyOf(placed.row))).size < rows.length;
  const laid = inOrder || rows.length <= PIECE ? rows : layNear(rows, near);
  return { pieces: [...chunked(laid, PIECE)], inOrder };
}

/** How many rows of a file said again what a row before them had said; `atLeast`: some were too far apart to be seen. */
export interface Repeats {
  rows: number;
  atLeast: boolean;
}

/** Keys of one file remembered at a time: a small file's all, of one that is sorted those of a long stretch. */
const REMEMBERED = 65_536;

/** Counts the rows of a file whose key stood there before, row by row in the file's order. */
export function repeatsInto(
  result: { repeats?: Repeats },
  near: Nearness | undefined,
): (row: object) => void {
  let seen = new Set<string>();
  let atLeast = false;
  return (row) => {
    if (!near) return;
    const key = near.keyOf(row);
    if (seen.has(key)) result.repeats = { rows: (result.repeats?.rows ?? 0) + 1, atLeast };
    else if (seen.size >= REMEMBERED) {
      [seen, atLeast] = [new Set(), true];
      if (result.repeats) result.repeats.atLeast = true;
    }
    seen.add(key);
  };
}

function layNear(rows: readonly Good[], { dateOf }: Nearness): readonly Good[] {
  const dated = rows.map((good) => ({ good, date: dateOf(good.placed.row) }));
  dated.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  return dated.map(({ good }) => good);
}

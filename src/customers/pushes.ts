// Rows pushed by another system: checked one by one, written in short pieces, each answered.
import type { Store } from "../infra/store.js";
import { readObject } from "../infra/tables.js";
import type { Placed, RowOutcome } from "../infra/upserts.js";
import { Refusal } from "../kernel/refusals.js";
import { incomingOf, type TableName } from "./import-tables.js";
import type { Writing } from "./writing.js";

/** What became of one pushed row; `row` is its 1-based place. */
export interface PushedRow extends RowOutcome {
  row: number;
}

/** Most rows of one push. */
export const MOST_ROWS = 1000;

/** Rows in one transaction. */
const PIECE = 200;

/** Writes pushed rows of one table. Good rows stay when others are refused; the same push again changes nothing.
 *  Raises `invalid` when it is no array of at most 1,000. */
export async function writePush(
  store: Store,
  name: TableName,
  rows: unknown,
  writing: Writing,
): Promise<PushedRow[]> {
  if (!Array.isArray(rows) || rows.length > MOST_ROWS)
    throw new Refusal("invalid", `A push of ${name} is a JSON array of at most 1,000 objects.`);
  const incoming = incomingOf(name);
  const results: PushedRow[] = [];
  for (let at = 0; at < rows.length; at += PIECE) {
    const readings = rows.slice(at, at + PIECE).map((row, index) => {
      const line = at + index + 1;
      return { line, reading: readObject(incoming.table, row, line) };
    });
    const good = readings.flatMap(({ line, reading }): Placed<object>[] =>
      reading.row ? [{ row: reading.row, where: name, line }] : [],
    );
    const written = good.length > 0 ? await store.write((sql) => incoming.write(sql, good, writing)) : [];
    const outcomes = new Map(good.map(({ line }, index) => [line, written[index]]));
    for (const { line, reading } of readings) {
      const outcome = outcomes.get(line) ?? { status: "refused", faults: reading.faults ?? [] };
      results.push({ row: line, status: outcome.status, faults: outcome.faults });
    }
  }
  return results;
}

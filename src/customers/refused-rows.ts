// Rows an import refused, set aside to be corrected and imported alone.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type CsvFile, createCsv } from "../infra/spreadsheets.js";
import { type Fault, Refusal, sayFault } from "../kernel/refusals.js";

/** Refused rows of one file. */
export interface RefusedRows {
  add(cells: readonly string[], faults: readonly Fault[]): void;
  /** The file they are in, if there were any. */
  close(): string | undefined;
}

/** Collects refused rows of the file at `path` in refused-TABLE.csv: a reason, and the columns as they came. */
export function refusedRows(
  path: string,
  table: string,
  heading: readonly string[],
  folder = dirname(path),
  say: (fault: Fault) => string = sayFault,
): RefusedRows {
  const target = join(folder, `refused-${table}.csv`);
  const reasonAt = heading.findIndex((name) => name.trim().toLowerCase() === "reason");
  // first, so that a row of too few or too many cells still has it in its place
  const withReason = (cells: readonly string[], reason: string) => [
    reason,
    ...cells.filter((_cell, index) => index !== reasonAt),
  ];
  let csv: CsvFile | undefined;
  return {
    add: (cells, faults) => {
      if (!csv) {
        csv = start(folder, target);
        csv.write(withReason(heading, "reason"));
      }
      csv.write(withReason(cells, faults.map(say).join("; ")));
    },
    close: () => {
      csv?.close();
      // rows refused the last time are not refused any more; the input itself is not ours to take away
      if (!csv && resolve(target) !== resolve(path)) rmSync(target, { force: true });
      return csv ? target : undefined;
    },
  };
}

function start(folder: string, target: string): CsvFile {
  try {
    mkdirSync(folder, { recursive: true });
    return createCsv(target);
  } catch {
    throw new Refusal(
      "unsupported",
      `Rows were refused, but ${target} cannot be written; name a folder with --refused.`,
    );
  }
}

// Which table a file holds: by its name where that is one of ours, else by its heading.
import { openSheet, type Sheet } from "../../infra/spreadsheets.js";
import { type Columns, type Heading, readCells, readHeading } from "../../infra/tables.js";
import type { SheetRow } from "../../infra/workbooks.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import { INCOMING, type Incoming, isNamed } from "../import-tables.js";

/** A file and the table in it. */
export interface Recognised {
  incoming: Incoming;
  heading: Heading<Columns>;
}

/** The first rows of a file, looked at before anything is written. What only the database knows (whether a guide, a
 *  store, a customer is there) is not asked. */
export interface RowSample {
  rows: number;
  refused: number;
  /** of the first rows that would be refused, the first of each; what stands there is somebody's, and left out */
  faults: Omit<Fault, "value">[];
}

const SAMPLE = 2_000;
const FAULTS_KEPT = 3;

/** The table of a file, and its first rows looked at. Raises `invalid`: no file of a kind we read, or no table of ours. */
export async function recognise(path: string): Promise<Recognised & { sample: RowSample }> {
  const sheet = await openSheet(path);
  try {
    const known = tableOf(sheet.file, sheet.heading);
    return { ...known, sample: await sampleOf(sheet, known.heading) };
  } finally {
    await sheet.close();
  }
}

async function sampleOf(sheet: Sheet, heading: Heading<Columns>): Promise<RowSample> {
  const sample: RowSample = { rows: 0, refused: 0, faults: [] };
  const look = ({ cells, line }: SheetRow) => {
    sample.rows++;
    const [fault] = readCells(heading, cells, line).faults ?? [];
    if (!fault) return;
    sample.refused++;
    const { value: _theirs, ...where } = fault;
    if (sample.faults.length < FAULTS_KEPT) sample.faults.push(where);
  };
  try {
    for await (const batch of sheet.batches) {
      for (const row of batch.slice(0, SAMPLE - sample.rows)) look(row);
      if (sample.rows >= SAMPLE) break;
    }
  } catch (error) {
    // a file that breaks off is said by the import, which keeps the rows before
    if (!(error instanceof Refusal)) throw error;
  }
  return sample;
}

/** The table of a file by its name and its first line. Raises `invalid`. */
export function tableOf(file: string, written: readonly string[]): Recognised {
  const found = INCOMING.flatMap((incoming) => {
    const heading = headingOf(incoming, file, written);
    return heading ? [{ incoming, heading }] : [];
  });
  const named = found.find(({ incoming }) => ["", "refused-"].some((p) => isNamed(file, incoming.table, p)));
  const [best] = found.toSorted((a, b) => understood(b) - understood(a));
  const one = named ?? best;
  if (one) return one;
  const nearest = INCOMING.find(({ table }) => isNamed(file, table, "")) ?? nearestTo(written);
  const known = INCOMING.map(({ table }) => table.chinese).join("、");
  if (!nearest)
    throw new Refusal("invalid", `看不出「${file}」是哪张表：第一行要有列名。能导入的表：${known}。`);
  throw new Refusal("invalid", `「${file}」像是${nearest.table.chinese}表，但缺少必填的列。`, [
    ...lacking(nearest, written).map((column) => ({ where: file, line: 1, expected: column })),
  ]);
}

function headingOf(incoming: Incoming, file: string, written: readonly string[]) {
  try {
    return readHeading(incoming.table, file, written);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Columns that mean something, less those that mean nothing. */
function understood({ heading }: Recognised): number {
  return heading.places.length + heading.restPlaces.length - heading.ignored.length;
}

function columnsOf({ table }: Incoming) {
  const rest = table.rest ? [{ ...table.rest, required: true }] : [];
  return [...Object.values(table.columns), ...rest];
}

const isWritten = (written: readonly string[], column: { heading: string; chinese: string }) =>
  written.some((name) => [column.heading, column.chinese.toLowerCase()].includes(name.trim().toLowerCase()));

function nearestTo(written: readonly string[]): Incoming | undefined {
  const known = (one: Incoming) => columnsOf(one).filter((column) => isWritten(written, column)).length;
  const [first] = INCOMING.toSorted((a, b) => known(b) - known(a));
  return first && known(first) >= 2 ? first : undefined;
}

function lacking(one: Incoming, written: readonly string[]): string[] {
  return columnsOf(one).flatMap((column) =>
    column.required && !isWritten(written, column) ? `列「${column.chinese}」（${column.heading}）` : [],
  );
}

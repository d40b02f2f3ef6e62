// Tables that come in as files or JSON: their columns in English and Chinese, and how a row becomes values or faults.
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { Cell } from "./cells.js";

/** One column of a table. */
export interface Column<T = unknown, R extends boolean = boolean> {
  readonly heading: string;
  readonly chinese: string;
  readonly cell: Cell<T>;
  readonly required: R;
}

export type Columns = Record<string, Column>;

/** A table by its columns. `rest` names the first of any number of columns whose headings are data; a row has their
 *  values as a list under `key`. */
export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly chinese: string;
  readonly columns: C;
  readonly rest?: { readonly key: string; readonly heading: string; readonly chinese: string };
}

type ValueOf<K> = K extends Column<infer T> ? T : never;
type RequiredKeys<C extends Columns> = {
  [K in keyof C]: C[K]["required"] extends true ? K : never;
}[keyof C];

/** The values of a row. Left out: nothing was said, what is stored stays. null: said to be empty. */
export type RowOf<C extends Columns> = { [K in RequiredKeys<C>]: ValueOf<C[K]> } & {
  [K in Exclude<keyof C, RequiredKeys<C>>]?: ValueOf<C[K]> | null;
};

/** A row as read: its values when all of them were understood, and what is wrong when not. */
export type Reading<C extends Columns> =
  | { row: RowOf<C>; faults?: undefined }
  | { row?: undefined; faults: Fault[] };

/** A column every row must fill. */
export function required<T>(heading: string, chinese: string, cell: Cell<T>): Column<T, true> {
  return { heading, chinese, cell, required: true };
}

/** A column that may be absent or empty. */
export function optional<T>(heading: string, chinese: string, cell: Cell<T>): Column<T, false> {
  return { heading, chinese, cell, required: false };
}

/** Where the columns of a table stand in one file. */
export interface Heading<C extends Columns> {
  readonly file: string;
  /** headings as written */
  readonly written: readonly string[];
  /** headings of the `rest` columns, in their order */
  readonly rest: readonly string[];
  /** headings that mean nothing here */
  readonly ignored: readonly string[];
  readonly places: readonly { index: number; key: keyof C & string; column: Column }[];
  readonly restPlaces: readonly number[];
  readonly restKey: string | undefined;
}

/** Reads a file's heading line. A Refusal of one sentence when it is not this table's. */
export function readHeading<C extends Columns>(
  table: Table<C>,
  file: string,
  written: readonly string[],
): Heading<C> {
  const names = written.map((name) => name.trim().toLowerCase());
  const entries = Object.entries(table.columns);
  const places = entries.flatMap(([key, column]) => {
    const index = names.findIndex((name) => isNamed(name, column));
    return index < 0 ? [] : [{ index, key, column }];
  });
  const missing = entries.filter(([key, column]) => column.required && !places.some((at) => at.key === key));
  const first = table.rest ? names.findIndex((name) => isNamed(name, table.rest)) : -1;
  const lacking = [...missing.map(([, column]) => column), ...(table.rest && first < 0 ? [table.rest] : [])];
  if (lacking.length > 0) throw new Refusal("invalid", sayLacking(table, file, written, lacking));
  const meant = names.map((name) => entries.find(([, column]) => isNamed(name, column))?.[1].heading ?? name);
  const double = names.find(
    (_name, index) => meant[index] !== "" && meant.indexOf(meant[index] ?? "") !== index,
  );
  if (double)
    throw new Refusal("invalid", `${file} has the column ${double} twice; keep the one that is meant.`);
  const others = names.flatMap((name, index) =>
    name === "" || name === "reason" || places.some((at) => at.index === index) ? [] : [index],
  );
  const restPlaces = first < 0 ? [] : others.filter((index) => index >= first);
  const nameAt = (index: number) => written[index]?.trim() ?? "";
  return {
    file,
    written,
    places,
    restPlaces,
    restKey: table.rest?.key,
    rest: restPlaces.map(nameAt),
    ignored: others.filter((index) => !restPlaces.includes(index)).map(nameAt),
  };
}

/** The 1-based column of a field in a file; of the columns that are data, the first. */
export function columnOf(heading: Heading<Columns>, field: string | undefined): number | undefined {
  const [firstOfRest = -1] = heading.restPlaces;
  const index = heading.places.find(({ column }) => column.heading === field)?.index ?? firstOfRest;
  return field === undefined || index < 0 ? undefined : index + 1;
}

/** One row of a file by its heading; `line` is 1-based in the file. */
export function readCells<C extends Columns>(
  heading: Heading<C>,
  cells: readonly string[],
  line: number,
): Reading<C> {
  const { file, places, restPlaces, restKey, written } = heading;
  if (cells.length !== written.length) {
    const expected = `${written.length} columns as in the heading, found ${cells.length}`;
    return { faults: [{ where: file, line, expected }] };
  }
  const row: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const { index, key, column } of places) {
    const given = cells[index]?.trim() ?? "";
    const value = given === "" ? undefined : column.cell.read(given);
    if (value !== undefined) row[key] = value;
    else if (given !== "" || column.required)
      faults.push({
        ...{ where: file, line, column: index + 1, field: column.heading },
        ...{ value: cells[index] ?? "", expected: given === "" ? notEmpty(column) : column.cell.expected },
      });
  }
  if (restKey) row[restKey] = restPlaces.map((index) => cells[index]?.trim() ?? "");
  return faults.length > 0 ? { faults } : { row: row as RowOf<C> };
}

/** One row given as a JSON object; `line` is its 1-based place in the array. Unknown fields are faults. */
export function readObject<C extends Columns>(table: Table<C>, given: unknown, line: number): Reading<C> {
  const where = table.name;
  if (given === null || typeof given !== "object" || Array.isArray(given))
    return { faults: [{ where, line, value: asText(given) ?? "null", expected: "an object" }] };
  const row: Record<string, unknown> = {};
  const rest: string[] = [];
  const faults: Fault[] = [];
  const byName = new Map(Object.entries(table.columns).flatMap(([key, column]) => namesOf(key, column)));
  for (const [name, value] of Object.entries(given)) {
    const known = byName.get(name);
    const text = asText(value)?.trim();
    if (!known) {
      if (table.rest) rest.push(...namesIn(value));
      else faults.push({ where, line, field: name, expected: `one of ${headingsOf(table).join(", ")}` });
    } else if (value === null) row[known.key] = null;
    else if (text !== "") {
      row[known.key] = text === undefined ? undefined : known.column.cell.read(text);
      if (row[known.key] === undefined)
        faults.push({ where, line, field: name, value: text ?? "", expected: known.column.cell.expected });
    }
  }
  for (const [key, column] of Object.entries(table.columns)) {
    if (!column.required || (row[key] ?? null) !== null || faults.some((fault) => isOf(column, fault)))
      continue;
    faults.push({ where, line, field: column.heading, value: "", expected: notEmpty(column) });
  }
  if (table.rest) row[table.rest.key] = rest;
  return faults.length > 0 ? { faults } : { row: row as RowOf<C> };
}

/** What was expected where nothing stands. */
const notEmpty = ({ cell }: Column) => `a value (${cell.expected})`;
const headingsOf = (table: Table) => Object.values(table.columns).map((column) => column.heading);
const isOf = (column: Column, { field }: Fault) => field === column.heading || field === column.chinese;
const namesIn = (value: unknown) => (asText(value) ?? "").split("|").map((name) => name.trim());
const namesOf = (key: string, column: Column) =>
  [column.heading, column.chinese].map((name) => [name, { key, column }] as const);

function asText(value: unknown): string | undefined {
  if (Array.isArray(value))
    return value.every((one) => typeof one === "string") ? value.join("|") : undefined;
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}

function isNamed(name: string, column: { heading: string; chinese: string } | undefined): boolean {
  return column !== undefined && (name === column.heading || name === column.chinese.toLowerCase());
}

function sayLacking(
  table: Table,
  file: string,
  written: readonly string[],
  lacking: readonly { heading: string; chinese: string }[],
): string {
  const names = lacking.map((column) => `${column.heading} (${column.chinese})`).join(", ");
  const first = written
    .join(", ")
    .replace(/[^\P{C}]/gu, "")
    .slice(0, 120);
  return `${file} is not a table of ${table.name}: its first line has no ${names}; it reads "${first}".`;
}

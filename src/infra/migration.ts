// One migration is one DDL statement, so that a failure on MySQL (which commits each DDL) leaves nothing half done.
import type { MigrationInterface, QueryRunner } from "typeorm";
import { type ColumnTypes, columnTypes, type DialectName } from "./dialect.js";

/** A migration class as TypeORM wants it. */
export type MigrationClass = new () => MigrationInterface;

/** A migration named by what it does. `order` is its place for ever, `up` its one statement; `down` undoes it. */
function step(
  order: number,
  name: string,
  up: (type: ColumnTypes, kind: DialectName) => string,
  down: (kind: DialectName) => string,
): MigrationClass {
  return class implements MigrationInterface {
    // TypeORM orders migrations by the 13 digits at the end of the name.
    name = `${name}${String(1_700_000_000_000 + order)}`;
    async up(runner: QueryRunner): Promise<void> {
      const kind = kindOf(runner);
      await runner.query(up(columnTypes(kind), kind));
    }
    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down(kindOf(runner)));
    }
  };
}

/** A migration that creates a table with these column and key lines. `by key`: SQLite too lays the rows in the order
 *  of their primary key, as MySQL always does; right for narrow rows that are read in ranges of it. */
export function createTable(
  order: number,
  table: string,
  columns: (type: ColumnTypes) => string[],
  rows: "by id" | "by key" = "by id",
): MigrationClass {
  const name = `Create${camel(table)}`;
  return step(
    order,
    name,
    (type) =>
      `CREATE TABLE ${table} (\n  ${columns(type).join(",\n  ")}\n)${rows === "by key" ? type.endByKey : type.end}`,
    () => `DROP TABLE ${table}`,
  );
}

/** A migration that adds an index. */
export function createIndex(
  order: number,
  table: string,
  index: string,
  columns: string,
  unique: "UNIQUE " | "" = "",
): MigrationClass {
  return step(
    order,
    `Index${camel(index)}`,
    () => `CREATE ${unique}INDEX ${index} ON ${table} (${columns})`,
    (kind) => droppingIndex(kind, table, index),
  );
}

/** A migration that drops an index of these columns. */
export function dropIndex(order: number, table: string, index: string, columns: string): MigrationClass {
  return step(
    order,
    `NoIndex${camel(index)}`,
    (_type, kind) => droppingIndex(kind, table, index),
    () => `CREATE INDEX ${index} ON ${table} (${columns})`,
  );
}

function droppingIndex(kind: DialectName, table: string, index: string): string {
  return kind === "mysql" ? `DROP INDEX ${index} ON ${table}` : `DROP INDEX ${index}`;
}

/** A migration that adds a column; `line` is its type and what follows it. */
export function addColumn(
  order: number,
  table: string,
  column: string,
  line: (type: ColumnTypes) => string,
): MigrationClass {
  return step(
    order,
    `Add${camel(`${table}_${column}`)}`,
    (type) => `ALTER TABLE ${table} ADD COLUMN ${column} ${line(type)}`,
    () => `ALTER TABLE ${table} DROP COLUMN ${column}`,
  );
}

/** A migration that fills in what a new column says of rows there are, by one statement that means the same on both
 *  databases. Undone with the column. */
export function changeRows(order: number, name: string, statement: string): MigrationClass {
  return step(
    order,
    name,
    () => statement,
    () => "SELECT 1",
  );
}

function kindOf(runner: QueryRunner): DialectName {
  return runner.dataSource.options.type === "mysql" ? "mysql" : "sqlite";
}

function camel(snake: string): string {
  return snake.replace(/(^|_)([a-z])/g, (_all, _bar, letter: string) => letter.toUpperCase());
}

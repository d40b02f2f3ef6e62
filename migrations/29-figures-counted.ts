// How often figures were counted: who remembers sums of them sees by it that they are of yesterday's figures.
import { changeRows, createTable } from "../src/infra/migration.js";

export const figuresCountedMigrations = [
  createTable(
    2901,
    "figures_counted",
    (t) => [`id ${t.int} NOT NULL PRIMARY KEY`, `times ${t.big} NOT NULL`],
    "by key",
  ),
  changeRows(2902, "BeginToCount", "INSERT INTO figures_counted (id, times) VALUES (1, 0)"),
];

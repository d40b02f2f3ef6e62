// The brand's calendar: days off and quiet days, named days by year, and what a corrected date leaves to be done.
import { addColumn, createTable } from "../src/infra/migration.js";

export const calendarMigrations = [
  createTable(
    701,
    "calendar_day",
    (t) => [
      `on_day ${t.date} NOT NULL`,
      // off, work: a statutory day off, a working day made up for one; quiet: nothing is released
      `kind ${t.word(8)} NOT NULL`,
      `name ${t.str(40)} NOT NULL`,
      "PRIMARY KEY (on_day, kind)",
    ],
    "by key",
  ),
  createTable(
    702,
    "calendar_name",
    (t) => [
      `name ${t.str(40)} NOT NULL`,
      // of the occurrence: the eve of a year belongs to the year it leads to
      `year ${t.int} NOT NULL`,
      // NULL: taken out by hand; it stays out when the year is filled in again
      `on_day ${t.date}`,
      "PRIMARY KEY (name, year)",
    ],
    "by key",
  ),
  // Years filled in once: what was taken out by hand does not come back by itself.
  createTable(703, "calendar_year", (t) => [`year ${t.int} NOT NULL PRIMARY KEY`]),
  // Says that a named day has another date: the tasks counted from it follow.
  createTable(704, "calendar_mark", (t) => [
    `id ${t.bigId}`,
    `name ${t.str(40)} NOT NULL`,
    `year ${t.int} NOT NULL`,
  ]),
  // 1: the customer got the words in quiet hours, by a tap before they could be taken back
  addColumn(705, "task", "outside_quiet", (t) => `${t.int} NOT NULL DEFAULT 0`),
];

// Taps the guide's page has told us, so that one told twice is done once; and what a guide said while nobody listened.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const guidePageMigrations = [
  createTable(
    2801,
    "guide_tap",
    (t) => [
      `guide_id ${t.int} NOT NULL`,
      // thought up by the page for this one tap
      `tap ${t.str(64)} NOT NULL`,
      // VERB and task
      `what ${t.str(120)} NOT NULL`,
      `at ${t.big} NOT NULL`,
      // JSON; NULL: still being done
      `answer ${t.text}`,
      "PRIMARY KEY (guide_id, tap)",
    ],
    "by key",
  ),
  createIndex(2802, "guide_tap", "guide_tap_at", "at"),
  // what the guide said to the assistant meanwhile, as JSON; NULL: nobody can tell
  addColumn(2803, "channel_gap", "unheard", (t) => t.text),
  // NULL: the guide has not been told of it
  addColumn(2804, "channel_gap", "told_at", (t) => t.big),
];

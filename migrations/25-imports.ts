// Imports as they were run and what they changed; how many customers each guide has; what goes with welcome words.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const importMigrations = [
  createTable(2501, "import_run", (t) => [
    `id ${t.id}`,
    `state ${t.word(12)} NOT NULL`,
    `said_by ${t.str(64)} NOT NULL`,
    `made_at ${t.big} NOT NULL`,
    `started_at ${t.big}`,
    `ended_at ${t.big}`,
    `beat_at ${t.big}`,
    `worker ${t.str(160)}`,
    `triggers ${t.int} NOT NULL DEFAULT 0`,
    `on_day ${t.date} NOT NULL`,
    `folder ${t.str(120)}`,
    `files ${t.longText} NOT NULL`,
    `progress ${t.text}`,
    `results ${t.longText}`,
    `error ${t.text}`,
    `changes ${t.int}`,
    `undone_by ${t.str(64)}`,
    `undone_at ${t.big}`,
    `undo_result ${t.text}`,
  ]),
  // A row an import made (`was` NULL) or changed, until nobody may take it back any more.
  createTable(
    2502,
    "import_change",
    (t) => [
      `run_id ${t.int} NOT NULL`,
      `kind ${t.word(12)} NOT NULL`,
      `row_key ${t.str(100)} NOT NULL`,
      `customer_id ${t.int}`,
      `was ${t.longText}`,
      `digest ${t.word(40)} NOT NULL`,
      "PRIMARY KEY (run_id, kind, row_key)",
    ],
    "by key",
  ),
  createIndex(2503, "import_change", "import_change_customer", "customer_id"),
  // Counted now and then: counting three million customers for every page would take a quarter of a second.
  createTable(
    2504,
    "guide_count",
    (t) => [`guide_id ${t.int} NOT NULL PRIMARY KEY`, `customers ${t.int} NOT NULL`],
    "by key",
  ),
  // How far the hand-over of one guide's customers is.
  createIndex(2506, "contact_transfer", "contact_transfer_from", "from_guide_id, state"),
  // As JSON, as a touchpoint's attachments are; NULL: words alone.
  addColumn(2505, "welcome_words", "attachments", (t) => t.text),
];

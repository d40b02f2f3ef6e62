// Roll-ups: one table a level, written together from tasks and messages, kept right by marks.
import type { ColumnTypes } from "../src/infra/dialect.js";
import { createIndex, createTable } from "../src/infra/migration.js";

// open_tasks and last_sent_at tell, when read, whether a window in the cell is still open.
const COUNTS = [
  "issued",
  "completed",
  "on_time",
  "delivered",
  "observed",
  "replied",
  "messages",
  "open_tasks",
];
const measures = (t: ColumnTypes) => [
  ...COUNTS.map((name) => `${name} ${t.int} NOT NULL`),
  `last_sent_at ${t.big} NOT NULL`,
];

const cell = (t: ColumnTypes) => [
  `touchpoint_id ${t.int} NOT NULL`,
  `variant ${t.int} NOT NULL`,
  `on_day ${t.date} NOT NULL`,
];

// Totals over touchpoints (touchpoint 0) lie together, apart from the rest: nearly every question reads only them.
// Guides come by day, because each day writes one for nearly every guide: what is written together lies together.
export const reportMigrations = [
  createTable(
    601,
    "rollup_region",
    (t) => [
      ...cell(t),
      `region_id ${t.int} NOT NULL`,
      ...measures(t),
      "PRIMARY KEY (touchpoint_id, variant, region_id, on_day)",
    ],
    "by key",
  ),
  createTable(
    602,
    "rollup_store",
    (t) => [
      ...cell(t),
      `region_id ${t.int} NOT NULL`,
      `store_id ${t.int} NOT NULL`,
      ...measures(t),
      "PRIMARY KEY (touchpoint_id, variant, region_id, on_day, store_id)",
    ],
    "by key",
  ),
  createTable(
    603,
    "rollup_guide",
    (t) => [
      ...cell(t),
      `region_id ${t.int} NOT NULL`,
      `store_id ${t.int} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      ...measures(t),
      "PRIMARY KEY (touchpoint_id, variant, on_day, region_id, store_id, guide_id)",
    ],
    "by key",
  ),
  // Totals of whole weeks, Monday to Sunday: a season of a thousand stores is read from a quarter of the rows.
  createTable(
    609,
    "rollup_store_week",
    (t) => [
      `region_id ${t.int} NOT NULL`,
      `week_on ${t.date} NOT NULL`,
      `store_id ${t.int} NOT NULL`,
      ...measures(t),
      "PRIMARY KEY (region_id, week_on, store_id)",
    ],
    "by key",
  ),
  // What a mark refreshes is found by day and unit.
  createIndex(605, "rollup_region", "rollup_region_day", "on_day, region_id"),
  createIndex(606, "rollup_store", "rollup_store_day", "on_day, region_id, store_id"),
  createIndex(607, "rollup_guide", "rollup_guide_day", "on_day, guide_id"),
  // Where a store has ever had figures.
  createIndex(610, "rollup_store_week", "rollup_store_week_places", "store_id, region_id"),
  createTable(604, "rollup_mark", (t) => [
    `id ${t.bigId}`,
    `on_day ${t.date} NOT NULL`,
    `guide_id ${t.int} NOT NULL`,
  ]),
];

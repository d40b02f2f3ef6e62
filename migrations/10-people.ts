// Guides on leave and gone, customers handed over to others, follow-ups of siblings sent as one.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const peopleMigrations = [
  createTable(1001, "guide_leave", (t) => [
    `id ${t.id}`,
    `guide_id ${t.int} NOT NULL`,
    `from_on ${t.date} NOT NULL`,
    `to_on ${t.date} NOT NULL`,
    // who stands in first, where they know the customer
    `deputy_id ${t.int}`,
    `cancelled ${t.int} NOT NULL DEFAULT 0`,
    // 0: changed, and what deputies have been given has not been looked at since
    `settled ${t.int} NOT NULL DEFAULT 0`,
    `said_by ${t.word(64)} NOT NULL`,
    `said_on ${t.date} NOT NULL`,
    "UNIQUE (guide_id, from_on)",
  ]),
  createIndex(1002, "guide_leave", "guide_leave_until", "to_on"),
  createIndex(1003, "guide_leave", "guide_leave_unsettled", "settled"),
  // Who takes the customers of a guide who leaves.
  addColumn(1004, "guide", "successor_id", (t) => t.int),
  // The last hand-over of a customer from one guide to another, and whether the customer declined it.
  createTable(1005, "transfer", (t) => [
    `customer_id ${t.int} NOT NULL PRIMARY KEY`,
    `from_guide_id ${t.int}`,
    `to_guide_id ${t.int}`,
    `on_day ${t.date} NOT NULL`,
    `declined ${t.int} NOT NULL DEFAULT 0`,
  ]),
  createIndex(1006, "customer", "customer_guide", "guide_id"),
  // While the owner is on leave: whose task this is. NULL: guide_id is the owner's.
  addColumn(1007, "task", "deputy_of", (t) => t.int),
  // What was merged into which task: one follow-up for several children.
  createTable(
    1008,
    "bundle_part",
    (t) => [`lead_id ${t.big} NOT NULL`, `task_id ${t.big} NOT NULL`, "PRIMARY KEY (lead_id, task_id)"],
    "by key",
  ),
  createIndex(1009, "bundle_part", "bundle_part_task", "task_id", "UNIQUE "),
];

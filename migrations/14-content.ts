// What goes to customers beside words, and what comes back from follow-ups by hand.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const contentMigrations = [
  // In parts, so that no statement carries more than any server takes.
  createTable(1401, "content_part", (t) => [
    `digest ${t.word(64)} NOT NULL`,
    `part ${t.int} NOT NULL`,
    `bytes ${t.blob} NOT NULL`,
    "PRIMARY KEY (digest, part)",
  ]),
  addColumn(1402, "hand_over", "attachments", (t) => t.text),
  createTable(1403, "task_outcome", (t) => [
    `task_id ${t.big} NOT NULL PRIMARY KEY`,
    `customer_id ${t.int} NOT NULL`,
    `guide_id ${t.int} NOT NULL`,
    `at ${t.big} NOT NULL`,
    `outcome ${t.str(60)} NOT NULL`,
    `tags ${t.str(600)}`,
    `note ${t.str(500)}`,
    `next_touch_on ${t.date}`,
  ]),
  createIndex(1404, "task_outcome", "task_outcome_customer", "customer_id, at"),
];

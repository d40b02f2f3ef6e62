// What was said in chat that must not be said twice, and what guides said that nobody understood.
import { createIndex, createTable } from "../src/infra/migration.js";

export const talkMigrations = [
  // One row a person, day and kind of note: whoever writes it may tell it.
  createTable(
    1801,
    "daily_note",
    (t) => [
      `kind ${t.word(12)} NOT NULL`,
      `on_day ${t.date} NOT NULL`,
      // a guide or an account, as the kind says
      `person ${t.int} NOT NULL`,
      `at ${t.big} NOT NULL`,
      `state ${t.word(12)} NOT NULL`,
      "PRIMARY KEY (kind, on_day, person)",
    ],
    "by key",
  ),
  // When a manager last urged a guide.
  createTable(1802, "guide_urge", (t) => [`guide_id ${t.int} NOT NULL PRIMARY KEY`, `at ${t.big} NOT NULL`]),
  createTable(1803, "free_text", (t) => [
    `id ${t.bigId}`,
    `userid ${t.str(64)} NOT NULL`,
    `guide_id ${t.int}`,
    `said_at ${t.big} NOT NULL`,
    `said ${t.str(500)} NOT NULL`,
    // 1: answered with all that can be said, 0: with a line
    `helped ${t.int} NOT NULL`,
  ]),
  createIndex(1804, "free_text", "free_text_userid", "userid, said_at"),
  createIndex(1805, "free_text", "free_text_said", "said_at"),
];

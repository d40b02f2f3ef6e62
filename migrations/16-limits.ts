// What the chat system allows: calls counted by all processes, what customers received, reminders; guides' own statistics.
import type { MigrationClass } from "../src/infra/migration.js";
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

const CELLS = ["rollup_region", "rollup_store", "rollup_guide", "rollup_store_week"];
const COUNTS = ["tapped", "confirmed", "proven", "capped", "not_friend", "late"];

/** The ways' figures beside the others, in every level's cells. */
const counts: MigrationClass[] = CELLS.flatMap((table, at) =>
  COUNTS.map((column, n) =>
    addColumn(1620 + at * COUNTS.length + n, table, column, (t) => `${t.int} NOT NULL DEFAULT 0`),
  ),
);

export const limitMigrations: MigrationClass[] = [
  createTable(1601, "shared_state", (t) => [
    `name ${t.word(190)} NOT NULL PRIMARY KEY`,
    `value ${t.text} NOT NULL`,
    `until_at ${t.big} NOT NULL`,
  ]),
  createIndex(1602, "shared_state", "shared_state_until", "until_at"),
  // Mass sends guides made by themselves, and whom they reached: they share the customer's quota with ours.
  createTable(1603, "guide_mass", (t) => [
    `ref ${t.word(120)} NOT NULL PRIMARY KEY`,
    `guide_id ${t.int} NOT NULL`,
    `created_at ${t.big} NOT NULL`,
    `state ${t.word(12)} NOT NULL`,
    `next_at ${t.big} NOT NULL`,
  ]),
  createIndex(1604, "guide_mass", "guide_mass_next", "state, next_at"),
  createIndex(1605, "guide_mass", "guide_mass_created", "created_at"),
  createTable(
    1606,
    "mass_receipt",
    (t) => [
      `customer_id ${t.int} NOT NULL`,
      `sent_on ${t.date} NOT NULL`,
      `ref ${t.word(120)} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      "PRIMARY KEY (customer_id, sent_on, ref)",
    ],
    "by key",
  ),
  // A task that a limit of the chat system kept from going on a day; place as on the task at that moment.
  createTable(1607, "limit_hit", (t) => [
    `task_id ${t.big} NOT NULL`,
    `on_day ${t.date} NOT NULL`,
    `customer_id ${t.int} NOT NULL`,
    `guide_id ${t.int} NOT NULL`,
    `store_id ${t.int} NOT NULL`,
    `region_id ${t.int} NOT NULL`,
    `touchpoint_id ${t.int} NOT NULL`,
    `variant ${t.int} NOT NULL`,
    `told_by ${t.word(8)} NOT NULL`,
    "PRIMARY KEY (task_id, on_day)",
  ]),
  createIndex(1608, "limit_hit", "limit_hit_day", "on_day, guide_id"),
  createIndex(1609, "limit_hit", "limit_hit_customer", "customer_id, on_day"),
  addColumn(1610, "delivery", "way", (t) => t.word(8)),
  createTable(1611, "hand_over_reminder", (t) => [
    `hand_over_id ${t.big} NOT NULL`,
    `at ${t.big} NOT NULL`,
    "PRIMARY KEY (hand_over_id, at)",
  ]),
  createTable(1612, "reply_expectation", (t) => [
    `touchpoint_id ${t.int} NOT NULL PRIMARY KEY`,
    `observed ${t.int} NOT NULL`,
    `replied ${t.int} NOT NULL`,
    `per_mille ${t.int} NOT NULL`,
  ]),
  // WeCom's own figures of a guide's day. Shares and minutes are missing where no customer began a chat.
  createTable(
    1613,
    "guide_behaviour",
    (t) => [
      `on_day ${t.date} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      `applies ${t.int} NOT NULL`,
      `contacts ${t.int} NOT NULL`,
      `chats ${t.int} NOT NULL`,
      `messages ${t.int} NOT NULL`,
      `lost ${t.int} NOT NULL`,
      `answered_per_mille ${t.int}`,
      `answer_minutes ${t.int}`,
      `read_at ${t.big} NOT NULL`,
      "PRIMARY KEY (on_day, guide_id)",
    ],
    "by key",
  ),
  createIndex(1614, "guide_behaviour", "guide_behaviour_guide", "guide_id, on_day"),
  ...counts,
];

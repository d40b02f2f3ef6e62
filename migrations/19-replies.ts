// Replies that somebody must look after at once: what words say so, and which messages had them.
import { createIndex, createTable } from "../src/infra/migration.js";

export const replyMigrations = [
  // A default that was taken out stays as a row, so that no later start puts it back.
  createTable(1901, "reply_word", (t) => [
    `id ${t.bigId}`,
    `kind ${t.word(16)} NOT NULL`,
    `role ${t.word(12)} NOT NULL`,
    `phrase ${t.str(60)} NOT NULL`,
    `removed ${t.int} NOT NULL DEFAULT 0`,
    `changed_by ${t.word(40)} NOT NULL`,
    `changed_at ${t.big} NOT NULL`,
  ]),
  createIndex(1902, "reply_word", "reply_word_phrase", "kind, role, phrase", "UNIQUE "),
  // One row a message, for life: whatever is told twice raises nothing twice.
  createTable(1903, "urgent_reply", (t) => [
    `id ${t.bigId}`,
    `msgid ${t.str(120)} NOT NULL UNIQUE`,
    `customer_id ${t.int} NOT NULL`,
    `guide_id ${t.int} NOT NULL`,
    `said_at ${t.big} NOT NULL`,
    `said_on ${t.date} NOT NULL`,
    `kind ${t.word(16)} NOT NULL`,
    `word ${t.str(60)} NOT NULL`,
    `opt_out ${t.int} NOT NULL DEFAULT 0`,
    `state ${t.word(12)} NOT NULL`,
    `reason ${t.word(16)}`,
    `task_id ${t.big}`,
    `told_guide ${t.int}`,
    `next_at ${t.big} NOT NULL DEFAULT 0`,
    `tries ${t.int} NOT NULL DEFAULT 0`,
  ]),
  createIndex(1904, "urgent_reply", "urgent_reply_state", "state, next_at"),
  createIndex(1905, "urgent_reply", "urgent_reply_customer", "customer_id"),
  createIndex(1906, "urgent_reply", "urgent_reply_task", "task_id"),
];

// What chat systems told us: callbacks as they came, messages both ways, tokens shared by all processes.
import { createIndex, createTable } from "../src/infra/migration.js";

export const channelMigrations = [
  createTable(401, "callback", (t) => [
    `id ${t.bigId}`,
    `digest ${t.word(64)} NOT NULL UNIQUE`,
    `channel ${t.word(12)} NOT NULL`,
    `body ${t.longText} NOT NULL`,
    `received_at ${t.big} NOT NULL`,
    `state ${t.word(12)} NOT NULL`,
    `tries ${t.int} NOT NULL DEFAULT 0`,
    `taken_until ${t.big} NOT NULL DEFAULT 0`,
    `error ${t.text}`,
  ]),
  createIndex(402, "callback", "callback_state", "state, id"),
  createTable(403, "message", (t) => [
    `id ${t.bigId}`,
    `msgid ${t.str(120)} NOT NULL UNIQUE`,
    `guide_id ${t.int} NOT NULL`,
    `customer_id ${t.int} NOT NULL`,
    // where the guide stood when it was written, so that figures do not move with people
    `store_id ${t.int}`,
    `region_id ${t.int}`,
    `sender ${t.word(8)} NOT NULL`,
    `sent_at ${t.big} NOT NULL`,
    `sent_on ${t.date} NOT NULL`,
    `type ${t.word(24)} NOT NULL`,
    `text ${t.text}`,
    `source ${t.word(16)} NOT NULL`,
    `recalled ${t.int} NOT NULL DEFAULT 0`,
    `task_id ${t.big}`,
  ]),
  createIndex(404, "message", "message_pair", "customer_id, guide_id, sent_at"),
  createIndex(405, "message", "message_day", "sent_on, guide_id, sender"),
  createTable(406, "channel_token", (t) => [
    `name ${t.word(160)} NOT NULL PRIMARY KEY`,
    `value ${t.text}`,
    `expires_at ${t.big} NOT NULL`,
    `locked_by ${t.word(40)}`,
    `locked_until ${t.big} NOT NULL`,
  ]),
  // A pair whose credit must be computed anew: left in the transaction that gave either side a row.
  createTable(407, "credit_mark", (t) => [
    `id ${t.bigId}`,
    `customer_id ${t.int} NOT NULL`,
    `guide_id ${t.int} NOT NULL`,
  ]),
];

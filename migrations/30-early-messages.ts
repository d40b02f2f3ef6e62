// Messages told before their customer is known: they wait for the contact, and are forgotten when none comes.
import { createIndex, createTable } from "../src/infra/migration.js";

export const earlyMessageMigrations = [
  createTable(3001, "early_message", (t) => [
    `id ${t.bigId}`,
    `msgid ${t.str(120)} NOT NULL`,
    `guide_id ${t.int} NOT NULL`,
    `external_userid ${t.str(64)} NOT NULL`,
    `sender ${t.word(8)} NOT NULL`,
    `sent_at ${t.big} NOT NULL`,
    `type ${t.word(24)} NOT NULL`,
    `text ${t.text}`,
    `source ${t.word(16)} NOT NULL`,
    `recalled ${t.int} NOT NULL`,
    `kept_at ${t.big} NOT NULL`,
  ]),
  // a message and that it was taken back may both wait
  createIndex(3002, "early_message", "early_message_once", "msgid, recalled", "UNIQUE "),
  createIndex(3003, "early_message", "early_message_of", "external_userid"),
];

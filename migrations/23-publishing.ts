// What stands between a draft and its customers: the claims nobody may make, requests to publish, the library of words.
import { createIndex, createTable } from "../src/infra/migration.js";

export const publishingMigrations = [
  // A default that was taken out stays as a row, so that no later start puts it back.
  createTable(2301, "claim_term", (t) => [
    `id ${t.bigId}`,
    `category ${t.word(24)} NOT NULL`,
    `kind ${t.word(8)} NOT NULL`,
    `phrase ${t.str(60)} NOT NULL`,
    `removed ${t.int} NOT NULL DEFAULT 0`,
    `changed_by ${t.str(64)} NOT NULL`,
    `changed_at ${t.big} NOT NULL`,
  ]),
  createIndex(2302, "claim_term", "claim_term_phrase", "category, kind, phrase", "UNIQUE "),
  // A request speaks of one content, by its digest: a draft that says something else was not asked for.
  createTable(2303, "publish_request", (t) => [
    `id ${t.id}`,
    `journey_key ${t.str(64)} NOT NULL`,
    `digest ${t.word(64)} NOT NULL`,
    `inside_grace ${t.int} NOT NULL`,
    `note ${t.str(500)} NOT NULL`,
    `state ${t.word(12)} NOT NULL`,
    `asked_by ${t.str(64)} NOT NULL`,
    `asked_at ${t.big} NOT NULL`,
    `decided_by ${t.str(64)}`,
    `decided_at ${t.big}`,
    `answer ${t.str(500)}`,
    `version ${t.int}`,
  ]),
  createIndex(2304, "publish_request", "publish_request_journey", "journey_key, id"),
  createIndex(2305, "publish_request", "publish_request_state", "state"),
  createTable(2306, "words_entry", (t) => [
    `id ${t.id}`,
    `folder ${t.str(60)} NOT NULL`,
    `title ${t.str(60)} NOT NULL`,
    `words ${t.text} NOT NULL`,
    `digest ${t.word(64)} NOT NULL`,
    `revision ${t.int} NOT NULL`,
    `changed_by ${t.str(64)} NOT NULL`,
    `changed_at ${t.big} NOT NULL`,
  ]),
  createIndex(2307, "words_entry", "words_entry_folder", "folder, title"),
  createIndex(2308, "words_entry", "words_entry_digest", "digest"),
  // Where an entry was put into a touchpoint, which may have changed a word of it since.
  createTable(2309, "words_use", (t) => [
    `entry_id ${t.int} NOT NULL`,
    `journey_key ${t.str(64)} NOT NULL`,
    `touchpoint_key ${t.str(64)} NOT NULL`,
    `used_at ${t.big} NOT NULL`,
    "PRIMARY KEY (entry_id, journey_key, touchpoint_key)",
  ]),
];

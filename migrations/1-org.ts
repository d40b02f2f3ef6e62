// Regions, stores, guides; who may sign in; small things the house keeps.
import { createIndex, createTable } from "../src/infra/migration.js";

export const orgMigrations = [
  createTable(101, "region_level", (t) => ["depth INT NOT NULL PRIMARY KEY", `name ${t.str(40)} NOT NULL`]),
  createTable(102, "region", (t) => [
    `id ${t.id}`,
    `parent_id ${t.int} NOT NULL`,
    `name ${t.str(60)} NOT NULL`,
    `depth ${t.int} NOT NULL`,
    `trail ${t.word(190)} NOT NULL`,
    "UNIQUE (parent_id, name)",
  ]),
  createTable(103, "store", (t) => [
    `id ${t.id}`,
    `code ${t.str(64)} NOT NULL UNIQUE`,
    `name ${t.str(120)} NOT NULL`,
    `region_id ${t.int} NOT NULL`,
  ]),
  createIndex(104, "store", "store_region", "region_id"),
  createTable(105, "guide", (t) => [
    `id ${t.id}`,
    `userid ${t.str(64)} NOT NULL UNIQUE`,
    `name ${t.str(120)} NOT NULL`,
    `store_id ${t.int} NOT NULL`,
    `joined_on ${t.date}`,
    `left_on ${t.date}`,
  ]),
  createIndex(106, "guide", "guide_store", "store_id"),
  createTable(110, "account", (t) => [
    `id ${t.id}`,
    `login ${t.str(64)} NOT NULL UNIQUE`,
    `name ${t.str(120)} NOT NULL`,
    `role ${t.word(16)} NOT NULL`,
    `password_hash ${t.str(200)} NOT NULL`,
    `guide_id ${t.int}`,
    `store_id ${t.int}`,
    `region_id ${t.int}`,
    `disabled ${t.int} NOT NULL DEFAULT 0`,
  ]),
  createTable(111, "session", (t) => [
    `token_hash ${t.word(64)} NOT NULL PRIMARY KEY`,
    `account_id ${t.int} NOT NULL`,
    `csrf ${t.word(64)} NOT NULL`,
    `created_at ${t.big} NOT NULL`,
    `expires_at ${t.big} NOT NULL`,
  ]),
  createTable(112, "api_key", (t) => [
    `id ${t.id}`,
    `name ${t.str(120)} NOT NULL`,
    `key_hash ${t.word(64)} NOT NULL UNIQUE`,
    `created_at ${t.big} NOT NULL`,
    `revoked_at ${t.big}`,
  ]),
  // How often a guide's signed link was used: it opens a few sessions and no more.
  createTable(113, "link_use", (t) => [
    `digest ${t.word(64)} NOT NULL PRIMARY KEY`,
    `uses ${t.int} NOT NULL`,
    `expires_at ${t.big} NOT NULL`,
  ]),
  createTable(120, "setting", (t) => [
    `name ${t.word(80)} NOT NULL PRIMARY KEY`,
    `value ${t.longText} NOT NULL`,
  ]),
  createTable(121, "job_run", (t) => [
    `job ${t.word(40)} NOT NULL`,
    `scheduled_at ${t.big} NOT NULL`,
    `state ${t.word(12)} NOT NULL`,
    `started_at ${t.big} NOT NULL`,
    `ended_at ${t.big}`,
    `result ${t.text}`,
    "PRIMARY KEY (job, scheduled_at)",
  ]),
];

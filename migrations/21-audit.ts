// Who changed what, from what, to what: one row a write of a person.
import { createIndex, createTable } from "../src/infra/migration.js";

export const auditMigrations = [
  createTable(2101, "audit_entry", (t) => [
    `id ${t.bigId}`,
    `done_at ${t.big} NOT NULL`,
    // account:12, or who worked at a terminal
    `done_by ${t.str(64)} NOT NULL`,
    `action ${t.word(64)} NOT NULL`,
    `subject ${t.str(191)} NOT NULL`,
    `before_json ${t.longText}`,
    `after_json ${t.longText}`,
  ]),
  // Newest first, over all and within each of what one asks by; the id follows by itself in either database.
  createIndex(2102, "audit_entry", "audit_entry_at", "done_at"),
  createIndex(2103, "audit_entry", "audit_entry_subject", "subject, done_at"),
  createIndex(2104, "audit_entry", "audit_entry_by", "done_by, done_at"),
  createIndex(2105, "audit_entry", "audit_entry_action", "action, done_at"),
];

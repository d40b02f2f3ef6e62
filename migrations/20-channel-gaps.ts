// When nobody listened to a chat account, and what of that time could be made up for.
import { createIndex, createTable } from "../src/infra/migration.js";

export const channelGapMigrations = [
  createTable(2001, "channel_gap", (t) => [
    `id ${t.id}`,
    `channel ${t.word(12)} NOT NULL`,
    `account ${t.str(64)} NOT NULL`,
    `began_at ${t.big} NOT NULL`,
    `ended_at ${t.big}`,
    `reason ${t.str(250)} NOT NULL`,
    `recovered ${t.int}`,
  ]),
  createIndex(2002, "channel_gap", "channel_gap_began", "began_at"),
];

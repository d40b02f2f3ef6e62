// Journeys, their immutable versions and the touchpoints whose identity outlives every version.
import { createTable } from "../src/infra/migration.js";

export const journeyMigrations = [
  createTable(301, "journey", (t) => [
    `id ${t.id}`,
    `journey_key ${t.str(64)} NOT NULL UNIQUE`,
    `name ${t.str(120)} NOT NULL`,
    `state ${t.word(12)} NOT NULL`,
    `live_version_id ${t.int}`,
  ]),
  createTable(302, "journey_version", (t) => [
    `id ${t.id}`,
    `journey_id ${t.int} NOT NULL`,
    `number ${t.int} NOT NULL`,
    `source ${t.longText} NOT NULL`,
    `digest ${t.word(64)} NOT NULL`,
    `published_at ${t.big} NOT NULL`,
    `published_by ${t.str(64)} NOT NULL`,
    "UNIQUE (journey_id, number)",
  ]),
  createTable(303, "touchpoint", (t) => [
    `id ${t.id}`,
    `journey_id ${t.int} NOT NULL`,
    `touchpoint_key ${t.str(64)} NOT NULL`,
    `plans_from ${t.date} NOT NULL`,
    `live ${t.int} NOT NULL`,
    "UNIQUE (journey_id, touchpoint_key)",
  ]),
  createTable(304, "touchpoint_version", (t) => [
    `version_id ${t.int} NOT NULL`,
    `touchpoint_id ${t.int} NOT NULL`,
    `position ${t.int} NOT NULL`,
    `name ${t.str(120)} NOT NULL`,
    `spec ${t.longText} NOT NULL`,
    "PRIMARY KEY (version_id, touchpoint_id)",
  ]),
];

// Drafts of journeys and what happened to journeys; planning some days again; customers who turned out to be another.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const lifecycleMigrations = [
  createTable(1101, "journey_draft", (t) => [
    `journey_key ${t.str(64)} NOT NULL PRIMARY KEY`,
    // the journey as its file says it, in JSON
    `data ${t.longText} NOT NULL`,
    // the number of the version it began from
    `based_on ${t.int}`,
    `changed_at ${t.big} NOT NULL`,
    `changed_by ${t.str(64)} NOT NULL`,
  ]),
  createTable(1102, "journey_event", (t) => [
    `id ${t.id}`,
    `journey_id ${t.int} NOT NULL`,
    `at ${t.big} NOT NULL`,
    `actor ${t.str(64)} NOT NULL`,
    `what ${t.word(12)} NOT NULL`,
  ]),
  createIndex(1103, "journey_event", "journey_event_journey", "journey_id, id"),
  // A second watermark: the days from here on are planned once more, by the version in force.
  addColumn(1104, "touchpoint_plan", "again_from", (t) => t.date),
  // Who this customer turned out to be; what comes under the old id is the other's.
  addColumn(1105, "customer", "merged_into", (t) => t.int),
  createTable(1106, "customer_merge", (t) => [
    `from_id ${t.int} NOT NULL PRIMARY KEY`,
    `external_userid ${t.str(64)} NOT NULL UNIQUE`,
    `into_id ${t.int} NOT NULL`,
    // under which number each of the old one's children goes on: {"1": 2}
    `children ${t.text} NOT NULL`,
    `at ${t.big} NOT NULL`,
    `actor ${t.str(64)} NOT NULL`,
  ]),
  createIndex(1107, "customer_merge", "customer_merge_into", "into_id"),
];

// Experiments: who belongs to which arm, what was found, and who is held out for ever.
import { createIndex, createTable } from "../src/infra/migration.js";

export const experimentMigrations = [
  createTable(901, "experiment", (t) => [
    `id ${t.id}`,
    `journey_id ${t.int} NOT NULL`,
    // 0: the whole journey
    `touchpoint_id ${t.int} NOT NULL`,
    `kind ${t.word(10)} NOT NULL`,
    `number ${t.int} NOT NULL`,
    `seed ${t.str(200)} NOT NULL`,
    `definition ${t.text} NOT NULL`,
    `state ${t.word(12)} NOT NULL`,
    `began_on ${t.date} NOT NULL`,
    // NULL: in force
    `ended_on ${t.date}`,
    `winner ${t.int}`,
    `decided_at ${t.big}`,
    "UNIQUE (journey_id, touchpoint_id, kind, number)",
  ]),
  // The experiment's own shuffle; a bucket without a row is in no arm.
  createTable(
    902,
    "experiment_bucket",
    (t) => [
      `experiment_id ${t.int} NOT NULL`,
      `bucket ${t.int} NOT NULL`,
      `arm ${t.int} NOT NULL`,
      "PRIMARY KEY (experiment_id, bucket)",
    ],
    "by key",
  ),
  createTable(903, "experiment_look", (t) => [
    `experiment_id ${t.int} NOT NULL`,
    `number ${t.int} NOT NULL`,
    `looked_on ${t.date} NOT NULL`,
    `figures ${t.text} NOT NULL`,
    "PRIMARY KEY (experiment_id, number)",
  ]),
  // The number of a variant never changes, however often the file puts them in another order.
  createTable(904, "touchpoint_variant", (t) => [
    `touchpoint_id ${t.int} NOT NULL`,
    `number ${t.int} NOT NULL`,
    `variant_key ${t.str(64)} NOT NULL`,
    "PRIMARY KEY (touchpoint_id, number)",
    "UNIQUE (touchpoint_id, variant_key)",
  ]),
  // Held out of a touchpoint once is held out of it for ever, whatever becomes of the hold-out.
  createTable(
    905,
    "held_customer",
    (t) => [
      `touchpoint_id ${t.int} NOT NULL`,
      `customer_id ${t.int} NOT NULL`,
      "PRIMARY KEY (touchpoint_id, customer_id)",
    ],
    "by key",
  ),
  // What fell due of one touchpoint in a span of days. Rows come in this order, so each touchpoint's end is appended to.
  createIndex(906, "task", "task_due", "touchpoint_id, due_on"),
];

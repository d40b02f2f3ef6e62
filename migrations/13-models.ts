// What the models learned, and what they say of each customer.
import { createTable } from "../src/infra/migration.js";

export const modelMigrations = [
  createTable(1301, "model_run", (t) => [
    `id ${t.id}`,
    `ran_at ${t.big} NOT NULL`,
    `ran_on ${t.date} NOT NULL`,
    `calibrated_until ${t.date}`,
    `held_until ${t.date}`,
    `customers ${t.int} NOT NULL`,
    `served ${t.word(12)} NOT NULL`,
    `why ${t.text} NOT NULL`,
    // the back-test and the models in use, as JSON
    `details ${t.longText} NOT NULL`,
    // the newest order there was: data have grown when there are many after it
    `order_id ${t.big} NOT NULL`,
    // everybody up to here has been looked at with these models; NULL: everybody
    `scored_to ${t.int}`,
  ]),
  createTable(
    1302,
    "model_value",
    (t) => [
      `customer_id ${t.int} NOT NULL PRIMARY KEY`,
      // what it was computed from
      `last_on ${t.date} NOT NULL`,
      `purchases ${t.int} NOT NULL`,
      `span_days ${t.int} NOT NULL`,
      `quantity ${t.big} NOT NULL`,
      `model ${t.word(12)} NOT NULL`,
      "expected DOUBLE",
      "alive DOUBLE",
      `low_on ${t.date}`,
      `computed_on ${t.date} NOT NULL`,
    ],
    "by key",
  ),
];

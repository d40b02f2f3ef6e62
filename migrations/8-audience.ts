// What a customer's orders come to; tags with their source and history; whose audiences must be looked at again.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const audienceMigrations = [
  createTable(
    801,
    "customer_figure",
    (t) => [
      `customer_id ${t.int} NOT NULL PRIMARY KEY`,
      `orders ${t.int} NOT NULL`,
      `purchases ${t.int} NOT NULL`,
      `quantity ${t.big} NOT NULL`,
      `amount_cents ${t.big} NOT NULL`,
      `first_on ${t.date}`,
      `last_on ${t.date}`,
      `span_days ${t.int} NOT NULL`,
    ],
    "by key",
  ),
  addColumn(803, "customer_tag", "given_at", (t) => `${t.big}`),
  addColumn(804, "customer_tag", "given_by", (t) => t.str(64)),
  // A tag that was taken away again, with who gave and who took it.
  createTable(805, "customer_tag_past", (t) => [
    `id ${t.bigId}`,
    `customer_id ${t.int} NOT NULL`,
    `name ${t.str(60)} NOT NULL`,
    `source ${t.word(12)} NOT NULL`,
    `given_at ${t.big}`,
    `given_by ${t.str(64)}`,
    `taken_at ${t.big} NOT NULL`,
    `taken_by ${t.str(64)} NOT NULL`,
  ]),
  createIndex(806, "customer_tag_past", "customer_tag_past_customer", "customer_id"),
  // An audience whose customers carry a tag.
  createTable(807, "tag_rule", (t) => [
    `id ${t.id}`,
    `name ${t.str(60)} NOT NULL UNIQUE`,
    `rule ${t.text} NOT NULL`,
    `set_at ${t.big} NOT NULL`,
    `set_by ${t.str(64)} NOT NULL`,
  ]),
  // Something audiences ask for may have changed.
  createTable(808, "customer_mark", (t) => [`id ${t.bigId}`, `customer_id ${t.int} NOT NULL`]),
];

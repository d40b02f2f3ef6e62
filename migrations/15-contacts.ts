// What keeping in step with the chat system needs: remarks, corp tags, contact ways, welcome words, transfers under way.
import { createIndex, createTable } from "../src/infra/migration.js";

export const contactMigrations = [
  // What a guide's friendship with a customer is beside its days.
  createTable(
    1501,
    "follow",
    (t) => [
      `customer_id ${t.int} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      // epoch ms, by the chat system
      `since ${t.big} NOT NULL`,
      `remark ${t.str(64)} NOT NULL`,
      `state ${t.str(64)} NOT NULL`,
      `add_way ${t.int} NOT NULL`,
      "PRIMARY KEY (customer_id, guide_id)",
    ],
    "by key",
  ),
  createIndex(1512, "follow", "follow_guide", "guide_id, customer_id"),
  createTable(
    1502,
    "contact_tag",
    (t) => [
      `customer_id ${t.int} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      `tag_id ${t.str(64)} NOT NULL`,
      // theirs: a guide's doing; ours: put there for a tag of ours; refused: ours that a guide took off
      `standing ${t.word(8)} NOT NULL`,
      "PRIMARY KEY (customer_id, guide_id, tag_id)",
    ],
    "by key",
  ),
  createIndex(1503, "contact_tag", "contact_tag_tag", "tag_id, standing, customer_id"),
  createTable(1504, "corp_tag", (t) => [
    `tag_id ${t.str(64)} NOT NULL PRIMARY KEY`,
    `name ${t.str(60)} NOT NULL`,
    `group_id ${t.str(64)} NOT NULL`,
    `group_name ${t.str(60)} NOT NULL`,
  ]),
  // Tags of ours that guides are to see in the chat system.
  createTable(1505, "pushed_tag", (t) => [
    `name ${t.str(60)} NOT NULL PRIMARY KEY`,
    `tag_id ${t.str(64)}`,
    `said_by ${t.word(64)} NOT NULL`,
    `said_at ${t.big} NOT NULL`,
    `error ${t.str(250)}`,
  ]),
  // A code per campaign and store. The row is there before the call that makes the code.
  createTable(1506, "contact_way", (t) => [
    `id ${t.id}`,
    `campaign ${t.str(40)} NOT NULL`,
    `store_id ${t.int} NOT NULL`,
    `state ${t.str(30)} NOT NULL UNIQUE`,
    `config_id ${t.str(120)}`,
    `picture ${t.str(500)}`,
    `guides ${t.text}`,
    `made_at ${t.big} NOT NULL`,
    `called_at ${t.big}`,
    `removed_at ${t.big}`,
    `error ${t.str(250)}`,
  ]),
  createIndex(1507, "contact_way", "contact_way_place", "campaign, store_id"),
  createTable(1508, "welcome_words", (t) => [
    `scope ${t.str(80)} NOT NULL PRIMARY KEY`,
    `words ${t.text} NOT NULL`,
    `said_by ${t.word(64)} NOT NULL`,
    `said_at ${t.big} NOT NULL`,
  ]),
  // Written before the call, so that nobody is welcomed twice: neither by one code nor one pair on one day.
  createTable(1509, "welcome", (t) => [
    `code ${t.str(190)} NOT NULL PRIMARY KEY`,
    `guide_id ${t.int} NOT NULL`,
    `external_userid ${t.str(64)} NOT NULL`,
    `on_day ${t.date} NOT NULL`,
    `scope ${t.str(80)} NOT NULL`,
    `at ${t.big} NOT NULL`,
    `result ${t.word(12)} NOT NULL`,
    `error ${t.str(250)}`,
    "UNIQUE (guide_id, external_userid, on_day)",
  ]),
  // The last transfer asked of the chat system for a customer.
  createTable(1510, "contact_transfer", (t) => [
    `customer_id ${t.int} NOT NULL PRIMARY KEY`,
    `from_guide_id ${t.int} NOT NULL`,
    `to_guide_id ${t.int} NOT NULL`,
    `kind ${t.word(8)} NOT NULL`,
    `state ${t.word(8)} NOT NULL`,
    `message ${t.str(200)} NOT NULL`,
    `said_by ${t.word(64)} NOT NULL`,
    `asked_at ${t.big} NOT NULL`,
    `next_at ${t.big} NOT NULL`,
    `tries ${t.int} NOT NULL DEFAULT 0`,
    `error ${t.str(250)}`,
  ]),
  createIndex(1511, "contact_transfer", "contact_transfer_state", "state, next_at"),
];

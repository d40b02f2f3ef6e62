// The report's further tabs: the funnel and the first fourteen days as roll-ups, what touchpoints change, saved views.
import { changeRows, createIndex, createTable } from "../src/infra/migration.js";

export const reportSetMigrations = [
  // How far tasks came by the day they were for, and why no further. What waits to be released is in no cell.
  createTable(
    2601,
    "rollup_funnel_guide",
    (t) => [
      `on_day ${t.date} NOT NULL`,
      `region_id ${t.int} NOT NULL`,
      `store_id ${t.int} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      `stage ${t.int} NOT NULL`,
      `why ${t.word(32)} NOT NULL`,
      `tasks ${t.int} NOT NULL`,
      "PRIMARY KEY (on_day, region_id, store_id, guide_id, stage, why)",
    ],
    "by key",
  ),
  createIndex(2602, "rollup_funnel_guide", "rollup_funnel_guide_day", "on_day, guide_id"),
  createTable(
    2603,
    "rollup_funnel_region",
    (t) => [
      `region_id ${t.int} NOT NULL`,
      `on_day ${t.date} NOT NULL`,
      `stage ${t.int} NOT NULL`,
      `why ${t.word(32)} NOT NULL`,
      `tasks ${t.int} NOT NULL`,
      "PRIMARY KEY (region_id, on_day, stage, why)",
    ],
    "by key",
  ),
  createIndex(2604, "rollup_funnel_region", "rollup_funnel_region_day", "on_day, region_id"),
  // A customer with the day they came and the place of that day, which stays when people move; last_on ends the
  // fourteen days whose messages are counted.
  createTable(
    2605,
    "newcomer",
    (t) => [
      `customer_id ${t.int} NOT NULL PRIMARY KEY`,
      `joined_on ${t.date} NOT NULL`,
      `last_on ${t.date} NOT NULL`,
      `guide_id ${t.int} NOT NULL`,
      `store_id ${t.int} NOT NULL`,
      `region_id ${t.int} NOT NULL`,
      `messages ${t.int} NOT NULL`,
    ],
    "by key",
  ),
  createIndex(2606, "newcomer", "newcomer_joined", "joined_on, region_id, store_id, messages"),
  createIndex(2607, "newcomer", "newcomer_store", "store_id, joined_on, messages"),
  createTable(
    2608,
    "rollup_newcomer",
    (t) => [
      `region_id ${t.int} NOT NULL`,
      `joined_on ${t.date} NOT NULL`,
      `newcomers ${t.int} NOT NULL`,
      `spoke ${t.int} NOT NULL`,
      `messages ${t.int} NOT NULL`,
      "PRIMARY KEY (region_id, joined_on)",
    ],
    "by key",
  ),
  createIndex(2609, "rollup_newcomer", "rollup_newcomer_day", "joined_on"),
  // Days of joining to be summed anew.
  createTable(2610, "newcomer_mark", (t) => [`joined_on ${t.date} NOT NULL PRIMARY KEY`], "by key"),
  // What a touchpoint changes, as reckoned in the last night: too much to count while somebody waits.
  createTable(2611, "touchpoint_uplift", (t) => [
    `touchpoint_id ${t.int} NOT NULL PRIMARY KEY`,
    `reckoned_at ${t.big} NOT NULL`,
    `figures ${t.text} NOT NULL`,
  ]),
  createTable(2612, "report_view", (t) => [
    `id ${t.id}`,
    `account_id ${t.int} NOT NULL`,
    `name ${t.str(60)} NOT NULL`,
    `address ${t.str(400)} NOT NULL`,
    // who else finds it in their list; null: nobody
    `shared_with ${t.word(16)}`,
    `made_at ${t.big} NOT NULL`,
  ]),
  createIndex(2613, "report_view", "report_view_name", "account_id, name", "UNIQUE "),
  createIndex(2614, "report_view", "report_view_shared", "shared_with"),
  // The days there are already: their funnel is counted by the next refreshing, nobody's tasks (guide 0) too.
  changeRows(
    2615,
    "MarkDaysForTheFunnel",
    "INSERT INTO rollup_mark (on_day, guide_id) SELECT DISTINCT release_on, COALESCE(guide_id, 0) FROM task",
  ),
];

// What the organisation's pages and the overview count, out of keys and sums of their own.
import { changeRows, createIndex, createTable, dropIndex } from "../src/infra/migration.js";

export const placePagesMigrations = [
  createIndex(3401, "guide", "guide_staff", "store_id, left_on"),
  dropIndex(3402, "guide", "guide_store", "store_id"),
  createIndex(3403, "data_fault", "data_fault_reason", "field, reason"),
  // of its own stores' guides, when they were counted last
  createTable(3404, "region_count", (t) => [
    `region_id ${t.int} NOT NULL PRIMARY KEY`,
    `customers ${t.int} NOT NULL`,
  ]),
  changeRows(
    3405,
    "FillRegionCount",
    `INSERT INTO region_count (region_id, customers) SELECT s.region_id, SUM(n.customers)
     FROM guide_count n JOIN guide g ON g.id = n.guide_id JOIN store s ON s.id = g.store_id GROUP BY s.region_id`,
  ),
];

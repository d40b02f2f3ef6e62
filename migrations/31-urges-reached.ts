// Whether the guide a manager last reminded could be reached.
import { addColumn } from "../src/infra/migration.js";

export const urgesReachedMigrations = [
  addColumn(3101, "guide_urge", "reached", (t) => `${t.int} NOT NULL DEFAULT 1`),
];

// What guides want done with tasks whose words the chat system has not given back yet.
import { createTable } from "../src/infra/migration.js";

export const guideWishMigrations = [
  createTable(3301, "guide_wish", (t) => [
    `task_id ${t.big} NOT NULL PRIMARY KEY`,
    // the move as JSON
    `move ${t.text} NOT NULL`,
    `wished_at ${t.big} NOT NULL`,
  ]),
];

// The day's card as it can still be changed: the code of its send is good for one change.
import { addColumn } from "../src/infra/migration.js";

export const cardMigrations = [
  addColumn(1701, "guide_day", "card_code", (t) => t.str(600)),
  addColumn(1702, "guide_day", "card_closed_at", (t) => t.big),
];

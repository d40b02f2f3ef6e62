// Finding a customer among millions: by name, by phone under a keyed index, by guide; and who said that one wants no messages.
import { addColumn, changeRows, createIndex } from "../src/infra/migration.js";

export const customerDeskMigrations = [
  // Made of the number under a key, never readable back: equal for equal numbers, neighbours for equal last four digits.
  addColumn(2401, "customer", "phone_index", (t) => t.big),
  createIndex(2402, "customer", "customer_phone", "phone_index"),
  createIndex(2403, "customer", "customer_name", "name"),
  createIndex(2404, "contact", "contact_guide", "guide_id, customer_id"),
  // chat: the customer said it; person: somebody of ours wrote it down; import: a file or another system told it
  addColumn(2405, "customer", "opted_out_by", (t) => t.word(8)),
  addColumn(2406, "customer", "opted_out_at", (t) => t.big),
  changeRows(
    2407,
    "SourcesOfOptOuts",
    `UPDATE customer SET opted_out_by = CASE WHEN id IN (SELECT customer_id FROM urgent_reply WHERE opt_out = 1)
       THEN 'chat' ELSE 'import' END WHERE opted_out = 1`,
  ),
];

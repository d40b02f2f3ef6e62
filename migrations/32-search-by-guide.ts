// Keys out of which the customers of some guides come with their names, without a look at each one's row.
import { createIndex, dropIndex } from "../src/infra/migration.js";

export const searchByGuideMigrations = [
  createIndex(3201, "customer", "customer_guide_name", "guide_id, merged_into, name"),
  dropIndex(3202, "customer", "customer_guide", "guide_id"),
  createIndex(3203, "contact", "contact_of_guide", "guide_id, customer_id, ended_on"),
  dropIndex(3204, "contact", "contact_guide", "guide_id, customer_id"),
];

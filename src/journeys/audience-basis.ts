// What audiences mean by names and stages, read where they stand: the region tree and the limits HQ has set.
import { loadLimits } from "../customers/limits.js";
import type { Sql } from "../infra/store.js";
import { regionIdsByName } from "../org/queries.js";
import type { AudienceBasis } from "./audience-sql.js";

/** The basis as it stands now. */
export async function audienceBasis(sql: Sql): Promise<AudienceBasis> {
  return { regionIds: await regionIdsByName(sql), limits: await loadLimits(sql) };
}

// How far somebody sees in the organisation, as a condition on guides, stores and regions.
import type { Viewer } from "../identity/viewer.js";
import type { Param } from "../infra/store.js";

/** A condition with its values. */
export interface Sight {
  sql: string;
  params: Param[];
}

/** Stores (`s` in region `r`), and guides of theirs, that somebody may look after. */
export function sightOf({ role, storeId, regionId }: Viewer): Sight {
  if (role === "hq") return { sql: "1 = 1", params: [] };
  if (role === "store_manager") return { sql: "s.id = ?", params: [storeId ?? 0] };
  if (role === "manager") return { sql: "r.trail LIKE ?", params: [`%/${regionId ?? 0}/%`] };
  return { sql: "1 = 0", params: [] };
}

/** From guides to all that `Sight` speaks of. */
export const IN_SIGHT = "FROM guide g JOIN store s ON s.id = g.store_id JOIN region r ON r.id = s.region_id";

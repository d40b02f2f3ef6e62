// What audiences mean by names, stages and tags, read where it stands: the region tree, the limits and rules HQ has set.
import { loadLimits } from "../customers/limits.js";
import type { Sql } from "../infra/store.js";
import { regionIdsByName } from "../org/queries.js";
import type { AudienceBasis } from "./audience-sql.js";
import { tagRules } from "./tag-rules.js";

/** The basis as it stands now. */
export async function audienceBasis(sql: Sql): Promise<AudienceBasis> {
  const tagRulesOf = new Map((await tagRules(sql)).map(({ name, rule }) => [name, rule]));
  return { regionIds: await regionIdsByName(sql), limits: await loadLimits(sql), tagRules: tagRulesOf };
}

// Whom a touchpoint is for: lists of values by field, as a condition over the customer table.

/** A customer belongs to the audience when each field given holds one of its values. `{}` is everyone. */
export interface Audience {
  /** where the customer came from */
  source?: readonly string[];
  level?: readonly string[];
  brand_preference?: readonly string[];
  /** has at least one of these tags */
  tag?: readonly string[];
  /** the owner's store lies in one of these regions, at any level */
  region?: readonly string[];
}

export const AUDIENCE_FIELDS = ["source", "level", "brand_preference", "tag", "region"] as const;
export type AudienceField = (typeof AUDIENCE_FIELDS)[number];

/** The ids of the regions so written (华东, or by its path 华东/上海市) and of all below them. */
export type RegionIds = (names: readonly string[]) => readonly number[];

/** A piece of a WHERE, with a `?` for each parameter. */
export interface Condition {
  sql: string;
  params: (string | number)[];
}

export function isEveryone(audience: Audience): boolean {
  return AUDIENCE_FIELDS.every((field) => audience[field] === undefined);
}

/** The audience over `customer c`. Compares as the columns do: their collation must be a binary one. */
export function audienceCondition(audience: Audience, regionIds: RegionIds): Condition {
  const { source, level, brand_preference, tag, region } = audience;
  const conditions = [
    source && within("c.source", source),
    level && within("c.level", level),
    brand_preference && within("c.brand_preference", brand_preference),
    tag &&
      wrapped("EXISTS (SELECT 1 FROM customer_tag t WHERE t.customer_id = c.id AND ", within("t.name", tag)),
    region &&
      wrapped(
        "EXISTS (SELECT 1 FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = c.guide_id AND ",
        within("s.region_id", regionIds(region)),
      ),
  ].filter((condition) => condition !== undefined);
  if (conditions.length === 0) return { sql: "1 = 1", params: [] };
  return {
    sql: conditions.map((condition) => condition.sql).join(" AND "),
    params: conditions.flatMap((condition) => condition.params),
  };
}

/** `column IN (?, …)`; of no values at all nothing is within. */
function within(column: string, values: readonly (string | number)[]): Condition {
  if (values.length === 0) return { sql: "1 = 0", params: [] };
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, params: [...values] };
}

function wrapped(before: string, { sql, params }: Condition): Condition {
  return { sql: `${before}${sql})`, params };
}

// Rows of customers, read by their external ids and saved.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Dialect } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { bucketOf } from "./buckets.js";
import { customerIds } from "./queries.js";
import { loadTags } from "./tags.js";
import type { CustomerChange, StoredCustomer, Writing } from "./writing.js";

const selectFrom = ({
  force,
}: Dialect) => `SELECT id, external_userid AS externalUserid, name, guide_id AS guideId, owner_named AS ownerNamed,
    joined_on AS joinedOn, source, phone_cipher AS phoneCipher, birthday, brand_preference AS brandPreference,
    level, opted_out AS optedOut, opted_out_by AS optedOutBy, opted_out_at AS optedOutAt, phone_index AS phoneIndex,
    '' AS tags
  FROM customer${force("external_userid")} WHERE external_userid IN`;

/** Customers by external id, as they are stored, locked; their imported tags where they are asked for. */
export async function loadCustomers(
  sql: Sql,
  keys: readonly string[],
  withTags: boolean,
): Promise<Map<string, StoredCustomer>> {
  const found = await selectIn<StoredCustomer>(sql, selectFrom(sql.dialect), keys, {
    tail: sql.dialect.forUpdate,
    forced: true,
  });
  if (withTags) await loadTags(sql, found);
  return new Map(found.map((customer) => [customer.externalUserid, customer]));
}

const COLUMNS = [
  ...[
    "external_userid",
    "name",
    "guide_id",
    "owner_named",
    "joined_on",
    "source",
    "phone_cipher",
    "phone_index",
  ],
  ...["birthday", "brand_preference", "level", "opted_out", "opted_out_by", "opted_out_at"],
];

/** Saves the rows and learns the ids of new ones. Gives those that are new for certain: on MySQL another process may
 *  have made one since we looked. */
export async function saveRows(
  sql: Sql,
  changes: readonly CustomerChange[],
  writing: Writing,
): Promise<readonly CustomerChange[]> {
  const fresh = changes.filter(({ before }) => !before);
  const known = changes.filter(({ before }) => before);
  const head = `INSERT INTO customer (${COLUMNS.join(", ")}, bucket, quiet_through)`;
  const tail = sql.dialect.onConflict(["external_userid"], COLUMNS.slice(1));
  const values = ({ after }: CustomerChange) => valuesOf(after, writing);
  await insertRows(sql, head, known.map(values), tail);
  const made = await insertRows(sql, head, fresh.map(values), tail);
  await learnIds(sql, fresh);
  return made === fresh.length ? fresh : [];
}

// One literal without spreads: this runs once a row, and a spread costs a second object.
function valuesOf(after: StoredCustomer, { quietThrough }: Writing): Param[] {
  return [
    after.externalUserid,
    after.name,
    after.guideId,
    after.ownerNamed,
    after.joinedOn,
    after.source,
    after.phoneCipher,
    after.phoneIndex,
    after.birthday,
    after.brandPreference,
    after.level,
    after.optedOut,
    after.optedOutBy,
    after.optedOutAt,
    bucketOf(after.externalUserid),
    quietThrough,
  ];
}

async function learnIds(sql: Sql, fresh: readonly CustomerChange[]): Promise<void> {
  const idOf = await customerIds(
    sql,
    fresh.map(({ after }) => after.externalUserid),
  );
  for (const { after } of fresh) after.id = idOf.get(after.externalUserid) ?? 0;
}

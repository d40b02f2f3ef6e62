// Writes customers by external_userid: their row, the owner's contact, tags, and the anchors that follow.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Dialect } from "../infra/dialect.js";
import { decrypt, encrypt } from "../infra/secrets.js";
import type { Param, Sql } from "../infra/store.js";
import { given, overlay, type Placed, type RowOutcome, unknownKey } from "../infra/upserts.js";
import { guideIds } from "../org/queries.js";
import type { Facts } from "./anchor-rules.js";
import { refreshAnchors, writeFirstAnchors } from "./anchors.js";
import { bucketOf } from "./buckets.js";
import { endedPairs, pairOf, writeOwners } from "./contacts.js";
import { mergedAway, reviveErased } from "./known-ids.js";
import { customerIds } from "./queries.js";
import type { CustomerRow } from "./tables.js";
import { loadTags, writeTags } from "./tags.js";
import type { CustomerChange, StoredCustomer, Writing } from "./writing.js";

const selectFrom = ({
  force,
}: Dialect) => `SELECT id, external_userid AS externalUserid, name, guide_id AS guideId, owner_named AS ownerNamed,
    joined_on AS joinedOn, source, phone_cipher AS phoneCipher, birthday, brand_preference AS brandPreference,
    level, opted_out AS optedOut, '' AS tags
  FROM customer${force("external_userid")} WHERE external_userid IN`;

/** Upserts customers. One whose guide we do not know is refused. What a row leaves out stays as it is; a row of one who
 *  was merged into another says nothing new of the other. */
export async function writeCustomers(
  sql: Sql,
  rows: readonly Placed<CustomerRow>[],
  writing: Writing,
): Promise<RowOutcome[]> {
  const merged = await mergedAway(sql, rows);
  if (merged.size === 0) return writeKnown(sql, rows, writing);
  const isMerged = ({ row }: Placed<CustomerRow>) => merged.has(row.externalUserid);
  const written = await writeKnown(
    sql,
    rows.filter((placed) => !isMerged(placed)),
    writing,
  );
  const rest = written.values();
  return rows.map((placed) => (isMerged(placed) ? UNCHANGED : (rest.next().value ?? UNCHANGED)));
}

const UNCHANGED: RowOutcome = { status: "unchanged", faults: [] };

async function writeKnown(
  sql: Sql,
  rows: readonly Placed<CustomerRow>[],
  writing: Writing,
): Promise<RowOutcome[]> {
  const keys = [...new Set(rows.map(({ row }) => row.externalUserid))];
  await reviveErased(sql, keys);
  const found = await selectIn<StoredCustomer>(sql, selectFrom(sql.dialect), keys, {
    tail: sql.dialect.forUpdate,
    forced: true,
  });
  if (rows.some(({ row }) => row.tags !== undefined)) await loadTags(sql, found);
  const stored = new Map(found.map((customer) => [customer.externalUserid, customer]));
  const guides = writing.guides ?? (await guideIds(sql, namedGuides(rows)));
  const ended = await endedPairs(sql, movedOwners(rows, stored, guides));
  const { outcomes, written } = overlay(
    rows,
    stored,
    (row) => row.externalUserid,
    (placed, before) => {
      const userid = placed.row.guideUserid;
      const guideId = typeof userid === "string" ? guides.get(userid) : userid;
      if (userid && guideId === undefined)
        return [unknownKey(placed, "guide_userid", userid, "the userid of a guide")];
      // the chat system said this friendship is over; a list made before that does not bring it back
      const isOver = guideId && before && ended.has(pairOf(before.id, guideId));
      return laidOver(placed.row, before, isOver ? undefined : guideId, writing);
    },
  );
  const changes = [...written.values()];
  const fresh = await saveRows(sql, changes, writing);
  await writeOwners(sql, changes, writing.today);
  await writeTags(sql, changes, writing);
  await saveAnchors(sql, changes, fresh, writing);
  return outcomes;
}

function laidOver(
  row: CustomerRow,
  before: StoredCustomer | undefined,
  guideId: number | null | undefined,
  { secretKey }: Writing,
): StoredCustomer {
  return {
    id: before?.id ?? 0,
    externalUserid: row.externalUserid,
    name: given(row.name, before?.name) ?? "",
    guideId: given(guideId, before?.guideId),
    ownerNamed: guideId === undefined ? (before?.ownerNamed ?? 0) : Number(guideId !== null),
    joinedOn: given(row.joinedOn, before?.joinedOn),
    source: given(row.source, before?.source),
    phoneCipher: cipherOf(row.phone, before?.phoneCipher ?? null, secretKey),
    birthday: given(row.birthday, before?.birthday),
    brandPreference: given(row.brandPreference, before?.brandPreference),
    level: given(row.level, before?.level),
    optedOut: given(row.optedOut, before?.optedOut) ?? 0,
    tags: row.tags === undefined ? (before?.tags ?? "") : (row.tags ?? []).toSorted().join("|"),
  };
}

/** The same number keeps its cipher: encrypted anew it would look changed. */
function cipherOf(phone: string | null | undefined, stored: string | null, key: Buffer): string | null {
  if (phone === undefined || phone === null) return given(phone, stored);
  return stored !== null && decrypt(key, stored) === phone ? stored : encrypt(key, phone);
}

const COLUMNS = [
  ...["external_userid", "name", "guide_id", "owner_named", "joined_on", "source", "phone_cipher"],
  ...["birthday", "brand_preference", "level", "opted_out"],
];

/** Saves the rows and learns the ids of new ones. Gives those that are new for certain: on MySQL another process may
 *  have made one since we looked. */
async function saveRows(
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
    after.birthday,
    after.brandPreference,
    after.level,
    after.optedOut,
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

/** New customers' anchors follow from their rows alone; of all others everything is looked at. */
async function saveAnchors(
  sql: Sql,
  changes: readonly CustomerChange[],
  fresh: readonly CustomerChange[],
  { today, quietThrough }: Writing,
): Promise<void> {
  await writeFirstAnchors(
    sql,
    fresh.map(({ after }) => firstFacts(after)),
    { today, quietThrough },
  );
  const isFresh = new Set(fresh);
  const others = changes.filter((change) => !isFresh.has(change)).map(({ after }) => after.id);
  await refreshAnchors(sql, others, { today, quietThrough });
}

function firstFacts({ id, guideId, joinedOn, birthday }: StoredCustomer): Facts {
  return {
    customerId: id,
    guideId,
    joinedOn,
    ownerSince: guideId === null ? null : joinedOn,
    birthday,
    stopped: false,
    children: [],
    firstOrder: null,
    lastOrder: null,
    oddOrder: null,
  };
}

function namedGuides(rows: readonly Placed<CustomerRow>[]): string[] {
  return [...new Set(rows.flatMap(({ row }) => row.guideUserid ?? []))];
}

/** The customers whose row names another owner than is stored. */
function movedOwners(
  rows: readonly Placed<CustomerRow>[],
  stored: ReadonlyMap<string, StoredCustomer>,
  guides: ReadonlyMap<string, number>,
): number[] {
  return rows.flatMap(({ row: { externalUserid, guideUserid } }) => {
    const before = stored.get(externalUserid);
    const isMoved = before && guideUserid && guides.get(guideUserid) !== before.guideId;
    return isMoved ? [before.id] : [];
  });
}

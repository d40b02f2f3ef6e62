// Writes customers by external_userid: their row, the owner's contact, tags, and the anchors that follow.
import { decrypt, encrypt } from "../infra/secrets.js";
import type { Sql } from "../infra/store.js";
import { given, overlay, type Placed, type RowOutcome, unknownKey } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Fault } from "../kernel/refusals.js";
import { guideIds } from "../org/queries.js";
import type { Facts } from "./anchor-rules.js";
import { refreshAnchors, writeFirstAnchors } from "./anchors.js";
import { consentTold } from "./consent.js";
import { endedPairs, pairOf, writeOwners } from "./contacts.js";
import { loadCustomers, saveRows } from "./customer-rows.js";
import { keptCustomers } from "./imports/kept-customers.js";
import { mergedAway, reviveErased } from "./known-ids.js";
import { phoneIndex } from "./phone-index.js";
import type { CustomerRow } from "./tables.js";
import { writeTags } from "./tags.js";
import type { CustomerChange, StoredCustomer, Writing } from "./writing.js";

/** Upserts customers. One whose guide we do not know, or who joins after today, is refused. What a row leaves out stays as it is; a row of one who
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
  const withTags = rows.some(({ row }) => row.tags !== undefined);
  const stored = await loadCustomers(sql, keys, withTags);
  const guides = writing.guides ?? (await guideIds(sql, namedGuides(rows)));
  const ended = await endedPairs(sql, movedOwners(rows, stored, guides));
  const { outcomes, written } = overlay(
    rows,
    stored,
    (row) => row.externalUserid,
    (placed, before) => {
      const { guideUserid: userid, joinedOn } = placed.row;
      if (joinedOn && joinedOn > writing.today) return [notYet(placed, joinedOn, writing.today)];
      const guideId = typeof userid === "string" ? guides.get(userid) : userid;
      if (userid && guideId === undefined)
        return [unknownKey(placed, "guide_userid", userid, "the userid of a guide")];
      // the chat system said this friendship is over; a list made before that does not bring it back
      const isOver = guideId && before && ended.has(pairOf(before.id, guideId));
      return laidOver(placed.row, before, isOver ? undefined : guideId, writing);
    },
  );
  const changes = [...written.values()];
  await putCustomers(sql, changes, writing, async () => {
    if (writing.keep) await writing.keep(sql, "customers", await keptCustomers(sql, changes, withTags));
  });
  return outcomes;
}

/** Makes customers what they are to be, with their owner's contact, tags and anchors. `saved` comes when their rows are
 *  written and nothing else is yet. */
export async function putCustomers(
  sql: Sql,
  changes: readonly CustomerChange[],
  writing: Writing,
  saved: () => Promise<void> = async () => undefined,
): Promise<void> {
  const fresh = await saveRows(sql, changes, writing);
  await saved();
  await writeOwners(sql, changes, writing.today);
  await writeTags(sql, changes, writing);
  await saveAnchors(sql, changes, fresh, writing);
}

/** Nobody joins tomorrow: a date that lies ahead is a slip of whoever typed it. */
function notYet({ where, line }: Placed<CustomerRow>, value: ShopDay, today: ShopDay): Fault {
  return { where, line, field: "joined_on", value, expected: `a day no later than ${today}` };
}

function laidOver(
  row: CustomerRow,
  before: StoredCustomer | undefined,
  guideId: number | null | undefined,
  { secretKey, at }: Writing,
): StoredCustomer {
  const { optedOut, optedOutBy, optedOutAt } = consentTold(row.optedOut, before, at);
  const { phone } = row;
  return {
    id: before?.id ?? 0,
    externalUserid: row.externalUserid,
    name: given(row.name, before?.name) ?? "",
    guideId: given(guideId, before?.guideId),
    ownerNamed: guideId === undefined ? (before?.ownerNamed ?? 0) : Number(guideId !== null),
    joinedOn: given(row.joinedOn, before?.joinedOn),
    source: given(row.source, before?.source),
    phoneCipher: cipherOf(phone, before?.phoneCipher ?? null, secretKey),
    phoneIndex: phone
      ? phoneIndex(secretKey).of(phone)
      : phone === null
        ? null
        : (before?.phoneIndex ?? null),
    birthday: given(row.birthday, before?.birthday),
    brandPreference: given(row.brandPreference, before?.brandPreference),
    level: given(row.level, before?.level),
    optedOut,
    optedOutBy,
    optedOutAt,
    tags: row.tags === undefined ? (before?.tags ?? "") : (row.tags ?? []).toSorted().join("|"),
  };
}

/** The same number keeps its cipher: encrypted anew it would look changed. */
function cipherOf(phone: string | null | undefined, stored: string | null, key: Buffer): string | null {
  if (phone === undefined || phone === null) return given(phone, stored);
  return stored !== null && decrypt(key, stored) === phone ? stored : encrypt(key, phone);
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

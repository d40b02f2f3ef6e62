// Corp tags as guides give them in the chat system, kept per friendship; a customer carries what any of their guides gave.
import { insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { markCustomers } from "./customer-marks.js";
import { giveTag, takeTag } from "./tags.js";

/** What a pair carries, by tag id. */
export interface CarriedTags {
  customerId: number;
  guideId: number;
  tagIds: readonly string[];
}

/** theirs: a guide's doing; ours: put there for a tag of ours; refused: ours that a guide took off again. */
export type TagStanding = "theirs" | "ours" | "refused";

interface StoredPairTag {
  customerId: number;
  guideId: number;
  tagId: string;
  standing: TagStanding;
}

const BY = { source: "wecom", by: "wecom" } as const;

/** Lays what pairs carry over what is kept, and gives customers the tags that follow. Gives how many pairs changed. */
export async function writeCarriedTags(sql: Sql, told: readonly CarriedTags[], at: number): Promise<number> {
  const kept = await selectIn<StoredPairTag>(
    sql,
    `SELECT customer_id AS customerId, guide_id AS guideId, tag_id AS tagId, standing
     FROM contact_tag WHERE customer_id IN`,
    told.map(({ customerId }) => customerId),
  );
  const changed = new Set<CarriedTags>();
  const set: StoredPairTag[] = [];
  const gone: StoredPairTag[] = [];
  for (const one of told) {
    const own = kept.filter((row) => row.customerId === one.customerId && row.guideId === one.guideId);
    const [put, off] = differenceOf(one, own);
    set.push(...put);
    gone.push(...off);
    if (put.length + off.length > 0) changed.add(one);
  }
  await putPairTags(sql, set);
  for (const row of gone)
    await sql.run("DELETE FROM contact_tag WHERE customer_id = ? AND guide_id = ? AND tag_id = ?", [
      ...[row.customerId, row.guideId, row.tagId],
    ]);
  await followTags(sql, [...new Set([...changed].map(({ customerId }) => customerId))], at);
  return changed.size;
}

function differenceOf(
  { customerId, guideId, tagIds }: CarriedTags,
  kept: readonly StoredPairTag[],
): [put: StoredPairTag[], off: StoredPairTag[]] {
  const standingOf = new Map(kept.map((row) => [row.tagId, row.standing]));
  const put: StoredPairTag[] = tagIds
    .filter((tagId) => !["theirs", "ours"].includes(standingOf.get(tagId) ?? ""))
    .map((tagId) => ({ customerId, guideId, tagId, standing: "theirs" }));
  const missing = kept.filter(({ tagId }) => !tagIds.includes(tagId));
  for (const row of missing) if (row.standing === "ours") put.push({ ...row, standing: "refused" });
  return [put, missing.filter(({ standing }) => standing === "theirs")];
}

/** Writes how tags of pairs stand. */
export async function putPairTags(sql: Sql, rows: readonly StoredPairTag[]): Promise<void> {
  await insertRows(
    sql,
    "INSERT INTO contact_tag (customer_id, guide_id, tag_id, standing)",
    rows.map((row) => [row.customerId, row.guideId, row.tagId, row.standing]),
    sql.dialect.onConflict(["customer_id", "guide_id", "tag_id"], ["standing"]),
  );
}

/** Gives customers the tags their guides gave them, and takes those away that no guide gives any more. */
async function followTags(sql: Sql, customerIds: readonly number[], at: number): Promise<void> {
  const carried = await namesOf(
    sql,
    `SELECT x.customer_id AS customerId, g.name FROM contact_tag x JOIN corp_tag g ON g.tag_id = x.tag_id
     WHERE x.standing = 'theirs' AND x.customer_id IN`,
    customerIds,
  );
  const had = await namesOf(
    sql,
    "SELECT customer_id AS customerId, name FROM customer_tag WHERE source = 'wecom' AND customer_id IN",
    customerIds,
  );
  const touched = new Set<number>();
  for (const name of new Set([...carried.keys(), ...had.keys()])) {
    const [now, before] = [carried.get(name) ?? new Set<number>(), had.get(name) ?? new Set<number>()];
    const fresh = [...now].filter((id) => !before.has(id));
    const over = [...before].filter((id) => !now.has(id));
    await giveTag(sql, { name, ...BY, at }, fresh);
    await takeTag(sql, { name, ...BY, at }, over);
    for (const id of [...fresh, ...over]) touched.add(id);
  }
  await markCustomers(sql, [...touched]);
}

async function namesOf(sql: Sql, head: string, ids: readonly number[]): Promise<Map<string, Set<number>>> {
  const names = new Map<string, Set<number>>();
  for (const { customerId, name } of await selectIn<{ customerId: number; name: string }>(sql, head, ids))
    names.set(name, (names.get(name) ?? new Set()).add(customerId));
  return names;
}

/** The corp's tags as they are now. */
export interface CorpTagTold {
  id: string;
  name: string;
  groupId: string;
  groupName: string;
}

/** Lays the corp's list over the one kept: a tag that is gone is gone from everybody. Gives how many differ. */
export async function writeCorpTags(sql: Sql, told: readonly CorpTagTold[], at: number): Promise<number> {
  const kept = await sql.rows<CorpTagTold>(
    "SELECT tag_id AS id, name, group_id AS groupId, group_name AS groupName FROM corp_tag",
  );
  const known = new Map(kept.map((tag) => [tag.id, tag]));
  const fresh = told.filter((tag) => {
    const before = known.get(tag.id);
    return !before || before.name !== tag.name || before.groupName !== tag.groupName;
  });
  await insertRows(
    sql,
    "INSERT INTO corp_tag (tag_id, name, group_id, group_name)",
    fresh.map((tag) => [tag.id, tag.name.slice(0, 60), tag.groupId, tag.groupName.slice(0, 60)]),
    sql.dialect.onConflict(["tag_id"], ["name", "group_id", "group_name"]),
  );
  const now = new Set(told.map(({ id }) => id));
  const gone = kept.filter(({ id }) => !now.has(id)).map(({ id }) => id);
  const carriers = await selectIn<{ id: number }>(
    sql,
    "SELECT DISTINCT customer_id AS id FROM contact_tag WHERE tag_id IN",
    // what a pair carries may have been heard of before the tag itself was
    [...gone, ...fresh.map(({ id }) => id)],
  );
  if (gone.length > 0) {
    await sql.run(`DELETE FROM contact_tag WHERE tag_id IN (${marks(gone.length)})`, gone);
    await sql.run(`DELETE FROM corp_tag WHERE tag_id IN (${marks(gone.length)})`, gone);
    await sql.run(`UPDATE pushed_tag SET tag_id = NULL WHERE tag_id IN (${marks(gone.length)})`, gone);
  }
  await followTags(
    sql,
    carriers.map(({ id }) => id),
    at,
  );
  return fresh.length + gone.length;
}

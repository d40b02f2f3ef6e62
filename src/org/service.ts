// Writes of the organisation: regions by their path of names, stores by code, guides by userid.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import {
  given,
  type Keep,
  type KeptChange,
  keptChanges,
  overlay,
  type Placed,
  type RowOutcome,
  unknownKey,
} from "../infra/upserts.js";
import { loadTree, storeIds } from "./queries.js";
import type { GuideRow, StoreRow } from "./tables.js";
import { trailIds } from "./tree.js";

/** What English headings of the usual levels are called; any other heading is the level's own name. */
const LEVEL_NAMES: Record<string, string> = {
  region: "大区",
  area: "区域",
  province: "省份",
  city: "城市",
  district: "区县",
};
const DEFAULT_LEVELS = ["大区", "省份", "城市"];

/** Who is told what a write changed. */
export interface Kept {
  keep?: Keep | undefined;
}

/** Gives the levels of the region tree their names, from the top; those below keep theirs. */
export async function nameLevels(sql: Sql, headings: readonly string[], { keep }: Kept = {}): Promise<void> {
  const rows = headings.map((heading, depth): [number, string] => {
    return [depth, LEVEL_NAMES[heading.toLowerCase()] ?? heading];
  });
  if (keep) {
    const stored = await sql.rows<{ depth: number; name: string }>("SELECT depth, name FROM region_level");
    const before = (depth: number) => stored.find((level) => level.depth === depth);
    // a level that had no name before does no harm
    const changed = rows.flatMap(([depth, name]) => {
      const was = before(depth);
      return was && was.name !== name ? [{ key: String(depth), before: was, after: { depth, name } }] : [];
    });
    await keep(sql, "levels", changed);
  }
  await insertRows(
    sql,
    "INSERT INTO region_level (depth, name)",
    rows,
    sql.dialect.onConflict(["depth"], ["name"]),
  );
}

/** Writes stores by code, making the regions they name. Writing the same twice changes nothing. */
export async function writeStores(
  sql: Sql,
  rows: readonly Placed<StoreRow>[],
  { keep }: Kept = {},
): Promise<RowOutcome[]> {
  const codes = rows.map(({ row }) => row.code);
  const found = await selectIn<StoredStore>(
    sql,
    "SELECT code, name, region_id AS regionId FROM store WHERE code IN",
    codes,
  );
  const stored = new Map(found.map((store) => [store.code, store]));
  const regionOf = await ensureRegions(
    sql,
    rows.map(({ row }) => pathOf(row.regions) ?? []),
    keep,
  );
  const { outcomes, written } = overlay(
    rows,
    stored,
    (row) => row.code,
    (placed) => {
      const path = pathOf(placed.row.regions);
      if (path) return { code: placed.row.code, name: placed.row.name, regionId: regionOf(path) };
      const value = placed.row.regions.join(" / ");
      const expected = "a name for each level from the top down, without a gap";
      return [{ where: placed.where, line: placed.line, field: "region", value, expected }];
    },
  );
  const after = [...written.values()].map(({ after }) => [after.code, after.name, after.regionId]);
  const tail = sql.dialect.onConflict(["code"], ["name", "region_id"]);
  await insertRows(sql, "INSERT INTO store (code, name, region_id)", after, tail);
  await keep?.(
    sql,
    "stores",
    keptChanges(written, (store) => store.code),
  );
  return outcomes;
}

/** Writes guides by userid; a guide of a store we do not know is refused. */
export async function writeGuides(
  sql: Sql,
  rows: readonly Placed<GuideRow>[],
  { keep }: Kept = {},
): Promise<RowOutcome[]> {
  const found = await selectIn<StoredGuide>(
    sql,
    `SELECT userid, name, store_id AS storeId, joined_on AS joinedOn, left_on AS leftOn
     FROM guide WHERE userid IN`,
    rows.map(({ row }) => row.userid),
  );
  const stored = new Map(found.map((guide) => [guide.userid, guide]));
  const storeOf = await storeIds(
    sql,
    rows.map(({ row }) => row.storeCode),
  );
  const { outcomes, written } = overlay(
    rows,
    stored,
    (row) => row.userid,
    (placed, before) => {
      const { userid, name, storeCode, joinedOn, leftOn } = placed.row;
      const storeId = storeOf.get(storeCode);
      if (storeId === undefined) return [unknownKey(placed, "store_code", storeCode, "the code of a store")];
      const days = { joinedOn: given(joinedOn, before?.joinedOn), leftOn: given(leftOn, before?.leftOn) };
      return { userid, name, storeId, ...days };
    },
  );
  const after = [...written.values()].map(({ after }) => [
    ...[after.userid, after.name, after.storeId, after.joinedOn, after.leftOn],
  ]);
  const tail = sql.dialect.onConflict(["userid"], ["name", "store_id", "joined_on", "left_on"]);
  await insertRows(sql, "INSERT INTO guide (userid, name, store_id, joined_on, left_on)", after, tail);
  await keep?.(
    sql,
    "guides",
    keptChanges(written, (guide) => guide.userid),
  );
  return outcomes;
}

interface StoredStore {
  code: string;
  name: string;
  regionId: number;
}

interface StoredGuide {
  userid: string;
  name: string;
  storeId: number;
  joinedOn: string | null;
  leftOn: string | null;
}

/** The path of names without empty levels at its end; undefined when it has none or a gap. */
function pathOf(regions: readonly string[]): string[] | undefined {
  const path = regions.slice(0, regions.findLastIndex((name) => name !== "") + 1);
  return path.length > 0 && path.every(Boolean) ? path : undefined;
}

/** Makes what is missing of these paths; gives the id of each path's lowest region. */
async function ensureRegions(
  sql: Sql,
  paths: readonly string[][],
  keep: Keep | undefined,
): Promise<(path: readonly string[]) => number> {
  const tree = await loadTree(sql);
  const places = new Map<string, Place>([["[]", { id: 0, trail: "/" }]]);
  for (const { id, trail } of tree.nodes) {
    places.set(keyOf(trailIds(trail).map((one) => tree.node(one)?.name ?? "")), { id, trail });
  }
  let depths = tree.levels.length;
  for (const path of paths) {
    let parent: Place = { id: 0, trail: "/" };
    for (const [depth, name] of path.entries()) {
      const key = keyOf(path.slice(0, depth + 1));
      const known = places.get(key);
      const place: Place = known ?? (await addRegion(sql, parent, name, depth));
      if (!known) await keep?.(sql, "regions", [madeRegion(place.id, parent.id, name)]);
      places.set(key, place);
      parent = place;
    }
    while (depths < path.length) await nameLevel(sql, depths++);
  }
  return (path) => places.get(keyOf(path))?.id ?? 0;
}

/** Keys of regions sort as their ids do: the lower ones were made later. */
export function regionKey(id: number): string {
  return String(id).padStart(10, "0");
}

function madeRegion(id: number, parentId: number, name: string): KeptChange {
  return { key: regionKey(id), before: undefined, after: { id, parentId, name } };
}

interface Place {
  id: number;
  trail: string;
}

const keyOf = (path: readonly string[]) => JSON.stringify(path);

async function addRegion(sql: Sql, parent: Place, name: string, depth: number): Promise<Place> {
  const key = [parent.id, name];
  const insert = `${sql.dialect.insertIgnore} INTO region (parent_id, name, depth, trail) VALUES (?, ?, ?, '')`;
  await sql.run(insert, [...key, depth]);
  // asked for by its key: another process may have made it a moment ago
  const row = await sql.row<{ id: number }>("SELECT id FROM region WHERE parent_id = ? AND name = ?", key);
  const id = row?.id ?? 0;
  const trail = `${parent.trail}${id}/`;
  await sql.run("UPDATE region SET trail = ? WHERE id = ?", [trail, id]);
  return { id, trail };
}

async function nameLevel(sql: Sql, depth: number): Promise<void> {
  const name = DEFAULT_LEVELS[depth] ?? `第${depth + 1}级`;
  await sql.run(`${sql.dialect.insertIgnore} INTO region_level (depth, name) VALUES (?, ?)`, [depth, name]);
}

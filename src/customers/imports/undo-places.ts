// Regions, stores, guides and leaves an import brought, taken back.
import { selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";
import type { StoredLeave } from "../../org/leave-writes.js";
import { regionKey } from "../../org/service.js";
import { type Logged, pin, type Undoing, type UndoKind } from "./undo-words.js";

interface StoreNow {
  id: number;
  code: string;
  name: string;
  regionId: number;
}

interface GuideNow {
  id: number;
  userid: string;
  name: string;
  storeId: number;
  joinedOn: string | null;
  leftOn: string | null;
}

interface RegionNow {
  id: number;
  parentId: number;
  name: string;
}

const keysOf = (logged: readonly Logged[]) => logged.map(({ key }) => key);

/** How guides are taken back. */
export const undoGuides: UndoKind<GuideNow> = {
  kind: "guides",
  load: async (sql, logged) => {
    const head = `SELECT id, userid, name, store_id AS storeId, joined_on AS joinedOn, left_on AS leftOn
      FROM guide WHERE userid IN`;
    return byKey(await selectIn<GuideNow>(sql, head, keysOf(logged)), ({ userid }) => userid);
  },
  inUse: inUseBy("guides", [
    {
      withRun: true,
      sql: `SELECT c.guide_id AS id FROM customer c WHERE NOT EXISTS (SELECT 1 FROM import_change x WHERE x.run_id = ?
        AND x.kind = 'customers' AND x.row_key = c.external_userid) AND c.guide_id IN`,
    },
    {
      withRun: true,
      sql: `SELECT l.guide_id AS id FROM guide_leave l WHERE l.cancelled = 0 AND NOT EXISTS (
        SELECT 1 FROM import_change x WHERE x.run_id = ? AND x.kind = 'leaves'
        AND x.row_key = CONCAT(l.guide_id, ' ', l.from_on)) AND l.guide_id IN`,
    },
    ...["account", "follow", "guide_day"].map((table) => ({
      sql: `SELECT guide_id AS id FROM ${table} WHERE guide_id IN`,
    })),
    { sql: "SELECT successor_id AS id FROM guide WHERE successor_id IN" },
  ]),
  remove: async (sql, rows) => {
    const ids = rows.map(({ id }) => id);
    await removeAll(sql, "guide_leave", "guide_id", ids);
    return removeAll(sql, "guide", "id", ids);
  },
  restore: async (sql, rows) => {
    for (const { now, was } of rows)
      await sql.run("UPDATE guide SET name = ?, store_id = ?, joined_on = ?, left_on = ? WHERE id = ?", [
        ...[was.name, was.storeId, was.joinedOn, was.leftOn, now.id],
      ]);
  },
  pins: (row, undoing) => pin(undoing, "stores", row.storeId),
};

/** How stores are taken back. */
export const undoStores: UndoKind<StoreNow> = {
  kind: "stores",
  load: async (sql, logged) => {
    const head = "SELECT id, code, name, region_id AS regionId FROM store WHERE code IN";
    return byKey(await selectIn<StoreNow>(sql, head, keysOf(logged)), ({ code }) => code);
  },
  inUse: inUseBy("stores", [
    {
      withRun: true,
      sql: `SELECT g.store_id AS id FROM guide g WHERE NOT EXISTS (SELECT 1 FROM import_change x WHERE x.run_id = ?
        AND x.kind = 'guides' AND x.row_key = g.userid) AND g.store_id IN`,
    },
    { sql: "SELECT store_id AS id FROM account WHERE store_id IN" },
    { sql: "SELECT store_id AS id FROM contact_way WHERE store_id IN" },
  ]),
  remove: (sql, rows) =>
    removeAll(
      sql,
      "store",
      "id",
      rows.map(({ id }) => id),
    ),
  restore: async (sql, rows) => {
    for (const { now, was } of rows)
      await sql.run("UPDATE store SET name = ?, region_id = ? WHERE id = ?", [
        ...[was.name, was.regionId, now.id],
      ]);
  },
  pins: (row, undoing) => pin(undoing, "regions", row.regionId),
};

/** How regions are taken back: those made, and only while nothing lies in them. */
export const undoRegions: UndoKind<RegionNow> = {
  kind: "regions",
  load: async (sql, logged) => {
    const head = "SELECT id, parent_id AS parentId, name FROM region WHERE id IN";
    return byKey(await selectIn<RegionNow>(sql, head, keysOf(logged).map(Number)), ({ id }) => regionKey(id));
  },
  inUse: inUseBy("regions", [
    {
      withRun: true,
      sql: `SELECT s.region_id AS id FROM store s WHERE NOT EXISTS (SELECT 1 FROM import_change x WHERE x.run_id = ?
        AND x.kind = 'stores' AND x.row_key = s.code) AND s.region_id IN`,
    },
    {
      withRun: true,
      sql: `SELECT r.parent_id AS id FROM region r WHERE NOT EXISTS (SELECT 1 FROM import_change x WHERE x.run_id = ?
        AND x.kind = 'regions' AND x.row_key = SUBSTR(CONCAT('0000000000', r.id), -10)) AND r.parent_id IN`,
    },
    { sql: "SELECT region_id AS id FROM account WHERE region_id IN" },
  ]),
  remove: (sql, rows) =>
    removeAll(
      sql,
      "region",
      "id",
      rows.map(({ id }) => id),
    ),
  restore: async () => undefined,
  pins: (row, undoing) => pin(undoing, "regions", row.parentId),
};

/** How the names of levels are taken back; one that had none before is not kept. */
export const undoLevels: UndoKind<{ depth: number; name: string }> = {
  kind: "levels",
  load: async (sql) => {
    const rows = await sql.rows<{ depth: number; name: string }>("SELECT depth, name FROM region_level");
    return byKey(rows, ({ depth }) => String(depth));
  },
  inUse: async () => new Set(),
  remove: async () => 0,
  restore: async (sql, rows) => {
    for (const { was } of rows)
      await sql.run("UPDATE region_level SET name = ? WHERE depth = ?", [was.name, was.depth]);
  },
  pins: () => undefined,
};

/** How leaves are taken back: one made is cancelled, which is how anybody takes a leave back. */
export const undoLeaves: UndoKind<StoredLeave> = {
  kind: "leaves",
  load: async (sql, logged) => {
    const guides = [...new Set(keysOf(logged).map((key) => Number(key.split(" ")[0])))];
    const head = `SELECT guide_id AS guideId, from_on AS fromOn, to_on AS toOn, deputy_id AS deputyId, cancelled
      FROM guide_leave WHERE guide_id IN`;
    return byKey(await selectIn<StoredLeave>(sql, head, guides), leaveKey);
  },
  inUse: async () => new Set(),
  remove: async (sql, rows, undoing) => {
    for (const row of rows) await putLeave(sql, { ...row, cancelled: 1 }, undoing);
    return 0;
  },
  restore: async (sql, rows, undoing) => {
    for (const { was } of rows) await putLeave(sql, was, undoing);
  },
  pins: (row, undoing) => pin(undoing, "guides", row.guideId),
};

const leaveKey = ({ guideId, fromOn }: StoredLeave) => `${guideId} ${fromOn}`;

async function putLeave(sql: Sql, leave: StoredLeave, { by, today }: Undoing): Promise<void> {
  await sql.run(
    `UPDATE guide_leave SET to_on = ?, deputy_id = ?, cancelled = ?, settled = 0, said_by = ?, said_on = ?
     WHERE guide_id = ? AND from_on = ?`,
    [leave.toOn, leave.deputyId, leave.cancelled, by.slice(0, 64), today, leave.guideId, leave.fromOn],
  );
}

interface Use {
  sql: string;
  withRun?: true;
}

function inUseBy<T extends { id: number }>(
  kind: "guides" | "stores" | "regions",
  uses: readonly Use[],
): UndoKind<T>["inUse"] {
  return async (sql, rows, { runId, pinned }) => {
    const used = new Set(pinned.get(kind));
    const ids = [...rows.values()].map(({ id }) => id);
    for (const { sql: head, withRun } of uses) {
      const params: Param[] = withRun ? [runId] : [];
      for (const { id } of await selectIn<{ id: number }>(sql, head, ids, { params })) used.add(id);
    }
    return new Set([...rows].filter(([, { id }]) => used.has(id)).map(([key]) => key));
  };
}

async function removeAll(sql: Sql, table: string, column: string, ids: readonly number[]): Promise<number> {
  await sql.run(`DELETE FROM ${table} WHERE ${column} IN (${marks(ids.length)})`, ids);
  return 0;
}

function byKey<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

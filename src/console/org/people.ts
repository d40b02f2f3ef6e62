// What the organisation's pages read of one store and of one guide.
import type { Viewer } from "../../identity/viewer.js";
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { leavesOn } from "../../org/leaves.js";
import { loadTree } from "../../org/queries.js";
import { IN_SIGHT, sightOf } from "../../org/sight.js";
import type { RegionNode } from "../../org/tree.js";
import { openTasksOf } from "../../tasks/leave-preview.js";

export interface GuideLine {
  id: number;
  userid: string;
  name: string;
  joinedOn: ShopDay | null;
  leftOn: ShopDay | null;
  isAway: boolean;
  customers: number;
}

/** A code by which customers come to a store. */
export interface CodeLine {
  id: number;
  campaign: string;
  state: string;
  hasPicture: boolean;
  error: string | null;
}

export interface StoreView {
  id: number;
  code: string;
  name: string;
  path: RegionNode[];
  guides: GuideLine[];
  codes: CodeLine[];
}

/** A store with its guides. Raises `not_found` outside of the viewer's sight. */
export async function storeView(sql: Sql, viewer: Viewer, id: number, today: ShopDay): Promise<StoreView> {
  const sight = sightOf(viewer);
  const store = await sql.row<{ id: number; code: string; name: string; regionId: number }>(
    `SELECT s.id, s.code, s.name, s.region_id AS regionId FROM store s JOIN region r ON r.id = s.region_id
     WHERE s.id = ? AND ${sight.sql}`,
    [id, ...sight.params],
  );
  if (!store) throw new Refusal("not_found", "没有找到这家门店。");
  const tree = await loadTree(sql);
  const { regionId, ...own } = store;
  const guides = await sql.rows<Omit<GuideLine, "isAway" | "customers">>(
    `SELECT id, userid, name, joined_on AS joinedOn, left_on AS leftOn FROM guide WHERE store_id = ?
     ORDER BY CASE WHEN left_on IS NULL OR left_on > ? THEN 0 ELSE 1 END, userid`,
    [id, today],
  );
  const away = await leavesOn(sql, today);
  const owned = await customersOf(
    sql,
    guides.map((guide) => guide.id),
  );
  return {
    ...own,
    path: seenFrom(viewer, pathOf(tree, regionId)),
    guides: guides.map((guide) => ({
      ...{ ...guide, isAway: away.has(guide.id), customers: owned.get(guide.id) ?? 0 },
    })),
    codes: await codesOf(sql, id),
  };
}

export interface GuideView extends GuideLine {
  storeId: number;
  storeCode: string;
  storeName: string;
  path: RegionNode[];
  successor: { id: number; userid: string; name: string } | null;
  /** open tasks by state */
  open: Awaited<ReturnType<typeof openTasksOf>>;
  /** how far hand-overs of the guide's customers in the chat system are, by state */
  transfers: { state: string; n: number }[];
  codes: CodeLine[];
  /** who works in the same store, with us still */
  colleagues: { userid: string; name: string }[];
}

/** A guide. Raises `not_found` outside of the viewer's sight. */
export async function guideView(sql: Sql, viewer: Viewer, id: number, today: ShopDay): Promise<GuideView> {
  const sight = sightOf(viewer);
  type Row = Omit<GuideLine, "isAway" | "customers"> & {
    storeId: number;
    storeCode: string;
    storeName: string;
    regionId: number;
    successorId: number | null;
  };
  const row = await sql.row<Row>(
    `SELECT g.id, g.userid, g.name, g.joined_on AS joinedOn, g.left_on AS leftOn, g.successor_id AS successorId,
       s.id AS storeId, s.code AS storeCode, s.name AS storeName, s.region_id AS regionId
     ${IN_SIGHT} WHERE g.id = ? AND ${sight.sql}`,
    [id, ...sight.params],
  );
  if (!row) throw new Refusal("not_found", "没有找到这位导购。");
  const { regionId, successorId, ...own } = row;
  const tree = await loadTree(sql);
  const successor = successorId === null ? undefined : await guideOf(sql, successorId);
  return {
    ...own,
    path: seenFrom(viewer, pathOf(tree, regionId)),
    ...{ isAway: (await leavesOn(sql, today)).has(id), successor: successor ?? null },
    customers: (await customersOf(sql, [id])).get(id) ?? 0,
    open: await openTasksOf(sql, id, today),
    transfers: await transfersFrom(sql, id),
    codes: await codesOf(sql, row.storeId),
    colleagues: await sql.rows<{ userid: string; name: string }>(
      `SELECT userid, name FROM guide WHERE store_id = ? AND id <> ? AND (left_on IS NULL OR left_on > ?)
       ORDER BY userid LIMIT 50`,
      [row.storeId, id, today],
    ),
  };
}

/** The name of a guide, whoever may see them. */
export function guideOf(
  sql: Sql,
  id: number,
): Promise<{ id: number; userid: string; name: string } | undefined> {
  return sql.row("SELECT id, userid, name FROM guide WHERE id = ?", [id]);
}

/** Names of guides by id. */
export async function guideNames(sql: Sql, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await selectIn<{ id: number; name: string }>(
    sql,
    "SELECT id, name FROM guide WHERE id IN",
    ids,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Customers counted at this moment: of few guides that is quick. */
async function customersOf(sql: Sql, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await selectIn<{ id: number; n: number }>(
    sql,
    "SELECT guide_id AS id, COUNT(*) AS n FROM customer WHERE guide_id IN",
    ids,
    { tail: " GROUP BY guide_id" },
  );
  return new Map(rows.map(({ id, n }) => [id, Number(n)]));
}

async function transfersFrom(sql: Sql, guideId: number): Promise<{ state: string; n: number }[]> {
  const rows = await sql.rows<{ state: string; n: number }>(
    "SELECT state, COUNT(*) AS n FROM contact_transfer WHERE from_guide_id = ? GROUP BY state",
    [guideId],
  );
  return rows.map(({ state, n }) => ({ state, n: Number(n) }));
}

async function codesOf(sql: Sql, storeId: number): Promise<CodeLine[]> {
  const rows = await sql.rows<Omit<CodeLine, "hasPicture"> & { picture: string | null }>(
    `SELECT id, campaign, state, picture, error FROM contact_way
     WHERE store_id = ? AND removed_at IS NULL ORDER BY campaign`,
    [storeId],
  );
  return rows.map(({ picture, ...row }) => ({ ...row, hasPicture: picture !== null }));
}

type Tree = Awaited<ReturnType<typeof loadTree>>;

function pathOf(tree: Tree, regionId: number): RegionNode[] {
  return tree.ancestors(regionId).flatMap((one) => tree.node(one) ?? []);
}

/** Managers know their own region and what is below it; of a store's keeper nothing above the store is a link. */
function seenFrom(viewer: Viewer, path: RegionNode[]): RegionNode[] {
  if (viewer.role === "store_manager") return [];
  if (viewer.role !== "manager") return path;
  return path.slice(path.findIndex(({ id }) => id === viewer.regionId));
}

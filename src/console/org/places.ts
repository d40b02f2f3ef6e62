// What the organisation's pages read of regions and stores, each within the viewer's sight.
import { countedAt } from "../../customers/guide-counts.js";
import type { Viewer } from "../../identity/viewer.js";
import { grouped, selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { leavesOn } from "../../org/leaves.js";
import { loadTree } from "../../org/queries.js";
import { IN_SIGHT, sightOf } from "../../org/sight.js";
import type { OrgTree, RegionNode } from "../../org/tree.js";

/** What lies in a place. */
export interface PlaceCounts {
  stores: number;
  guides: number;
  onLeave: number;
  /** as they were counted last: a region's by where its guides stood then */
  customers: number;
}

export interface RegionLine extends PlaceCounts {
  id: number;
  name: string;
  /** what regions of its level are called */
  level: string;
}

export interface StoreLine {
  id: number;
  code: string;
  name: string;
  region: string;
  guides: number;
  onLeave: number;
  customers: number;
}

/** One place of the tree with what lies in it. */
export interface RegionView {
  /** from what the viewer sees down to here; empty: the whole brand */
  path: RegionNode[];
  here: PlaceCounts;
  regions: RegionLine[];
  stores: StoreLine[];
  page: number;
  pages: number;
  /** when customers were counted, epoch ms */
  countedAt: number | undefined;
}

const PAGE = 50;
const NOTHING: PlaceCounts = { stores: 0, guides: 0, onLeave: 0, customers: 0 };

/** A region, or the root of what the viewer sees. Raises `not_found` outside of it. */
export async function regionView(
  sql: Sql,
  viewer: Viewer,
  { id, page }: { id?: number | undefined; page: number },
  today: ShopDay,
): Promise<RegionView> {
  const tree = await loadTree(sql);
  const root = viewer.role === "manager" ? (viewer.regionId ?? 0) : undefined;
  const at = id ?? root;
  if (at !== undefined && (!tree.node(at) || (root !== undefined && !tree.ancestors(at).includes(root))))
    throw new Refusal("not_found", "没有找到这个区域。");
  const areas = at === undefined ? undefined : tree.subtree(at);
  const [away, counts, first, counted] = await Promise.all([
    awayOn(sql, today),
    countsByRegion(sql, areas, today),
    storesIn(sql, areas, page),
    countedAt(sql),
  ]);
  for (const { regionId } of away) addTo(counts, regionId, { ...NOTHING, onLeave: 1 });
  const below = (region: number) =>
    tree.subtree(region).reduce((sum, one) => plus(sum, counts.get(one)), NOTHING);
  const children = tree.children(at ?? 0);
  const regions = children.map((node) => lineOf(tree, node, below(node.id)));
  const here = at === undefined ? regions.reduce(plus, NOTHING) : below(at);
  const pages = Math.max(1, Math.ceil(here.stores / PAGE));
  const path = at === undefined ? [] : tree.ancestors(at).map((one) => tree.node(one) as RegionNode);
  const from = root === undefined ? 0 : path.findIndex((node) => node.id === root);
  return {
    ...{ path: path.slice(from), here, regions, page: Math.min(page, pages), pages },
    stores: await storeLines(
      sql,
      tree,
      page <= pages ? first : await storesIn(sql, areas, pages),
      today,
      away,
    ),
    countedAt: counted,
  };
}

function lineOf(tree: OrgTree, node: RegionNode, counts: PlaceCounts): RegionLine {
  return { id: node.id, name: node.name, level: tree.levels[node.depth] ?? "", ...counts };
}

function plus(sum: PlaceCounts, more: PlaceCounts = NOTHING): PlaceCounts {
  return {
    stores: sum.stores + more.stores,
    guides: sum.guides + more.guides,
    onLeave: sum.onLeave + more.onLeave,
    customers: sum.customers + more.customers,
  };
}

/** What hangs on each region itself, of these or of all, without who is on leave. */
async function countsByRegion(
  sql: Sql,
  areas: readonly number[] | undefined,
  today: ShopDay,
): Promise<Map<number, PlaceCounts>> {
  const { text, params } = among("s.region_id", areas);
  const [stores, guides, customers] = await Promise.all([
    sql.rows<{ id: number; n: number }>(
      `SELECT s.region_id AS id, COUNT(*) AS n FROM store s WHERE ${text} GROUP BY s.region_id`,
      params,
    ),
    sql.rows<{ id: number; n: number }>(
      `SELECT s.region_id AS id, SUM(CASE WHEN g.left_on IS NULL OR g.left_on > ? THEN 1 ELSE 0 END) AS n
       FROM guide g JOIN store s ON s.id = g.store_id WHERE ${text} GROUP BY s.region_id`,
      [today, ...params],
    ),
    sql.rows<{ id: number; n: number }>("SELECT region_id AS id, customers AS n FROM region_count"),
  ]);
  const counts = new Map<number, PlaceCounts>();
  for (const { id, n } of stores) addTo(counts, id, { ...NOTHING, stores: Number(n) });
  for (const { id, n } of guides) addTo(counts, id, { ...NOTHING, guides: Number(n) });
  for (const { id, n } of customers) addTo(counts, id, { ...NOTHING, customers: Number(n) });
  return counts;
}

function addTo(counts: Map<number, PlaceCounts>, region: number, more: PlaceCounts): void {
  counts.set(region, plus(counts.get(region) ?? NOTHING, more));
}

interface Away {
  guideId: number;
  storeId: number;
  regionId: number;
}

/** Guides on leave on a day, with their place. */
async function awayOn(sql: Sql, today: ShopDay): Promise<Away[]> {
  return selectIn<Away>(
    sql,
    `SELECT g.id AS guideId, g.store_id AS storeId, s.region_id AS regionId FROM guide g
     JOIN store s ON s.id = g.store_id WHERE g.id IN`,
    [...(await leavesOn(sql, today)).keys()],
  );
}

interface StoreRow {
  id: number;
  code: string;
  name: string;
  regionId: number;
}

/** The stores of some areas (undefined: of the brand), a page of them. */
function storesIn(sql: Sql, areas: readonly number[] | undefined, page: number): Promise<StoreRow[]> {
  const { text, params } = among("s.region_id", areas);
  return sql.rows<StoreRow>(
    `SELECT s.id, s.code, s.name, s.region_id AS regionId FROM store s
     WHERE ${text} ORDER BY s.code LIMIT ${PAGE} OFFSET ${(page - 1) * PAGE}`,
    params,
  );
}

/** A column among these, or anything. */
function among(column: string, ids: readonly number[] | undefined): { text: string; params: Param[] } {
  return ids
    ? { text: `${column} IN (${marks(ids.length) || "0"})`, params: [...ids] }
    : { text: "1 = 1", params: [] };
}

/** Stores with their figures. `away`: who is on leave, where that is known already. */
export async function storeLines(
  sql: Sql,
  tree: OrgTree,
  stores: readonly StoreRow[],
  today: ShopDay,
  away?: readonly Away[],
): Promise<StoreLine[]> {
  const counts = await selectIn<{ id: number; guides: number; customers: number }>(
    sql,
    `SELECT g.store_id AS id, SUM(CASE WHEN g.left_on IS NULL OR g.left_on > ? THEN 1 ELSE 0 END) AS guides,
       SUM(COALESCE(n.customers, 0)) AS customers
     FROM guide g LEFT JOIN guide_count n ON n.guide_id = g.id WHERE g.store_id IN`,
    stores.map(({ id }) => id),
    { params: [today], tail: " GROUP BY g.store_id" },
  );
  const awayFrom = grouped(away ?? (await awayOn(sql, today)), ({ storeId }) => storeId);
  return stores.map(({ id, code, name, regionId }) => {
    const { guides = 0, customers = 0 } = counts.find((one) => one.id === id) ?? {};
    return {
      ...{ id, code, name, region: tree.pathName(regionId) },
      ...{ guides: Number(guides), customers: Number(customers), onLeave: awayFrom.get(id)?.length ?? 0 },
    };
  });
}

/** A guide or store found by what somebody typed. */
export interface Found {
  stores: StoreRow[];
  guides: { id: number; userid: string; name: string; storeName: string; leftOn: ShopDay | null }[];
}

const FOUND = 30;

/** Stores and guides whose name, code or account holds a text, within the viewer's sight. */
export async function searchPlaces(sql: Sql, viewer: Viewer, text: string): Promise<Found> {
  const sight = sightOf(viewer);
  const like = `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
  // MySQL takes the backslash by itself
  const marked = sql.dialect.name === "sqlite" ? " ESCAPE '\\'" : "";
  const holds = (column: string) => `${column} LIKE ?${marked}`;
  const stores = await sql.rows<Found["stores"][number]>(
    `SELECT s.id, s.code, s.name, s.region_id AS regionId FROM store s JOIN region r ON r.id = s.region_id
     WHERE (${holds("s.name")} OR ${holds("s.code")}) AND ${sight.sql} ORDER BY s.code LIMIT ${FOUND}`,
    [like, like, ...sight.params],
  );
  const guides = await sql.rows<Found["guides"][number]>(
    `SELECT g.id, g.userid, g.name, s.name AS storeName, g.left_on AS leftOn ${IN_SIGHT}
     WHERE (${holds("g.name")} OR ${holds("g.userid")}) AND ${sight.sql} ORDER BY g.userid LIMIT ${FOUND}`,
    [like, like, ...sight.params],
  );
  return { stores, guides };
}

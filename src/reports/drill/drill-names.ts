// Names for the lines behind a figure; a customer who is somebody else's now is named to nobody outside their reach.
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import type { OrgTree } from "../../org/tree.js";
import { namesOf, touchpointNames } from "../queries.js";
import { contains, type Place } from "../scope.js";
import type { DrillRow } from "./drill-rows.js";

/** A line with names. */
export interface DrillLine extends DrillRow {
  /** masked for who may not see this customer now; "" for one who was erased */
  customer: string;
  guideName: string;
  storeName: string;
  touchpoint: string;
}

/** The lines with their names, for somebody who sees no further than `root`. */
export async function named(
  sql: Sql,
  tree: OrgTree,
  root: Place,
  rows: readonly DrillRow[],
): Promise<DrillLine[]> {
  const idsOf = (key: "guide" | "store") => [...new Set(rows.map((row) => row[key]))];
  const guides = await namesOf(sql, "guide", idsOf("guide"));
  const stores = await namesOf(sql, "store", idsOf("store"));
  const touchpoints = await touchpointNames(sql);
  const customers = await customersOf(sql, tree, root, [...new Set(rows.map((row) => row.customerId))]);
  return rows.map((row) => ({
    ...row,
    customer: customers.get(row.customerId) ?? "",
    guideName: guides.get(row.guide) ?? "",
    storeName: stores.get(row.store) ?? "",
    touchpoint: touchpoints.get(row.touchpointId) ?? "",
  }));
}

/** Customers' names as somebody may read them. */
export async function customersOf(
  sql: Sql,
  tree: OrgTree,
  root: Place,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const found = await selectIn<{
    id: number;
    name: string;
    guideId: number | null;
    guideName: string | null;
    storeId: number | null;
    regionId: number | null;
  }>(
    sql,
    `SELECT c.id, c.name, c.guide_id AS guideId, g.name AS guideName, g.store_id AS storeId, s.region_id AS regionId
     FROM customer c LEFT JOIN guide g ON g.id = c.guide_id LEFT JOIN store s ON s.id = g.store_id WHERE c.id IN`,
    ids,
  );
  return new Map(
    found.map(({ id, name, guideId, guideName, storeId, regionId }) => {
      const owner: Place = {
        ...{ kind: "guide", id: guideId ?? 0, storeId: storeId ?? 0, regionId: regionId ?? 0 },
        name: guideName ?? "",
      };
      return [id, contains(tree, root, owner) ? name : maskedName(name)];
    }),
  );
}

/** 糖糖妈 → 糖**: enough to tell lines apart, not whom they are about. */
function maskedName(name: string): string {
  const [first] = [...name];
  return first === undefined ? "" : `${first}**`;
}

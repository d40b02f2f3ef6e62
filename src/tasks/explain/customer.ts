// The customer a timeline is of, found by whoever may see them.
import type { Viewer } from "../../identity/viewer.js";
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { trailIds } from "../../org/tree.js";

export interface ExplainedCustomer {
  id: number;
  externalUserid: string;
  name: string;
  guideId: number | null;
  guideName: string | null;
  /** from when the owner is gone with nobody named who takes over */
  guideLeftOn: ShopDay | null;
  optedOut: boolean;
  stopped: boolean;
  bucket: number;
  quietThrough: ShopDay | null;
  joinedOn: ShopDay | null;
  /** names by child number */
  children: ReadonlyMap<number, string | null>;
}

type Row = Omit<ExplainedCustomer, "children" | "optedOut" | "stopped"> & {
  optedOut: number;
  stopped: number;
};

/** The customer of an external_userid, or whom that customer turned out to be. Raises `not_found`. */
export async function findCustomer(sql: Sql, externalUserid: string): Promise<ExplainedCustomer> {
  const row = await sql.row<Row>(
    `SELECT c.id, c.external_userid AS externalUserid, c.name, c.guide_id AS guideId, g.name AS guideName,
       c.opted_out AS optedOut, c.stopped,
       c.bucket, c.quiet_through AS quietThrough, c.joined_on AS joinedOn,
       CASE WHEN s.id IS NULL THEN g.left_on END AS guideLeftOn FROM customer c LEFT JOIN guide g ON g.id = c.guide_id
       LEFT JOIN guide s ON s.id = g.successor_id AND s.left_on IS NULL
     WHERE c.id = (SELECT COALESCE(o.merged_into, o.id) FROM customer o WHERE o.external_userid = ?)`,
    [externalUserid],
  );
  if (!row) throw new Refusal("not_found", "没有这位客户。");
  const children = await sql.rows<{ childNo: number; name: string | null }>(
    "SELECT child_no AS childNo, name FROM child WHERE customer_id = ?",
    [row.id],
  );
  return {
    ...{ ...row, optedOut: row.optedOut === 1, stopped: row.stopped === 1 },
    children: new Map(children.map(({ childNo, name }) => [childNo, name])),
  };
}

/** Whether a viewer may see a customer: HQ all; others those whose owner, or a contact, is theirs. */
export async function isInSight(sql: Sql, viewer: Viewer, { id, guideId }: Pick<Row, "id" | "guideId">) {
  if (viewer.role === "hq") return true;
  const people = await sql.rows<{ id: number; storeId: number; trail: string }>(
    `SELECT g.id, g.store_id AS storeId, r.trail FROM guide g JOIN store s ON s.id = g.store_id
       JOIN region r ON r.id = s.region_id
     WHERE g.id = ? OR g.id IN (SELECT guide_id FROM contact WHERE customer_id = ? AND ended_on IS NULL)`,
    [guideId ?? 0, id],
  );
  return people.some(({ id: guide, storeId, trail }) => {
    if (viewer.role === "guide") return guide === viewer.guideId;
    if (viewer.role === "store_manager") return storeId === viewer.storeId;
    return trailIds(trail).includes(viewer.regionId ?? 0);
  });
}

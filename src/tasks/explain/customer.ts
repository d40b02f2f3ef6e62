// The customer a timeline is of.
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";

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

// Writes leaves by guide and first day.
import { insertRows, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import {
  given,
  type Keep,
  keptChanges,
  overlay,
  type Placed,
  type RowOutcome,
  unknownKey,
} from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Fault } from "../kernel/refusals.js";
import { guideIds } from "./queries.js";
import type { LeaveRow } from "./tables.js";

/** Who says so, and when. */
export interface Saying {
  /** `import`, `system`, `account:3` */
  by: string;
  today: ShopDay;
  keep?: Keep | undefined;
}

/** A leave as stored. */
export interface StoredLeave {
  guideId: number;
  fromOn: ShopDay;
  toOn: ShopDay;
  deputyId: number | null;
  cancelled: number;
}

/** Upserts leaves. One of a guide or deputy we do not know, or that ends before it begins, is refused. What deputies
 *  have been given is looked at again after every change. */
export async function writeLeaves(
  sql: Sql,
  rows: readonly Placed<LeaveRow>[],
  { by, today, keep }: Saying,
): Promise<RowOutcome[]> {
  const ids = await guideIds(sql, [
    ...new Set(rows.flatMap(({ row }) => [row.userid, row.deputyUserid ?? []].flat())),
  ]);
  const found = await selectIn<StoredLeave>(
    sql,
    `SELECT guide_id AS guideId, from_on AS fromOn, to_on AS toOn, deputy_id AS deputyId, cancelled
     FROM guide_leave WHERE guide_id IN`,
    [...ids.values()],
    { tail: sql.dialect.forUpdate },
  );
  const stored = new Map(found.map((leave) => [`${leave.guideId} ${leave.fromOn}`, leave]));
  const { outcomes, written } = overlay(
    rows,
    stored,
    ({ userid, fromOn }) => `${ids.get(userid)} ${fromOn}`,
    (placed, before) => laidOver(placed, before, ids),
  );
  const after = [...written.values()].map(({ after: leave }) => [
    ...[leave.guideId, leave.fromOn, leave.toOn, leave.deputyId, leave.cancelled, 0, by, today],
  ]);
  await insertRows(
    sql,
    "INSERT INTO guide_leave (guide_id, from_on, to_on, deputy_id, cancelled, settled, said_by, said_on)",
    after,
    sql.dialect.onConflict(
      ["guide_id", "from_on"],
      ["to_on", "deputy_id", "cancelled", "settled", "said_by", "said_on"],
    ),
  );
  await keep?.(
    sql,
    "leaves",
    keptChanges(written, ({ guideId, fromOn }) => `${guideId} ${fromOn}`),
  );
  return outcomes;
}

function laidOver(
  placed: Placed<LeaveRow>,
  before: StoredLeave | undefined,
  ids: ReadonlyMap<string, number>,
): StoredLeave | Fault[] {
  const { row, where, line } = placed;
  const guideId = ids.get(row.userid);
  if (guideId === undefined) return [unknownKey(placed, "guide_userid", row.userid, "the userid of a guide")];
  if (row.toOn < row.fromOn)
    return [{ where, line, field: "to_on", value: row.toOn, expected: `${row.fromOn} or a later day` }];
  const userid = row.deputyUserid;
  const deputyId = typeof userid === "string" ? ids.get(userid) : userid;
  if (userid && (deputyId === undefined || deputyId === guideId))
    return [unknownKey(placed, "deputy_userid", userid, "the userid of another guide")];
  return {
    ...{ guideId, fromOn: row.fromOn, toOn: row.toOn },
    deputyId: given(deputyId, before?.deputyId),
    cancelled: given(row.cancelled, before?.cancelled) ?? 0,
  };
}

// Hand-overs of customers as other systems tell them, and the customers of guides who have left.
import { setImmediate as turn } from "node:timers/promises";
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";
import {
  type KeptChange,
  type Placed,
  type RowOutcome,
  type RowStatus,
  unknownKey,
} from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import { guideIds } from "../org/queries.js";
import { customerIds } from "./queries.js";
import type { TransferRow } from "./tables.js";
import { declineTransfer, handOverTo, type Owned } from "./transfers.js";
import type { Writing } from "./writing.js";

/** A customer with their owner and the last hand-over there was. */
interface Known extends Owned {
  ownerLeftOn: ShopDay | null;
  fromGuideId: number | null;
  toGuideId: number | null;
  fromLeftOn: ShopDay | null;
  declined: number | null;
}

/** Where a customer goes: to a guide, to nobody, or they stay. */
type Way = { to: number } | "nobody" | "stays";

/** Writes what became of hand-overs. Accepted: the guide named owns the customer. Declined: the guide before has them
 *  again, or nobody when that one has left. The same again changes nothing. */
export async function writeTransfers(
  sql: Sql,
  rows: readonly Placed<TransferRow>[],
  { today, keep }: Writing,
): Promise<RowOutcome[]> {
  const ids = await customerIds(
    sql,
    rows.map(({ row }) => row.externalUserid),
  );
  const guides = await guideIds(sql, [...new Set(rows.flatMap(({ row }) => row.guideUserid ?? []))]);
  const known = new Map((await knownOf(sql, [...ids.values()])).map((one) => [one.id, one]));
  const ways = new Map<Known, Way>();
  const outcomes = rows.map((placed): RowOutcome => {
    const { externalUserid, guideUserid, outcome } = placed.row;
    const customer = known.get(ids.get(externalUserid) ?? 0);
    if (!customer) return refused(placed, "external_userid", externalUserid, "a customer");
    const guideId = guides.get(guideUserid ?? "");
    if (outcome === "accepted" && guideId === undefined)
      return refused(placed, "guide_userid", guideUserid ?? "", "the userid of a guide");
    const way = outcome === "declined" ? declinedWay(customer, today) : { to: guideId as number };
    ways.set(customer, way);
    return { status: statusOf(customer, way), faults: [] };
  });
  if (keep) await keep(sql, "transfers", keptMoves(rows, ids, ways));
  await carryOut(sql, ways, today);
  return outcomes;
}

/** Customers who change hands, by their external id: whose they were, and whose they will be. */
function keptMoves(
  rows: readonly Placed<TransferRow>[],
  ids: ReadonlyMap<string, number>,
  ways: ReadonlyMap<Known, Way>,
): KeptChange[] {
  const moved = new Map([...ways].map(([customer, way]) => [customer.id, { customer, way }]));
  const names = [...new Set(rows.map(({ row }) => row.externalUserid))];
  return names.flatMap((key): KeptChange[] => {
    const one = moved.get(ids.get(key) ?? 0);
    if (!one || statusOf(one.customer, one.way) === "unchanged") return [];
    const { id, guideId } = one.customer;
    const to = typeof one.way === "object" ? one.way.to : null;
    return [{ key, customerId: id, before: { guideId }, after: { guideId: to } }];
  });
}

function statusOf({ guideId }: Known, way: Way): RowStatus {
  return way === "stays" || (way !== "nobody" && way.to === guideId) ? "unchanged" : "changed";
}

function declinedWay(customer: Known, today: ShopDay): Way {
  const { guideId, ownerLeftOn, fromGuideId, toGuideId, fromLeftOn } = customer;
  const isGone = (leftOn: ShopDay | null) => leftOn !== null && leftOn <= today;
  if (guideId === null) return customer.declined === 1 ? "stays" : "nobody";
  if (guideId === toGuideId && fromGuideId !== null && !isGone(fromLeftOn)) return { to: fromGuideId };
  return guideId === toGuideId || isGone(ownerLeftOn) ? "nobody" : "stays";
}

async function carryOut(sql: Sql, ways: ReadonlyMap<Known, Way>, today: ShopDay): Promise<void> {
  const moving = [...ways].filter(([, way]) => way !== "stays");
  for (const [to, group] of grouped(moving, ([, way]) => (typeof way === "object" ? way.to : null))) {
    const customers = group.map(([customer]) => customer);
    if (to === null) await declineTransfer(sql, customers, today);
    else await handOverTo(sql, customers, to, today);
  }
}

function knownOf(sql: Sql, ids: readonly number[]): Promise<Known[]> {
  return selectIn<Known>(
    sql,
    `SELECT c.id, c.guide_id AS guideId, g.left_on AS ownerLeftOn, t.from_guide_id AS fromGuideId,
       t.to_guide_id AS toGuideId, f.left_on AS fromLeftOn, t.declined
     FROM customer c LEFT JOIN guide g ON g.id = c.guide_id LEFT JOIN transfer t ON t.customer_id = c.id
       LEFT JOIN guide f ON f.id = t.from_guide_id WHERE c.id IN`,
    [...ids],
  );
}

function refused(placed: Placed<unknown>, field: string, value: string, what: string): RowOutcome {
  return { status: "refused", faults: [unknownKey(placed, field, value, what)] };
}

/** Customers handed over in one transaction. */
const PIECE = 200;

/** Hands the customers of guides who have left to those named to take them, as long as these are with us; gives how
 *  many. Doing it again changes nothing. */
export async function handOverLeavers(store: Store, today: ShopDay): Promise<number> {
  for (let sum = 0; ; ) {
    const count = await store.write(async (sql) => {
      const rows = await sql.rows<Owned & { successorId: number }>(
        `SELECT c.id, c.guide_id AS guideId, g.successor_id AS successorId
         FROM guide g JOIN customer c ON c.guide_id = g.id JOIN guide s ON s.id = g.successor_id
         WHERE g.left_on <= ? AND (s.left_on IS NULL OR s.left_on > ?) LIMIT ${PIECE}`,
        [today, today],
      );
      for (const [successor, group] of grouped(rows, ({ successorId }) => successorId))
        await handOverTo(sql, group, successor, today);
      return rows.length;
    });
    sum += count;
    if (count < PIECE) return sum;
    await turn();
  }
}

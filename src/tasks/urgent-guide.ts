// Who deals with an urgent reply: the one written to, else who is there for the customer today.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { leavesOn } from "../org/leaves.js";

/** Whose message, and to whom. */
interface Written {
  customerId: number;
  guideId: number;
}

interface Person {
  id: number;
  /** 1: the friendship is over */
  ended: number;
  beganOn: ShopDay | null;
}

/** The guide for it; null when the customer has nobody. One on leave comes last: better late than never. */
export async function guideFor(
  sql: Sql,
  { customerId, guideId }: Written,
  today: ShopDay,
): Promise<number | null> {
  const customer = await sql.row<{ ownerId: number | null }>(
    "SELECT guide_id AS ownerId FROM customer WHERE id = ?",
    [customerId],
  );
  const ownerId = customer?.ownerId ?? null;
  const people = await sql.rows<Person>(
    `SELECT g.id, CASE WHEN k.ended_on IS NULL THEN 0 ELSE 1 END AS ended, k.began_on AS beganOn
     FROM guide g LEFT JOIN contact k ON k.guide_id = g.id AND k.customer_id = ?
     WHERE (g.left_on IS NULL OR g.left_on > ?)
       AND (g.id IN (?, ?) OR g.id IN (SELECT o.guide_id FROM contact o WHERE o.customer_id = ?))`,
    [customerId, today, guideId, ownerId ?? guideId, customerId],
  );
  const leaves = await leavesOn(sql, today);
  const deputy = ownerId === null ? null : (leaves.get(ownerId) ?? null);
  const rank = ({ id }: Person) => [guideId, ownerId, deputy, id].indexOf(id) + (leaves.has(id) ? 10 : 0);
  const latest = ({ beganOn }: Person) => beganOn ?? "";
  const [first] = people
    .filter(({ ended }) => ended === 0)
    .sort((a, b) => rank(a) - rank(b) || (latest(a) > latest(b) ? -1 : 1));
  return first?.id ?? null;
}

// Keeps newcomers' first fourteen days right: who came when and where, what they said, and its sums by region.
import { insertRows, selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Sql, Store } from "../../infra/store.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import { loadTree } from "../../org/queries.js";
import type { OrgTree } from "../../org/tree.js";

/** Days whose messages count, the day of joining included. */
export const FIRST_DAYS = 14;

const SPOKEN = `(SELECT COUNT(*) FROM message m WHERE m.customer_id = newcomer.customer_id AND m.sender = 'customer'
  AND m.recalled = 0 AND m.sent_on BETWEEN newcomer.joined_on AND newcomer.last_on)`;

/** Counts anew the newcomers who wrote to these guides on a day; part of the transaction that works off its marks. */
export async function recountNewcomers(sql: Sql, day: ShopDay, guides: readonly number[]): Promise<void> {
  const rows = await sql.rows<{ id: number }>(
    `SELECT DISTINCT n.customer_id AS id FROM message m JOIN newcomer n ON n.customer_id = m.customer_id
     WHERE m.sent_on = ? AND m.guide_id IN (${marks(guides.length)}) AND m.sender = 'customer'
       AND n.joined_on <= ? AND n.last_on >= ?`,
    [day, ...guides, day, day],
  );
  await recount(
    sql,
    rows.map(({ id }) => id),
  );
}

/** Counts these newcomers' messages anew and marks their days. */
export async function recount(sql: Sql, customers: readonly number[]): Promise<void> {
  if (customers.length === 0) return;
  const ids = [...customers].sort((a, b) => a - b);
  const these = `customer_id IN (${marks(ids.length)})`;
  // most stand right: a row written costs its indexes too
  await sql.run(`UPDATE newcomer SET messages = ${SPOKEN} WHERE ${these} AND messages <> ${SPOKEN}`, ids);
  const days = await sql.rows<{ day: ShopDay }>(
    `SELECT DISTINCT joined_on AS day FROM newcomer WHERE ${these}`,
    ids,
  );
  await markDays(
    sql,
    days.map(({ day }) => day),
  );
}

/** These days of joining are to be summed anew. */
export async function markDays(sql: Sql, days: readonly ShopDay[]): Promise<void> {
  const once = [...new Set(days)].sort();
  await insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO newcomer_mark (joined_on)`,
    once.map((day) => [day]),
  );
}

/** Sums every marked day anew, one transaction a day; gives how many. */
export async function sumNewcomers(store: Store): Promise<number> {
  const days = await store.read.rows<{ day: ShopDay }>(
    "SELECT joined_on AS day FROM newcomer_mark ORDER BY joined_on DESC",
  );
  if (days.length === 0) return 0;
  const tree = await loadTree(store.read);
  for (const { day } of days)
    await store.write(async (sql) => {
      // first: who changes something of this day meanwhile waits here and marks it again
      await sql.run("DELETE FROM newcomer_mark WHERE joined_on = ?", [day]);
      await sumDay(sql, tree, day);
    });
  return days.length;
}

interface DaySum {
  newcomers: number;
  spoke: number;
  messages: number;
}

async function sumDay(sql: Sql, tree: OrgTree, day: ShopDay): Promise<void> {
  const rows = await sql.rows<DaySum & { regionId: number }>(
    `SELECT region_id AS regionId, COUNT(*) AS newcomers, SUM(CASE WHEN messages > 0 THEN 1 ELSE 0 END) AS spoke,
       SUM(messages) AS messages FROM newcomer WHERE joined_on = ? GROUP BY region_id`,
    [day],
  );
  const sums = new Map<number, DaySum>();
  for (const row of rows)
    for (const id of tree.node(row.regionId) ? tree.ancestors(row.regionId) : [row.regionId]) {
      const sum = sums.get(id) ?? { newcomers: 0, spoke: 0, messages: 0 };
      sum.newcomers += Number(row.newcomers);
      sum.spoke += Number(row.spoke);
      sum.messages += Number(row.messages);
      sums.set(id, sum);
    }
  await sql.run("DELETE FROM rollup_newcomer WHERE joined_on = ?", [day]);
  await insertRows(
    sql,
    "INSERT INTO rollup_newcomer (region_id, joined_on, newcomers, spoke, messages)",
    [...sums]
      .sort(([a], [b]) => a - b)
      .map(([id, { newcomers, spoke, messages }]) => [id, day, newcomers, spoke, messages]),
  );
}

/** A customer who came, and with whom. */
export interface Joined {
  id: number;
  joinedOn: ShopDay;
  guideId: number | null;
}

/** Writes newcomers down at the place where their guide stands now; those known already stay as they are. */
export async function addNewcomers(sql: Sql, joined: readonly Joined[]): Promise<void> {
  const guides = [...new Set(joined.flatMap(({ guideId }) => (guideId === null ? [] : [guideId])))];
  const places = await selectIn<{ id: number; storeId: number; regionId: number | null }>(
    sql,
    `SELECT g.id, g.store_id AS storeId, s.region_id AS regionId FROM guide g
     LEFT JOIN store s ON s.id = g.store_id WHERE g.id IN`,
    guides,
  );
  const placeOf = new Map(places.map((place) => [place.id, place]));
  await insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO newcomer (customer_id, joined_on, last_on, guide_id, store_id, region_id, messages)`,
    joined.map(({ id, joinedOn, guideId }) => {
      const place = placeOf.get(guideId ?? 0);
      return [
        ...[id, joinedOn, addDays(joinedOn, FIRST_DAYS - 1), guideId ?? 0],
        ...[place?.storeId ?? 0, place?.regionId ?? 0, 0],
      ];
    }),
  );
  await recount(
    sql,
    joined.map(({ id }) => id),
  );
}

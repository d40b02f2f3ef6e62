// Finds who came new, and what was learned of them later: another date of joining, two customers who are one person.
import { setImmediate as turn } from "node:timers/promises";
import { chunked } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Sql, Store } from "../../infra/store.js";
import { addDays, type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import {
  addNewcomers,
  FIRST_DAYS,
  type Joined,
  markDays,
  recount,
  sumNewcomers,
} from "./newcomer-counting.js";

export interface NewcomerParts {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
}

/** Days back in which the short pass looks for who came. */
const LATELY = 20;
/** Customers written down in one transaction, and read at once. */
const PIECE = 250;
const PAGE = 2_000;

/** With whom somebody came: their first contact, else their owner. */
const FIRST_GUIDE = `COALESCE((SELECT k.guide_id FROM contact k WHERE k.customer_id = a.customer_id
  ORDER BY CASE WHEN k.began_on IS NULL THEN 1 ELSE 0 END, k.began_on, k.guide_id LIMIT 1), a.guide_id)`;
const NEW = `a.child_no = 0 AND a.on_date IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM newcomer n WHERE n.customer_id = a.customer_id)`;
/** Where customers are looked at by their ids: COALESCE keeps SQLite from reading everybody's days by the key
 *  (kind, on_date) for each few of them. */
const JOINED = "COALESCE(a.kind, '') = 'joined'";

/** Writes down who came lately; gives how many. What is still to be summed is summed. */
export async function keepNewcomers({ store, world, zone }: NewcomerParts): Promise<number> {
  const today = shopDayOf(world.now(), zone);
  let added = 0;
  for (let back = 0; back <= LATELY; back++) {
    const rows = await store.read.rows<Joined>(
      `SELECT a.customer_id AS id, a.on_date AS joinedOn, ${FIRST_GUIDE} AS guideId FROM anchor a
       WHERE a.kind = 'joined' AND a.on_date = ? AND ${NEW}`,
      [addDays(today, -back)],
    );
    added += await addAll(store, rows);
    await turn();
  }
  await sumNewcomers(store);
  return added;
}

/** Looks at every customer: who was missed, who came on another day than was known, who is somebody else. Gives how many
 *  rows were put right. */
export async function checkNewcomers({ store }: Pick<NewcomerParts, "store">): Promise<number> {
  const last = await store.read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM customer");
  let righted = 0;
  for (let after = 0; after < (last?.id ?? 0); after += PAGE) {
    const upTo = after + PAGE;
    const rows = await store.read.rows<Joined>(
      `SELECT a.customer_id AS id, a.on_date AS joinedOn, ${FIRST_GUIDE} AS guideId FROM anchor a
       WHERE ${JOINED} AND ${NEW} AND a.customer_id > ? AND a.customer_id <= ?`,
      [after, upTo],
    );
    righted += await addAll(store, rows);
    righted += await store.write((sql) => rightDates(sql, after, upTo));
    righted += await store.write((sql) => dropMerged(sql, after, upTo));
    await turn();
  }
  await sumNewcomers(store);
  return righted;
}

/** Counts all newcomers' messages and sums anew, from nothing but who they are. */
export async function recountAllNewcomers(store: Store): Promise<void> {
  // those known first: whoever is found after them is counted as they are written down
  const last = await store.read.row<{ id: number | null }>("SELECT MAX(customer_id) AS id FROM newcomer");
  for (let after = 0; after < (last?.id ?? 0); after += PAGE) {
    const rows = await store.read.rows<{ id: number }>(
      "SELECT customer_id AS id FROM newcomer WHERE customer_id > ? AND customer_id <= ?",
      [after, after + PAGE],
    );
    for (const some of chunked(rows, PIECE))
      await store.write((sql) =>
        recount(
          sql,
          some.map(({ id }) => id),
        ),
      );
    await turn();
  }
  await checkNewcomers({ store });
  await store.write(async (sql) => {
    const days = await sql.rows<{ day: ShopDay }>("SELECT DISTINCT joined_on AS day FROM rollup_newcomer");
    await markDays(
      sql,
      days.map(({ day }) => day),
    );
  });
  await sumNewcomers(store);
}

async function addAll(store: Store, joined: readonly Joined[]): Promise<number> {
  for (const some of chunked(joined, PIECE)) {
    await store.write((sql) => addNewcomers(sql, some));
    await turn();
  }
  return joined.length;
}

/** Whoever came on another day than was known comes on that day; the place stays. */
async function rightDates(sql: Sql, after: number, upTo: number): Promise<number> {
  const rows = await sql.rows<{ id: number; was: ShopDay; joinedOn: ShopDay }>(
    `SELECT n.customer_id AS id, n.joined_on AS was, a.on_date AS joinedOn FROM newcomer n
     JOIN anchor a ON a.customer_id = n.customer_id AND ${JOINED} AND a.child_no = 0
     WHERE n.customer_id > ? AND n.customer_id <= ? AND a.on_date IS NOT NULL AND a.on_date <> n.joined_on`,
    [after, upTo],
  );
  for (const { id, joinedOn } of rows)
    await sql.run("UPDATE newcomer SET joined_on = ?, last_on = ? WHERE customer_id = ?", [
      ...[joinedOn, addDays(joinedOn, FIRST_DAYS - 1), id],
    ]);
  await markDays(
    sql,
    rows.map(({ was }) => was),
  );
  await recount(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.length;
}

/** Two customers who are one person came once; what the other one said counts for who stays. */
async function dropMerged(sql: Sql, after: number, upTo: number): Promise<number> {
  const rows = await sql.rows<{ id: number; into: number; was: ShopDay }>(
    `SELECT n.customer_id AS id, c.merged_into AS \`into\`, n.joined_on AS was FROM newcomer n
     JOIN customer c ON c.id = n.customer_id
     WHERE n.customer_id > ? AND n.customer_id <= ? AND c.merged_into IS NOT NULL`,
    [after, upTo],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await sql.run(`DELETE FROM newcomer WHERE customer_id IN (${marks(ids.length)})`, ids);
  await markDays(
    sql,
    rows.map(({ was }) => was),
  );
  await recount(
    sql,
    rows.map(({ into }) => into),
  );
  return rows.length;
}

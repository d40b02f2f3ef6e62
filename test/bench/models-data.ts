// A brand for the models' bench: customers of two years who buy formula at their own pace, many of whom have left.
import { insertRows } from "../../src/infra/batches.js";
import { columnTypes } from "../../src/infra/dialect.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, type ShopDay } from "../../src/kernel/calendar.js";
import { note } from "./harness.js";

/** The day of the night that is measured. */
export const nightDay: ShopDay = "2026-06-15";

const DAYS = 730;
const MOST_ORDERS = 16;
const CHUNK = 50_000;

/** Makes customers 1…n with their orders, figures and last-order anchors. */
export async function makeBuyers(store: Store, customers: number): Promise<void> {
  await makeNumbers(store);
  for (let from = 0; from < customers; from += CHUNK) {
    const to = Math.min(customers, from + CHUNK);
    await makeChunk(store, from, to);
    if (to % 500_000 === 0) note(`${store.dialect.name}: ${to} customers with orders`);
  }
  for (const table of store.dialect.name === "mysql"
    ? ["customer", "customer_order", "customer_figure", "anchor"]
    : [])
    await store.read.rows(`ANALYZE TABLE ${table}`);
}

/** A number in [0, most) for an expression, unlike those of its neighbours (Lehmer, modulo 2^31 - 1). */
const spread = (of: string, most: number, seed: number) => `(((${of}) * ${seed}) % 2147483647) % ${most}`;

async function makeChunk(store: Store, from: number, to: number): Promise<void> {
  const ids = `SELECT ${from} + a.n * 1000 + b.n + 1 AS id FROM bench_n a JOIN bench_n b ON a.n * 1000 + b.n < ${to - from}`;
  // one in eight has never bought; the pace is the customer's own, and half of them stop after some orders
  const first = spread("n.id", DAYS, 48_271);
  const gap = `(16 + ${spread("n.id", 24, 69_621)})`;
  const times = `(1 + ${spread("n.id", MOST_ORDERS - 1, 16_807)})`;
  const day = `(${first}) + (k.n - 1) * ${gap} + ${spread("n.id * 31 + k.n * 7919", 9, 40_692)}`;
  const range = `customer_id > ${from} AND customer_id <= ${to}`;
  await store.write(async (sql) => {
    await sql.run(
      `INSERT INTO customer (id, external_userid, name, guide_id, bucket)
       SELECT n.id, CONCAT('wm', n.id), '客户', n.id % 10000 + 1, n.id % 10000 FROM (${ids}) n`,
    );
    await sql.run(
      `INSERT INTO customer_order (order_no, customer_id, ordered_on, quantity, status, category, subcategory)
       SELECT CONCAT('o', n.id, '-', k.n), n.id, d.on_date, 1 + ${spread("n.id + k.n", 4, 48_271)}, 'paid', '婴幼儿奶粉',
         CONCAT(1 + n.id % 3, '段')
       FROM (${ids}) n JOIN bench_n k ON k.n BETWEEN 1 AND ${MOST_ORDERS} JOIN bench_day d ON d.n = ${day}
       WHERE n.id % 8 > 0 AND (n.id % 2 = 0 OR k.n <= ${times})`,
    );
    await sql.run(
      `INSERT INTO customer_figure (customer_id, orders, purchases, quantity, amount_cents, first_on, last_on, span_days)
       SELECT o.customer_id, COUNT(*), COUNT(DISTINCT o.ordered_on), SUM(o.quantity), 0, MIN(o.ordered_on),
         MAX(o.ordered_on), MAX(d.n) - MIN(d.n)
       FROM customer_order o JOIN bench_day d ON d.on_date = o.ordered_on WHERE o.${range} GROUP BY o.customer_id`,
    );
    await sql.run(
      `INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id)
       SELECT f.customer_id, 'last_order', 0, f.last_on, d.cycle_on, f.customer_id % 10000 + 1
       FROM customer_figure f JOIN bench_day d ON d.on_date = f.last_on WHERE f.${range}`,
    );
  });
}

async function makeNumbers(store: Store): Promise<void> {
  const t = columnTypes(store.dialect.name);
  const thousand = Array.from({ length: 1000 }, (_, n) => [n]);
  const days = Array.from({ length: DAYS }, (_, n) => addDays(nightDay, n - DAYS + 1));
  await store.write(async (sql) => {
    await sql.run(`CREATE TABLE bench_n (n ${t.int} NOT NULL PRIMARY KEY)${t.end}`);
    await insertRows(sql, "INSERT INTO bench_n (n)", thousand);
    await sql.run(
      `CREATE TABLE bench_day (n ${t.int} NOT NULL PRIMARY KEY, on_date ${t.date} NOT NULL UNIQUE,
         cycle_on ${t.int} NOT NULL)${t.end}`,
    );
    await insertRows(
      sql,
      "INSERT INTO bench_day (n, on_date, cycle_on)",
      days.map((day, n) => [n, day, Number(day.replaceAll("-", ""))]),
    );
  });
}

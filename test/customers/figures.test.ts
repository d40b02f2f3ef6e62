// Figures of customers: right after every way orders come, change and go, and after a rebuild.
import fc from "fast-check";
import { buildFiguresOnce, rebuildFigures } from "../../src/customers/figures.js";
import { customerService } from "../../src/customers/service.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { freshFolder } from "../support/folders.js";

const zone = "Asia/Shanghai";
const today = "2026-06-15";
const world = movableWorld(instantOf(today, "09:00", zone));

/** Figures as they must be, straight from the orders. */
async function wanted(store: Store) {
  const orders = await store.read.rows<{
    id: number;
    day: string;
    quantity: number;
    amount: number | null;
    status: string;
  }>(
    `SELECT c.id, o.ordered_on AS day, o.quantity, o.amount, o.status FROM customer c
       JOIN customer_order o ON o.customer_id = c.id ORDER BY c.id, o.ordered_on`,
  );
  const byCustomer = new Map<number, typeof orders>();
  for (const order of orders)
    if (order.status === "paid" && order.day >= "1990-01-01" && order.day <= addDays(today, 730))
      byCustomer.set(order.id, [...(byCustomer.get(order.id) ?? []), order]);
  return [...byCustomer].map(([id, own]) => {
    const days = [...new Set(own.map(({ day }) => day))];
    return {
      ...{ id, orders: own.length, purchases: days.length },
      quantity: own.reduce((sum, { quantity }) => sum + Number(quantity), 0),
      cents: Math.round(own.reduce((sum, { amount }) => sum + Number(amount ?? 0), 0) * 100),
      ...{ first: days[0], last: days.at(-1) },
      span: Math.round((Date.parse(days.at(-1) ?? "") - Date.parse(days[0] ?? "")) / 86_400_000),
    };
  });
}

async function stored(store: Store) {
  const rows = await store.read.rows<Record<string, number | string>>(
    `SELECT customer_id AS id, orders, purchases, quantity, amount_cents AS cents, first_on AS first, last_on AS last,
       span_days AS span FROM customer_figure WHERE orders > 0 ORDER BY customer_id`,
  );
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity), cents: Number(row.cents) }));
}

describeOnEachDatabase("figures", (open) => {
  const customers = () => customerService({ store: open(), world, zone, secretKey: Buffer.alloc(32, 7) });
  const push = (rows: object[]) => customers().push("orders", rows);
  const one = async (id: string) => {
    const row = await open().read.row<Record<string, number | string | null>>(
      `SELECT f.* FROM customer_figure f JOIN customer c ON c.id = f.customer_id WHERE c.external_userid = ?`,
      [id],
    );
    const { orders, purchases, quantity, amount_cents, first_on, last_on, span_days } = row ?? {};
    return [orders, purchases, Number(quantity), Number(amount_cents), first_on, last_on, span_days];
  };

  beforeAll(() =>
    customers().push(
      "customers",
      ["a", "b", "c"].map((id) => ({ external_userid: id })),
    ),
  );

  it("follow one customer's orders", async () => {
    const row = (
      no: string,
      ordered_on: string,
      quantity: number,
      amount: number | null,
      status = "paid",
    ) => ({
      ...{ order_no: no, external_userid: "a", ordered_on, quantity, status },
      ...(amount === null ? {} : { amount }),
    });
    await push([row("1", "2026-01-31", 6, 1299.9), row("2", "2026-03-02", 1, 0.1)]);
    expect(await one("a")).toEqual([2, 2, 7, 130_000, "2026-01-31", "2026-03-02", 30]);
    await push([row("3", "2026-03-02", 2, null)]);
    expect(await one("a")).toEqual([3, 2, 9, 130_000, "2026-01-31", "2026-03-02", 30]);
    await push([row("1", "2026-01-31", 6, 1299.9, "refunded")]);
    expect(await one("a")).toEqual([2, 1, 3, 10, "2026-03-02", "2026-03-02", 0]);
    // nobody can believe this date
    await push([row("4", "1970-01-01", 5, 100)]);
    expect(await one("a")).toEqual([2, 1, 3, 10, "2026-03-02", "2026-03-02", 0]);
    // an order that turns out to be another's
    await push([{ ...row("2", "2026-03-02", 1, 0.1), external_userid: "b" }]);
    expect(await one("a")).toEqual([1, 1, 2, 0, "2026-03-02", "2026-03-02", 0]);
    expect(await one("b")).toEqual([1, 1, 1, 10, "2026-03-02", "2026-03-02", 0]);
    await push([row("3", "2026-03-02", 2, null, "refunded")]);
    expect(await one("a")).toEqual([0, 0, 0, 0, null, null, 0]);
  });

  it("follow any orders, pushed and imported", async () => {
    const folder = freshFolder();
    const order = fc.record({
      order_no: fc.integer({ min: 1, max: 12 }).map(String),
      external_userid: fc.constantFrom("a", "b", "c"),
      ordered_on: fc.integer({ min: -400, max: 30 }).map((n) => addDays(today, n)),
      quantity: fc.integer({ min: 0, max: 9 }),
      amount: fc.integer({ min: 0, max: 99_999 }).map((cents) => cents / 100),
      status: fc.constantFrom("paid", "refunded"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(order, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (rows, byFile) => {
          if (byFile) {
            const head = Object.keys(rows[0] ?? {});
            folder.put("orders.csv", [head.join(), ...rows.map((row) => Object.values(row).join())]);
            await customers().importFrom(folder.path, { trigger: false });
          } else await push(rows);
          expect(await stored(open())).toEqual(await wanted(open()));
        },
      ),
      { numRuns: 30 },
    );
    folder.drop();
  });

  it("are right again after a rebuild, and built once where orders are older than they are", async () => {
    const before = await stored(open());
    expect(before.length).toBeGreaterThan(0);
    const store = open();
    await store.write((sql) => sql.run("DELETE FROM customer_figure"));
    await store.write((sql) =>
      sql.run(
        `INSERT INTO customer_figure (customer_id, orders, purchases, quantity, amount_cents, span_days)
         VALUES (999, 5, 5, 5, 5, 0)`,
      ),
    );
    expect(await buildFiguresOnce(store, today)).toBe(3);
    expect(await stored(store)).toEqual(before);
    expect(await buildFiguresOnce(store, today)).toBe(0);
    await store.write((sql) => sql.run("UPDATE customer_figure SET orders = 77, last_on = '2020-01-01'"));
    expect(await rebuildFigures(store, today)).toBe(3);
    expect(await stored(store)).toEqual(before);
  });
});

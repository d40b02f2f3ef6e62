// The first fourteen days: who came where, what they said, kept right by marks and the same after a rebuild.
import fc from "fast-check";
import type { Viewer } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, daysFromTo, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { cohortSpans, golden } from "../../src/reports/newcomers/golden.js";
import { checkNewcomers, keepNewcomers } from "../../src/reports/newcomers/keeping.js";
import { newcomerPage, newcomersAll } from "../../src/reports/newcomers/newcomer-list.js";
import { rebuild, refreshMarked } from "../../src/reports/refresh.js";
import type { ReportNode } from "../../src/reports/report.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { FROM, makePlayed, TO } from "./brand.js";
import { at, zone } from "./support.js";

const hq: Viewer = {
  ...{ accountId: 1, role: "hq", name: "", guideId: null, storeId: null, regionId: null },
};
const manager: Viewer = { ...hq, role: "manager", regionId: 1 };
const span = { from: FROM, to: TO };

describeOnEachDatabase("newcomers", (store) => {
  const world = movableWorld(at("2026-03-16", "12:00"));
  const parts = () => ({ store: store(), world, zone });
  const ask = (within?: ReportNode) => ({
    ...{ ...span, unit: "week" as const, today: "2026-03-20" },
    ...(within && { within }),
  });

  beforeAll(async () => {
    await makePlayed(store(), 24);
    await refreshMarked({ store: store(), zone });
  });

  test("who came lately is written down once, with the first contact's place", async () => {
    await store().write(async (sql) => {
      await sql.run(
        "INSERT INTO contact (customer_id, guide_id, began_on) VALUES (1, 5, '2026-03-03'), (1, 2, '2026-03-10')",
      );
    });
    expect(await keepNewcomers(parts())).toBe(40);
    expect(await keepNewcomers(parts())).toBe(0);
    const first = await store().read.row(
      "SELECT guide_id, store_id, region_id FROM newcomer WHERE customer_id = 1",
    );
    expect(first).toEqual({ guide_id: 5, store_id: 3, region_id: 5 });
    // long ago: by the pass over everybody
    expect(await checkNewcomers({ store: store() })).toBe(360);
    expect(await checkNewcomers({ store: store() })).toBe(0);
  });

  test("counts what a brute count over messages finds, for the brand, regions and stores, by week", async () => {
    for (const within of [
      undefined,
      { kind: "region", id: 1 },
      { kind: "region", id: 5 },
      { kind: "store", id: 2 },
    ] as const) {
      const found = await golden(store(), hq, ask(within));
      expect(found.cohorts.map(({ from, to }) => [from, to])).toEqual([
        ["2026-03-02", "2026-03-08"],
        ["2026-03-09", "2026-03-15"],
      ]);
      for (const cohort of [...found.cohorts, found.total]) {
        const { newcomers, spoke, messages } = cohort;
        const brute = await bruteCount(store(), cohort, within);
        expect([within, newcomers, spoke, messages]).toEqual([
          ...[within, brute.newcomers, brute.spoke, brute.messages],
        ]);
      }
      const below = found.units.map(({ cohorts }) => cohorts.reduce((sum, one) => sum + one.newcomers, 0));
      if (found.units.length > 0) expect(below.reduce((sum, n) => sum + n, 0)).toBe(found.total.newcomers);
    }
    const { total } = await golden(store(), hq, ask());
    expect(total.newcomers).toBe(40);
    expect(total.spoke).toBeGreaterThan(10);
  });

  test("a cohort opens to as many customers as it counts, and nobody's neighbours", async () => {
    for (const within of [undefined, { kind: "region", id: 3 }, { kind: "store", id: 1 }] as const) {
      const { cohorts } = await golden(store(), hq, ask(within));
      for (const cohort of cohorts)
        for (const what of ["newcomers", "spoke"] as const) {
          const asked = { from: cohort.from, to: cohort.to, of: what, ...(within && { within }) };
          const page = await newcomerPage(store(), hq, { ...asked, limit: 3 });
          const lines = [];
          for await (const line of newcomersAll(store(), hq, asked, 1000)) lines.push(line);
          expect([page.total, lines.length]).toEqual([cohort[what], cohort[what]]);
          expect(page.messages).toBe(cohort.messages);
        }
    }
    const refused = newcomerPage(store(), manager, {
      ...{ ...span, of: "spoke", limit: 5, within: { kind: "region", id: 2 } },
    });
    await expect(refused).rejects.toMatchObject({ kind: "not_found" });
  });

  test("marks follow what is said, taken back, corrected and merged; a rebuild changes nothing", async () => {
    await store().write(async (sql) => {
      await sql.run(
        `INSERT INTO message (msgid, guide_id, store_id, region_id, customer_id, sender, sent_at, sent_on, type, text,
         source, recalled) VALUES ('new', 2, 1, 3, 7, 'customer', ?, '2026-03-12', 'text', '好', 'archive', 0)`,
        [at("2026-03-12", "10:00")],
      );
      await sql.run("UPDATE message SET recalled = 1 WHERE msgid = 'm1'");
      await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES ('2026-03-12', 2)");
      await sql.run(
        "INSERT INTO rollup_mark (on_day, guide_id) SELECT sent_on, guide_id FROM message WHERE msgid = 'm1'",
      );
      await sql.run("UPDATE anchor SET on_date = '2026-03-05' WHERE customer_id = 9 AND kind = 'joined'");
      await sql.run("UPDATE customer SET merged_into = 11 WHERE id = 10");
      await sql.run("UPDATE message SET customer_id = 11 WHERE customer_id = 10");
      await sql.run("DELETE FROM anchor WHERE customer_id = 10");
      // a guide who moves takes nobody along
      await sql.run("UPDATE guide SET store_id = 3 WHERE id = 4");
    });
    await refreshMarked({ store: store(), zone });
    expect(await checkNewcomers({ store: store() })).toBe(2);
    const kept = await tables(store());
    await store().write(async (sql) => {
      await sql.run("UPDATE newcomer SET messages = messages + 1");
      await sql.run("DELETE FROM rollup_newcomer WHERE region_id = 1");
      await sql.run(
        "INSERT INTO rollup_newcomer (region_id, joined_on, newcomers, spoke, messages) VALUES (5, '2024-01-01', 3, 3, 3)",
      );
    });
    await rebuild({ store: store(), zone });
    expect(await tables(store())).toEqual(kept);
    const { total } = await golden(store(), hq, ask());
    expect(total).toMatchObject(await bruteCount(store(), total, undefined));
    await store().write((sql) => sql.run("UPDATE guide SET store_id = 2 WHERE id = 4"));
  });

  test("a cohort is provisional until the last of them has had the fourteen days", async () => {
    const on = async (today: ShopDay) => (await golden(store(), hq, { ...ask(), today })).cohorts;
    expect((await on("2026-03-21")).map(({ provisional }) => provisional)).toEqual([true, true]);
    expect((await on("2026-03-22")).map(({ provisional }) => provisional)).toEqual([false, true]);
    expect((await on("2026-03-29")).map(({ provisional }) => provisional)).toEqual([false, false]);
  });

  // the last: it changes what is known of messages
  test("a cohort before the first message has no share, and is not in the total", async () => {
    const { total: before } = await golden(store(), hq, ask());
    await store().write((sql) =>
      sql.run("UPDATE message SET sent_on = '2026-03-10' WHERE sent_on < '2026-03-10'"),
    );
    const { cohorts, total, heardFrom } = await golden(store(), hq, ask());
    expect(heardFrom).toBe("2026-03-10");
    expect(cohorts.map(({ unheard, share }) => [unheard, share === null])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(total).toEqual(cohorts[1]);
    expect(before.newcomers).toBe(total.newcomers + (cohorts[0]?.newcomers ?? 0));
    await store().write((sql) => sql.run("DELETE FROM message"));
    expect((await golden(store(), hq, ask())).total).toMatchObject({ unheard: true, share: null });
  });
});

test("weeks and months cover a span without gap or overlap", () => {
  const day = fc.integer({ min: 0, max: 700 }).map((n) => addDays("2025-11-20", n));
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 200 }), fc.constantFrom("week", "month"), (from, n, unit) => {
      const to = addDays(from, n);
      const spans = cohortSpans(from, to, unit as "week");
      expect(spans.flatMap((one) => daysFromTo(one.from, one.to))).toEqual(daysFromTo(from, to));
    }),
  );
});

function tables(store: Store): Promise<unknown[][]> {
  return Promise.all([
    store.read.rows("SELECT * FROM newcomer ORDER BY customer_id"),
    store.read.rows("SELECT * FROM rollup_newcomer ORDER BY region_id, joined_on"),
  ]);
}

async function bruteCount(store: Store, { from, to }: { from: ShopDay; to: ShopDay }, within?: ReportNode) {
  const rows = await store.read.rows<{
    customer_id: number;
    joined_on: ShopDay;
    store_id: number;
    region_id: number;
  }>("SELECT customer_id, joined_on, store_id, region_id FROM newcomer");
  const below: Record<number, number[]> = { 1: [1, 3, 4], 2: [2, 5], 3: [3], 4: [4], 5: [5] };
  const isIn = (row: (typeof rows)[number]) =>
    !within ||
    (within.kind === "store" ? row.store_id === within.id : below[within.id]?.includes(row.region_id));
  const some = rows.filter((row) => row.joined_on >= from && row.joined_on <= to && isIn(row));
  const said = await store.read.rows<{ customer_id: number; sent_on: ShopDay }>(
    "SELECT customer_id, sent_on FROM message WHERE sender = 'customer' AND recalled = 0",
  );
  const counts = some.map(
    (row) =>
      said.filter(
        ({ customer_id, sent_on }) =>
          customer_id === row.customer_id && sent_on >= row.joined_on && sent_on < addDays(row.joined_on, 14),
      ).length,
  );
  return {
    newcomers: some.length,
    spoke: counts.filter((n) => n > 0).length,
    messages: counts.reduce((sum, n) => sum + n, 0),
  };
}

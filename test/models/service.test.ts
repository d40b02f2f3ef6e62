// The nightly pass over a brand: anchors written once, moved by nothing but orders and days, and planned from.

import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { learn } from "../../src/models/learned.js";
import { learnApart } from "../../src/models/learning.js";
import { modelService } from "../../src/models/service.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, planStandOn, trigger } from "../support/plan-stand.js";
import { logOf } from "./support.js";

const START = "2025-04-01";
const TODAY = "2026-03-02";

/** Customers c1… of lan's with a year of formula orders; every third has left. */
async function openBrand(store: Store, customers = 180): Promise<void> {
  await openPlanShop(store);
  await store.write(async (sql) => {
    for (const table of ["model_run", "model_value", "customer_figure"])
      await sql.run(`DELETE FROM ${table}`);
  });
  const { customers: service } = planStandOn(store);
  const random = seeded(20_260_302);
  const ids = Array.from({ length: customers }, (_, n) => `c${n + 1}`);
  await service.push(
    "customers",
    ids.map((external_userid) => ({ external_userid, guide_userid: "lan", joined_on: START })),
  );
  const orders = ids.flatMap((external_userid, n) => {
    const until = n % 3 === 2 ? addDays(TODAY, -120 - Math.floor(random() * 100)) : addDays(TODAY, -1);
    const gap = 20 + Math.floor(random() * 15);
    const own: { order_no: string; external_userid: string; ordered_on: string; quantity: number }[] = [];
    for (
      let day = addDays(START, Math.floor(random() * 40));
      day <= until;
      day = addDays(day, 7 + Math.floor(gap * (0.5 + random() * 0.5)))
    )
      own.push({
        order_no: `${external_userid}-${own.length}`,
        external_userid,
        ordered_on: day,
        quantity: 2,
      });
    return own.map((order) => ({ ...order, category: "奶粉", subcategory: "1段" }));
  });
  for (let at = 0; at < orders.length; at += 1000) await service.push("orders", orders.slice(at, at + 1000));
}

interface AnchorLine {
  kind: string;
  onDate: string;
  cycleOn: number;
  guideId: number | null;
  quietThrough: string | null;
}

describeOnEachDatabase("models", (db) => {
  const stand = () => planStandOn(db());
  const modelsOn = (day: string) => {
    const { world, on } = stand();
    on(day);
    return modelService({ store: db(), world, zone: "Asia/Shanghai" });
  };
  const anchorsOf = async (id: string) =>
    db().read.rows<AnchorLine>(
      `SELECT kind, on_date AS onDate, cycle_on AS cycleOn, guide_id AS guideId, quiet_through AS quietThrough
       FROM anchor WHERE customer_id = ? AND kind IN ('at_risk', 'supply_ends') ORDER BY kind`,
      [await stand().idOf(id)],
    );
  const all = () =>
    db().read.rows(
      "SELECT customer_id, kind, on_date, cycle_on FROM anchor WHERE kind IN ('at_risk', 'supply_ends') ORDER BY customer_id, kind",
    );
  const marks = async () =>
    Number((await db().read.row<{ n: number }>("SELECT COUNT(*) AS n FROM anchor_mark"))?.n);
  const cycleOf = (day: string) => Number(day.replaceAll("-", ""));
  const lastOrder = async (id: string) =>
    (
      await db().read.row<{ on: string }>("SELECT last_on AS `on` FROM model_value WHERE customer_id = ?", [
        await stand().idOf(id),
      ])
    )?.on ?? "";

  beforeAll(() => openBrand(db()));

  test("the first night learns and writes every buyer's days, each with a mark and the owner", async () => {
    await db().write((sql) => sql.run("DELETE FROM anchor_mark"));
    const seen: string[] = [];
    const night = await modelsOn(TODAY).run({
      progress: ({ step, done, of }) => seen.push(`${step} ${done}/${of}`),
    });
    expect(night).toMatchObject({ learned: true, customers: 180, anchors: 360 });
    expect(night.why).toContain("AUC");
    expect(await marks()).toBe(360);
    expect(seen).toEqual(["learning 0/180", "everybody 180/180"]);
    const [atRisk, supply] = await anchorsOf("c1");
    const last = await lastOrder("c1");
    expect(atRisk).toMatchObject({ kind: "at_risk", cycleOn: cycleOf(last), guideId: expect.any(Number) });
    expect(atRisk?.onDate).toBe(
      addDays(last, 0) < (atRisk?.onDate ?? "") ? atRisk?.onDate : "after the order",
    );
    expect(supply).toMatchObject({ kind: "supply_ends", cycleOn: cycleOf(last) });
  });

  test("those who left were at risk long ago, those who buy are not yet", async () => {
    const rows = await db().read.rows<{ id: string; onDate: string }>(
      `SELECT c.external_userid AS id, a.on_date AS onDate FROM anchor a JOIN customer c ON c.id = a.customer_id
       WHERE a.kind = 'at_risk'`,
    );
    const isGone = ({ id }: { id: string }) => Number(id.slice(1)) % 3 === 0;
    const gone = rows.filter(isGone);
    const stayed = rows.filter((row) => !isGone(row));
    expect(gone.filter(({ onDate }) => onDate <= TODAY).length).toBeGreaterThan(gone.length * 0.9);
    expect(stayed.filter(({ onDate }) => onDate > TODAY).length).toBeGreaterThan(stayed.length * 0.9);
  });

  test("the same night again writes nothing, nor does a full one", async () => {
    const before = await all();
    const marked = await marks();
    expect(await modelsOn(TODAY).run()).toMatchObject({ learned: false, customers: 0, anchors: 0 });
    expect(await modelsOn(TODAY).run({ full: true })).toMatchObject({
      learned: true,
      customers: 180,
      anchors: 0,
    });
    expect(await all()).toEqual(before);
    expect(await marks()).toBe(marked);
  });

  test("an order clears both days at once, and the next night foretells that customer alone anew", async () => {
    const { order, on } = stand();
    on("2026-03-04");
    await order("c2", "c2-new", "2026-03-04");
    expect(await anchorsOf("c2")).toEqual([]);
    expect(await modelsOn("2026-03-05").run()).toMatchObject({ learned: false, customers: 1, anchors: 2 });
    const kept = await anchorsOf("c2");
    expect(kept.map(({ kind, cycleOn }) => `${kind} ${cycleOn}`)).toEqual([
      "at_risk 20260304",
      "supply_ends 20260304",
    ]);
  });

  test("a second order of the same day changes the supply and not the cycle", async () => {
    const [, before] = await anchorsOf("c2");
    const { customers, on } = stand();
    on("2026-03-05");
    const more = { order_no: "c2-more", external_userid: "c2", ordered_on: "2026-03-04", quantity: 6 };
    await customers.push("orders", [{ ...more, category: "奶粉", subcategory: "1段" }]);
    expect(await modelsOn("2026-03-05").run()).toMatchObject({ customers: 1, anchors: 1 });
    const [, after] = await anchorsOf("c2");
    expect(after?.cycleOn).toBe(before?.cycleOn);
    expect((after?.onDate ?? "") > (before?.onDate ?? "")).toBe(true);
  });

  test("a refund steps back to the cycle before; without any order left the customer is forgotten", async () => {
    const { order, on, customers } = stand();
    on("2026-03-05");
    await order("c2", "c2-new", "2026-03-04", "refunded");
    await order("c2", "c2-more", "2026-03-04", "refunded");
    expect(await modelsOn("2026-03-05").run()).toMatchObject({ customers: 1, anchors: 2 });
    expect((await anchorsOf("c2"))[0]?.cycleOn).toBe(cycleOf(await lastOrder("c2")));
    await customers.push("customers", [{ external_userid: "once", guide_userid: "mei", joined_on: TODAY }]);
    await order("once", "o1", "2026-03-04");
    await modelsOn("2026-03-05").run();
    expect(await anchorsOf("once")).toHaveLength(2);
    await order("once", "o1", "2026-03-04", "refunded");
    expect(await modelsOn("2026-03-05").run()).toMatchObject({ customers: 0 });
    expect(await anchorsOf("once")).toEqual([]);
    expect(await lastOrder("once")).toBe("");
  });

  test("another owner takes the days along", async () => {
    const { customer, task: _task, ...rest } = stand();
    rest.on("2026-03-05");
    await customer("c4", { guide_userid: "mei" });
    const owners = await db().read.rows<{ userid: string; id: number }>("SELECT userid, id FROM guide");
    const mei = owners.find(({ userid }) => userid === "mei")?.id;
    expect((await anchorsOf("c4")).map(({ guideId }) => guideId)).toEqual([mei, mei]);
  });

  test("what an import suppressed of the order stays suppressed of what follows from it", async () => {
    const id = await stand().idOf("c5");
    await db().write(async (sql) => {
      await sql.run(
        "UPDATE anchor SET quiet_through = '2026-03-01' WHERE customer_id = ? AND kind = 'last_order'",
        [id],
      );
      await sql.run("DELETE FROM anchor WHERE customer_id = ? AND kind IN ('at_risk', 'supply_ends')", [id]);
      await sql.run("DELETE FROM model_value WHERE customer_id = ?", [id]);
    });
    expect(await modelsOn("2026-03-05").run()).toMatchObject({ customers: 1, anchors: 2 });
    expect((await anchorsOf("c5")).map(({ quietThrough }) => quietThrough)).toEqual([
      "2026-03-01",
      "2026-03-01",
    ]);
  });

  test("a week later it learns anew: days that have come stay, whatever it finds", async () => {
    const before = (await all()).filter((row) => (row as { on_date: string }).on_date <= "2026-03-12");
    expect(before.length).toBeGreaterThan(60);
    expect(await modelsOn("2026-03-12").run()).toMatchObject({ learned: true, customers: 180 });
    expect(await all()).toEqual(expect.arrayContaining(before));
  });

  test("a night broken off is gone on with where it stopped", async () => {
    await db().write(async (sql) => {
      await sql.run(
        "UPDATE model_run SET scored_to = 100 WHERE id = (SELECT m FROM (SELECT MAX(id) AS m FROM model_run) x)",
      );
    });
    const lines = await db().read.rows<{ id: number }>(
      "SELECT customer_id AS id FROM model_value WHERE customer_id > 100",
    );
    expect(await modelsOn("2026-03-12").run()).toMatchObject({ learned: false, customers: lines.length });
    expect(await modelsOn("2026-03-12").run()).toMatchObject({ customers: 0 });
  });

  test("back-tests are kept with ranks, calibration and lift, newest first", async () => {
    const kept = await modelsOn("2026-03-12").backtests();
    expect(kept.map(({ ranOn }) => ranOn)).toEqual(["2026-03-12", TODAY, TODAY]);
    const [newest] = kept;
    expect(newest?.models.map(({ name }) => name)).toEqual([
      "recency",
      "rhythm",
      "bg_nbd",
      "pareto_nbd",
      "nbd",
    ]);
    expect(newest?.models[0]).toMatchObject({
      overRecency: null,
      auc: expect.any(Number),
      lift: expect.any(Number),
    });
    expect(newest?.models[1]?.overRecency).toBeCloseTo(
      (newest?.models[1]?.auc ?? 0) - (newest?.models[0]?.auc ?? 0),
      12,
    );
    expect(newest?.models[0]?.calibration).toHaveLength(10);
    expect(newest?.supply.paces["奶粉/1段"]).toBeGreaterThan(7);
    expect(newest?.why).toContain("只看多久没买");
  });
});

describeOnEachDatabase("days of models, planned", (db) => {
  test("a task three days before the supply ends and one on the day of risk, each once; an order ends what waits", async () => {
    const store = db();
    await openBrand(store, 120);
    const { on, world, publish, plan, tasks, order, idOf } = planStandOn(store);
    on(TODAY);
    const models = modelService({ store, world, zone: "Asia/Shanghai" });
    await models.run();
    const day = async (id: string, kind: string) =>
      (
        await store.read.row<{ on: string }>(
          "SELECT on_date AS `on` FROM anchor WHERE kind = ? AND customer_id = ?",
          [kind, await idOf(id)],
        )
      )?.on ?? "";
    const rows = await store.read.rows<{ id: string; on: string }>(
      `SELECT c.external_userid AS id, a.on_date AS \`on\` FROM anchor a JOIN customer c ON c.id = a.customer_id
       WHERE a.kind = 'at_risk' AND a.on_date > ? ORDER BY a.on_date, c.id`,
      [TODAY],
    );
    const first = rows[0] as (typeof rows)[number];
    await publish({
      risk: trigger("at_risk", 0, "days", "each"),
      out: trigger("supply_ends", -3, "days", "each"),
    });
    for (let at = TODAY; at <= first.on; at = addDays(at, 1)) {
      on(at);
      await models.run();
      await plan.planDue();
      await plan.planMarked();
    }
    const before = (await tasks()).filter((line) => line.includes(` ${first.id} `));
    expect(before).toContain(`risk ${first.id} ${first.on} planned`);
    const supply = await day(first.id, "supply_ends");
    const out = addDays(supply, -3);
    expect(before.some((line) => line.startsWith(`out ${first.id}`))).toBe(out >= TODAY);
    await order(first.id, "again", first.on);
    await plan.planMarked();
    const after = (await tasks()).filter((line) => line.includes(` ${first.id} `));
    expect(after).toContain(`risk ${first.id} ${first.on} cancelled: bought_already`);
    expect(after).toHaveLength(before.length);
  });
});

test("learning in a thread gives what learning here gives", async () => {
  const random = seeded(3);
  const customers = Array.from({ length: 150 }, () => {
    const days = [Math.floor(random() * 100)];
    while ((days.at(-1) ?? 0) < 380 && random() < 0.93)
      days.push((days.at(-1) ?? 0) + 10 + Math.floor(random() * 30));
    return days;
  });
  const lesson = { log: logOf(customers), until: 400, supplies: [] };
  expect(lesson.log.days.length).toBeGreaterThan(500);
  expect(await learnApart(lesson)).toEqual(learn(lesson));
});

// Sums of many units are remembered, and never longer than they are true.
import { movableWorld } from "../../src/kernel/world.js";
import { lately, noteCounted } from "../../src/reports/lately.js";
import { refreshMarked } from "../../src/reports/refresh.js";
import { reportService } from "../../src/reports/service.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { at, makeOrg, makeTask, zone } from "./support.js";

const hq = { accountId: 1, name: "总部", role: "hq", guideId: null, storeId: null, regionId: null } as const;

describeOnEachDatabase("sums asked for again", (store) => {
  const world = movableWorld(at("2026-03-20", "12:00"));

  it("are remembered until figures are counted anew, or names may have changed", async () => {
    await makeOrg(store());
    await makeTask(store(), { state: "offered" });
    await refreshMarked({ store: store(), zone });
    const reports = reportService({ store: store(), world, replyWindowHours: 72 });
    const seen = async () => {
      const ask = { from: "2026-03-01", to: "2026-03-31", by: "guide" } as const;
      const { rows, total } = await reports.report(hq, ask);
      return [rows.length, rows[0]?.name, rows.reduce((sum, { issued }) => sum + issued, 0), total.issued];
    };
    const [many] = await seen();
    expect(await seen()).toEqual([many, "导购1", 1, 1]);

    await store().write((sql) => sql.run("UPDATE guide SET name = '新名' WHERE id = 1"));
    expect(await seen()).toEqual([many, "导购1", 1, 1]);
    world.set(world.now() + 30_000);
    expect(await seen()).toEqual([many, "新名", 1, 1]);

    await makeTask(store(), { state: "offered", guide_id: 6 });
    await refreshMarked({ store: store(), zone });
    expect(await seen()).toEqual([many, "新名", 2, 2]);
  });

  it("are made once for all who ask at the same time, and again after a failure", async () => {
    const remembered = lately(world);
    let made = 0;
    const ask = (question: string) =>
      remembered(
        store().read,
        question,
        async () => ++made,
        () => 1,
      );
    expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual([1, 1, 2]);
    await store().write((sql) => noteCounted(sql));
    expect(await ask("a")).toBe(3);
    const failing = () =>
      remembered(
        store().read,
        "c",
        () => Promise.reject(new Error("no")),
        () => 1,
      );
    await expect(failing()).rejects.toThrow("no");
    expect(await ask("c")).toBe(4);
  });

  it("are forgotten, the oldest first, when they are too many rows together", async () => {
    const remembered = lately(world);
    let made = 0;
    const ask = (question: string, rows: number) =>
      remembered(
        store().read,
        question,
        async () => ++made,
        () => rows,
      );
    expect([await ask("small", 10), await ask("half", 20_000), await ask("long", 19_995)]).toEqual([1, 2, 3]);
    expect([await ask("long", 0), await ask("half", 20_000), await ask("small", 10)]).toEqual([3, 2, 4]);
    // one answer alone may be longer than that
    expect([await ask("whole", 50_000), await ask("whole", 0), await ask("small", 10)]).toEqual([5, 5, 6]);
  });
});

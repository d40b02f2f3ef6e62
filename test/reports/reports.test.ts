// Figures from tasks to report: what counts, levels that add up, who sees what, and a rebuild that changes nothing.
import type { Viewer } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { trendChart } from "../../src/reports/charts.js";
import { reportCsv } from "../../src/reports/csv.js";
import { rebuild, refreshMarked } from "../../src/reports/refresh.js";
import type { ReportAsk } from "../../src/reports/report.js";
import { reportService } from "../../src/reports/service.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { at, makeOrg, makeTask, zone } from "./support.js";

const viewer = (role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 1, name: "测试", guideId: null, storeId: null, regionId: null },
  ...ids,
  role,
});
const hq = viewer("hq");
const march = { from: "2026-03-01", to: "2026-03-31" };
const sent = (values: Record<string, string | number | null> = {}) => ({
  state: "sent",
  acted_at: at("2026-03-02", "10:00"),
  sent_at: at("2026-03-02", "10:01"),
  ...values,
});

describeOnEachDatabase("reports", (store) => {
  const parts = () => ({ store: store(), zone });
  const service = (now = at("2026-03-20", "12:00")) =>
    reportService({ store: store(), world: movableWorld(now), replyWindowHours: 72 });
  const ask = (by: ReportAsk["by"], within?: ReportAsk["within"]): ReportAsk => ({
    ...march,
    by,
    ...(within ? { within } : {}),
  });

  beforeAll(async () => {
    await makeOrg(store());
    const tasks: Record<string, string | number | null>[] = [
      sent({ observed: 1, replied_at: at("2026-03-02", "11:00") }),
      sent({ observed: 1 }),
      sent({ observed: 0, touchpoint_id: 2 }),
      sent({ acted_at: at("2026-03-03", "00:00"), guide_id: 2 }),
      { state: "done_by_hand", acted_at: at("2026-03-02", "23:59"), guide_id: 3 },
      { state: "skipped", reason: "guide_skipped_busy", guide_id: 3 },
      { state: "skipped", reason: "not_a_friend", guide_id: 3 },
      { state: "skipped", reason: "not_a_friend", acted_at: at("2026-03-02", "12:00"), guide_id: 4 },
      { state: "cancelled", reason: "bought_already", guide_id: 5 },
      { state: "expired", reason: "grace_passed", guide_id: 5 },
      { state: "offered", guide_id: 6, release_on: "2026-03-04" },
      { state: "planned", guide_id: 6, offered_at: null, store_id: null, region_id: null },
    ];
    for (const task of tasks) await makeTask(store(), task);
    await addMessages(store());
    await refreshMarked(parts());
  });

  test("each state counts as the measures say", async () => {
    const { total } = await service().report(hq, ask("region"));
    expect(total).toMatchObject({
      ...{ issued: 9, completed: 6, onTime: 5, delivered: 4, observed: 2, replied: 1, messages: 3 },
      ...{ provisional: true, small: true },
    });
    expect(total.replyRate?.value).toBe(0.5);
    expect(total.observedShare?.value).toBe(0.5);
  });

  test("levels add up exactly, whichever way one looks", async () => {
    const { total } = await service().report(hq, ask("region"));
    for (const by of ["region", "area", "store", "guide", "day", "touchpoint"] as const) {
      const report = await service().report(hq, ask(by));
      const sum = (key: "issued" | "completed" | "delivered" | "replied") =>
        report.rows.reduce((all, row) => all + row[key], 0);
      expect([by, sum("issued"), sum("completed"), sum("delivered"), sum("replied")]).toEqual([
        ...[by, total.issued, total.completed, total.delivered, total.replied],
      ]);
    }
  });

  test("drilling down gives the names of the levels and the way back", async () => {
    const top = await service().report(hq, ask("below"));
    expect([top.level, top.rows.map((row) => row.name), top.path]).toEqual(["大区", ["华东", "华南"], []]);
    const east = await service().report(hq, ask("below", { kind: "region", id: 1 }));
    expect([east.level, east.rows.map((row) => row.name)]).toEqual(["城市", ["上海", "杭州"]]);
    const city = await service().report(hq, ask("below", { kind: "region", id: 3 }));
    expect([city.level, city.rows.map((row) => row.name)]).toEqual(["门店", ["店1"]]);
    const shop = await service().report(hq, ask("below", { kind: "store", id: 1 }));
    expect([shop.level, shop.rows.map((row) => row.name)]).toEqual(["导购", ["导购1", "导购2"]]);
    expect(shop.path.map((step) => step.name)).toEqual(["华东", "上海", "店1"]);
  });

  test("nobody sees past their own reach", async () => {
    const manager = viewer("manager", { regionId: 1 });
    expect((await service().report(manager, ask("store"))).rows.map((row) => row.name)).toEqual([
      "店1",
      "店2",
    ]);
    const keeper = viewer("store_manager", { storeId: 2 });
    expect((await service().report(keeper, ask("guide"))).rows.map((row) => row.name)).toEqual([
      "导购3",
      "导购4",
    ]);
    const guide = viewer("guide", { guideId: 1, storeId: 1 });
    expect((await service().report(guide, ask("day"))).total.issued).toBe(3);
    const refused: [Viewer, NonNullable<ReportAsk["within"]>][] = [
      [manager, { kind: "region", id: 2 }],
      [manager, { kind: "store", id: 3 }],
      [manager, { kind: "guide", id: 6 }],
      [keeper, { kind: "store", id: 1 }],
      [keeper, { kind: "region", id: 3 }],
      [guide, { kind: "guide", id: 2 }],
      [hq, { kind: "region", id: 99 }],
      [manager, "region:2"],
      [keeper, "导购1"],
    ];
    for (const [who, within] of refused)
      await expect(service().report(who, ask("below", within))).rejects.toMatchObject({ kind: "not_found" });
  });

  test("a place as people write it is the same place, and a neighbour's is as unknown as none", async () => {
    const said = await service().report(hq, ask("below", "华东"));
    const byId = await service().report(hq, ask("below", said.path.at(-1)));
    expect(said).toEqual(byId);
    const south = (await service().report(hq, ask("region"))).rows[1]?.name ?? "";
    const manager = viewer("manager", { regionId: 1 });
    for (const name of [south, "火星"])
      await expect(service().report(manager, ask("below", name))).rejects.toThrow(`没有找到「${name}」。`);
  });

  test("a bad span is refused with what was expected", async () => {
    const bad = service().report(hq, { from: "2026-02-30", to: "x", by: "day" });
    await expect(bad).rejects.toMatchObject({
      kind: "invalid",
      faults: [{ where: "from" }, { where: "to" }],
    });
    await expect(service().report(hq, { from: "2026-03-02", to: "2026-03-01", by: "day" })).rejects.toThrow();
  });

  test("figures of an old send settle when its window closes", async () => {
    const soon = await service(at("2026-03-03", "12:00")).report(hq, ask("day"));
    const later = await service(at("2026-04-03", "12:00")).report(hq, ask("day"));
    const flags = (report: typeof soon) => report.rows.map((row) => [row.name, row.provisional]);
    expect(flags(soon)).toEqual([
      ["2026-03-02", true],
      ["2026-03-04", true],
      ["2026-03-05", false],
    ]);
    expect(flags(later)).toEqual([
      ["2026-03-02", false],
      ["2026-03-04", true],
      ["2026-03-05", false],
    ]);
  });

  test("history stays where it was when a guide moves store", async () => {
    const before = (await service().report(hq, ask("store"))).rows;
    await store().write((sql) => sql.run("UPDATE guide SET store_id = 3 WHERE id = 2"));
    await rebuild(parts());
    expect((await service().report(hq, ask("store"))).rows).toEqual(before);
    // where they are now they begin: what they did elsewhere belongs to others, but for HQ and themselves
    const there: Viewer[] = [viewer("manager", { regionId: 2 }), viewer("store_manager", { storeId: 3 })];
    for (const who of there) {
      const { total } = await service().report(who, ask("day", { kind: "guide", id: 2 }));
      expect([who.role, total.issued]).toEqual([who.role, 0]);
    }
    for (const who of [hq, viewer("guide", { guideId: 2 })]) {
      const { total } = await service().report(who, ask("day", { kind: "guide", id: 2 }));
      expect([who.role, total.issued]).toEqual([who.role, 1]);
    }
    await store().write((sql) => sql.run("UPDATE guide SET store_id = 1 WHERE id = 2"));
  });

  test("a rebuild yields the very same rows, and wipes what has no source", async () => {
    const tables = async () =>
      Promise.all(
        ["rollup_region", "rollup_store", "rollup_store_week", "rollup_guide"].map((table) =>
          store().read.rows(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5, 6`),
        ),
      );
    const before = await tables();
    await store().write(async (sql) => {
      await sql.run("UPDATE rollup_guide SET issued = issued + 7");
      await sql.run("DELETE FROM rollup_store WHERE store_id = 1");
      await sql.run("UPDATE rollup_region SET replied = 99 WHERE region_id = 1");
      await sql.run("UPDATE rollup_store_week SET issued = issued + 1");
      const counts =
        "issued, completed, on_time, delivered, observed, replied, messages, open_tasks, last_sent_at";
      const orphans = [
        ["rollup_store", "touchpoint_id, variant, on_day, region_id, store_id", "0, 0, '2026-03-02', 5, 77"],
        ["rollup_store_week", "week_on, region_id, store_id", "'2026-01-05', 5, 77"],
        ["rollup_region", "touchpoint_id, variant, on_day, region_id", "0, 0, '2026-01-20', 5"],
      ];
      for (const [table, key, values] of orphans)
        await sql.run(
          `INSERT INTO ${table} (${key}, ${counts}) VALUES (${values}, 1, 1, 1, 1, 1, 1, 1, 1, 1)`,
        );
    });
    expect(await tables()).not.toEqual(before);
    await rebuild(parts());
    expect(await tables()).toEqual(before);
  });

  test("the CSV has what is seen, and the chart its lines", async () => {
    const report = await service().report(hq, ask("region"));
    const lines = reportCsv(report).split("\r\n");
    expect(lines[0]).toMatch(/^\ufeff大区,下发,完成,完成率/);
    expect(lines[1]).toMatch(/^华东,7,/);
    expect(lines.at(-2)).toMatch(/^合计,9,/);
    const chart = await trendChart(await service().report(hq, ask("day")), {
      width: 640,
      height: 240,
    });
    expect(chart).toMatch(/^<svg .*完成率.*回复率/s);
    const week = await service().report(hq, { from: "2026-03-01", to: "2026-03-06", by: "day" });
    expect(week.rows.map((row) => row.name)).not.toContain("2026-03-03");
    const days = (await trendChart(week, { width: 640, height: 240 })).match(/>3\/\d</g);
    expect(days).toEqual([1, 2, 3, 4, 5, 6].map((one) => `>3/${one}<`));
  });
});

async function addMessages(store: Store): Promise<void> {
  const messages: [string, string, number, number][] = [
    ["m1", "customer", 1, 0],
    ["m2", "customer", 1, 0],
    ["m3", "guide", 1, 0],
    ["m4", "customer", 1, 1],
    ["m5", "customer", 5, 0],
  ];
  await store.write(async (sql) => {
    for (const [msgid, sender, guide, recalled] of messages) {
      const shop = Math.ceil(guide / 2);
      await sql.run(
        `INSERT INTO message (msgid, guide_id, store_id, region_id, customer_id, sender, sent_at, sent_on, type, text,
         source, recalled) VALUES (?, ?, ?, ?, 1, ?, ?, '2026-03-05', 'text', '好', 'archive', ?)`,
        [msgid, guide, shop, [3, 4, 5][shop - 1] ?? 0, sender, at("2026-03-05", "10:00"), recalled],
      );
      await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES ('2026-03-05', ?)", [guide]);
    }
  });
}

// Urging: whom a manager reaches, who is left alone, what is said.
import type { Viewer } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { wallTimeOf } from "../../src/kernel/calendar.js";
import type { UrgeWhich } from "../../src/tasks/behind.js";
import { lastUrges, urging } from "../../src/tasks/urging.js";
import { describeOnEachDatabase, runsCounted } from "../support/databases.js";
import {
  enrolCustomer,
  hour,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
  zone,
} from "../support/task-stand.js";

const viewer = (role: Viewer["role"], more: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 7, role, name: "陈经理", guideId: null, storeId: null, regionId: null },
  ...more,
});

describeOnEachDatabase("urging", (open) => {
  let store: Store;
  let stand: Stand;
  const log = { warn: () => undefined };
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    await store.write(async (sql) => {
      await sql.run(
        "INSERT INTO region (id, parent_id, name, depth, trail) VALUES (6, 5, '杭州', 1, '/5/6/')",
      );
      await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (4, 's4', '西湖店', 6)");
      await sql.run("UPDATE guide SET store_id = 4 WHERE id = 2");
    });
    for (const id of [11, 12]) await enrolCustomer(store, id);
    await enrolCustomer(store, 21, { guideId: 2 });
    for (const customer of [11, 12]) await planTask(store, "page", customer);
    await planTask(store, "page", 21, { guideId: 2 });
    await store.write((sql) => sql.run("UPDATE task SET state = 'offered', offered_at = ?", [monday]));
  });
  const told = () =>
    stand.notebook.entries.flatMap((entry) => (entry.kind === "told" ? [entry.guideUserid] : [])).sort();
  const start = () => urging({ store, world: stand.world, zone, channel: stand.notebook, log });

  test.each<[string, Viewer, string[]]>([
    ["headquarters", viewer("hq"), ["lan", "mei"]],
    ["the region's manager", viewer("manager", { regionId: 5 }), ["lan", "mei"]],
    ["the area's manager", viewer("manager", { regionId: 6 }), ["mei"]],
    ["a manager of elsewhere", viewer("manager", { regionId: 9 }), []],
    ["the store's manager", viewer("store_manager", { storeId: 3 }), ["lan"]],
    ["a guide", viewer("guide", { guideId: 1 }), []],
  ])("%s reaches their own", async (_who, who, guides) => {
    await start().urge(who);
    expect(told()).toEqual(guides);
  });

  test("by two managers at once reminds each guide once, and neither waits for the other's lock", async () => {
    const counted = runsCounted(store);
    const service = urging({ store: counted.store, world: stand.world, zone, channel: stand.notebook, log });
    for (let round = 0; round < 3; round++) {
      const before = [told().length, counted.runs()];
      const both = await Promise.all([service.urge(viewer("hq")), service.urge(viewer("hq"))]);
      expect(both.reduce((sum, one) => sum + one.told.length, 0)).toBe(2);
      expect([told().length, counted.runs()]).toEqual([(before[0] ?? 0) + 2, (before[1] ?? 0) + 2]);
      stand.pass(2 * hour);
    }
  });

  test.each<[string, Viewer, UrgeWhich, string[]]>([
    ["a store", viewer("manager", { regionId: 5 }), { storeId: 3 }, ["lan"]],
    ["an area", viewer("hq"), { areas: [6] }, ["mei"]],
    ["no area", viewer("hq"), { areas: [] }, []],
    ["a store of others", viewer("manager", { regionId: 6 }), { storeId: 3 }, []],
    ["an area, a guide of another", viewer("hq"), { areas: [6], guideIds: [1] }, []],
  ])("%s narrows the reach", async (_what, who, which, guides) => {
    await start().urge(who, which);
    expect(told()).toEqual(guides);
  });

  test("says whom, leaves alone who was reminded, and tells guides what is left", async () => {
    stand.notebook.lose("mei");
    const service = start();
    expect(await service.urgeInWords(viewer("hq"))).toBe(
      "已提醒 1 位导购，共 2 位客户待跟进。\n最多的：兰兰 2 位。\n1 位没有联系上：梅梅。",
    );
    expect(stand.notebook.entries.at(-1)).toMatchObject({
      note: { text: "陈经理提醒：今天还有 2 位客户待跟进。回复「任务」看列表。" },
    });
    expect(await service.urgeInWords(viewer("hq"))).toBe("2 位两小时内提醒过，这次没有再打扰。");
    const reached = async () => {
      const last = await lastUrges(store.read, [1, 2], { now: stand.world.now(), zone });
      return [1, 2].map((id) => last.get(id)?.isReached);
    };
    expect(await reached()).toEqual([true, false]);
    stand.pass(2 * hour);
    const { world } = stand;
    const again = urging({ store, world, zone, channel: standOn(store, { world }).notebook, log });
    await again.urge(viewer("hq"), { guideIds: [2] });
    expect(await reached()).toEqual([true, true]);
    stand.pass(2 * hour);
    await store.write((sql) =>
      sql.run("UPDATE task SET state = 'done_by_hand', acted_at = 1 WHERE guide_id = 2"),
    );
    await store.write((sql) =>
      sql.run("UPDATE task SET snoozed_until = ? WHERE customer_id = 11", [monday + 9 * hour]),
    );
    expect((await service.urge(viewer("hq"))).told).toMatchObject([{ name: "兰兰", open: 1 }]);
    await store.write((sql) =>
      sql.run("UPDATE task SET snoozed_until = ? WHERE guide_id = 1", [monday + 9 * hour]),
    );
    expect(await service.urgeInWords(viewer("hq"))).toBe(
      `1 位把客户都推迟了，到时候会提醒，这次没有打扰：兰兰 推迟到 ${wallTimeOf(monday + 9 * hour, zone)}。`,
    );
    await store.write((sql) => sql.run("UPDATE task SET state = 'sent'"));
    expect(await service.urgeInWords(viewer("hq"))).toBe("今天没有落下的，大家都跟进完了。");
  });
});

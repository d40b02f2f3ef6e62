// What the house does about people, whole: siblings, leave and deputies, guides who leave, customers who decline; day by
// day through the same passes the clock runs, and every task accounted for at the end of each.
import { join } from "node:path";
import { instantOf, type ShopDay, shopDayOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { rebuild } from "../../src/reports/refresh.js";
import type { Services } from "../../src/wire.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";
import { taskFaults } from "../support/invariants.js";

const zone = "Asia/Shanghai";
const hq = { accountId: 0, role: "hq", name: "", guideId: null, storeId: null, regionId: null } as const;
const journey = `
key: baby
name: 成长
touchpoints:
  - { key: half, name: 半岁, after: child_born, months: 6, send: mass, words: "{{children}}都满6个月啦，恭喜！" }
  - { key: one-each, name: 七月, after: child_born, months: 7, send: page, words: "{{child.name}}满7个月啦。" }
  - { key: ages, name: 周岁, after: child_born, months: 12, send: page, grace_days: 1, words: "{{children_ages}}都长大啦。" }
  - { key: day-3, name: 第3天, after: joined, days: 3, send: mass, words: "{{customer.name}}，您好。" }
  - { key: today, name: 当天, after: joined, days: 5, send: page, grace_days: 0, words: "{{customer.name}}，您好呀。" }
`;

describeOnEachDatabase("people", (store) => {
  let house: House;
  let world: House["world"];
  let services: Services;

  beforeAll(async () => {
    house = openHouse(store(), movableWorld(instantOf("2026-03-01", "10:00", zone)));
    ({ world, services } = house);
    const put = (name: string, text: string) => house.put(`brand/${name}`, text);
    put("stores.csv", "门店编码,门店名称,大区\nS1,一店,华东\nS2,二店,华南\n");
    const guides = ["lan", "mei", "hong", "ying"].map((id) => `${id},${id},${id === "ying" ? "S2" : "S1"}`);
    put("guides.csv", `导购账号,导购姓名,门店编码\n${guides.join("\n")}\n`);
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    await services.applyJourney(house.put("baby.yaml", journey), { yes: true, by: "system" });
  });
  afterAll(() => house.close());
  afterEach(async () => {
    expect(await taskFaults(store(), { expiredOn: shopDayOf(world.now(), zone) })).toEqual([]);
  });

  const push = async (table: Parameters<Services["customers"]["push"]>[0], ...rows: object[]) => {
    for (const { faults } of await services.customers.push(table, rows)) expect(faults).toEqual([]);
  };
  /** On the day they joined, where that lies ahead. */
  const customer = (id: string, row: { guide_userid?: string; joined_on?: ShopDay } = {}) => {
    const joined = row.joined_on ?? "2025-01-01";
    if (joined > shopDayOf(world.now(), zone)) world.set(instantOf(joined, "10:00", zone));
    return push("customers", {
      external_userid: id,
      name: id,
      guide_userid: "lan",
      joined_on: joined,
      ...row,
    });
  };
  const child = (id: string, no: number, name: string | null, born: ShopDay | null) =>
    push("children", { external_userid: id, child_no: no, name, born_on: born });
  const knows = (id: string, guide: string, day: ShopDay) =>
    services.customers.contactAdded({
      ...{ guideUserid: guide, externalUserid: id, at: instantOf(day, "09:00", zone) },
    });
  const { passes } = { passes: () => services.passes };
  /** a day from its night to the guides' hour, and the words on their way */
  const morning = async (day: ShopDay) => {
    await house.night(day);
    await passes().recheck();
    await house.morning(day);
  };
  /** what the passes of some minutes do */
  const minutes = async () => {
    await passes().planMarked();
    await passes().recheck();
    await passes().release();
    await passes().offer();
    await passes().dispatch();
  };
  /** "touchpoint customer/child guide(for owner) state: reason" by touchpoint and child */
  const tasks = async (id: string) => {
    const rows = await store().read.rows<Record<string, string | number | null>>(
      `SELECT t.touchpoint_key AS tp, k.child_no AS child, g.userid AS guide, o.userid AS owner, k.state, k.reason,
         k.release_on AS day
       FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id JOIN customer c ON c.id = k.customer_id
         LEFT JOIN guide g ON g.id = k.guide_id LEFT JOIN guide o ON o.id = k.deputy_of
       WHERE c.external_userid = ? ORDER BY k.due_on, t.touchpoint_key, k.child_no`,
      [id],
    );
    return rows.map(({ tp, child, guide, owner, state, reason, day }) => {
      const who = `${guide ?? "-"}${owner ? ` for ${owner}` : ""}`;
      return `${tp}${child ? `/${child}` : ""} ${day?.toString().slice(5)} ${who} ${state}${reason ? `: ${reason}` : ""}`;
    });
  };
  const taskOf = async (key: string, id: string, state: string) => {
    const row = await store().read.row<{ id: number; guideId: number }>(
      `SELECT k.id, k.guide_id AS guideId FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id
         JOIN customer c ON c.id = k.customer_id WHERE t.touchpoint_key = ? AND c.external_userid = ? AND k.state = ?`,
      [key, id, state],
    );
    if (!row) throw new Error(`no ${state} ${key} of ${id}`);
    return row;
  };
  const wordsOf = async (key: string, id: string, state: string) => {
    const { guideId, id: taskId } = await taskOf(key, id, state);
    return (await services.tasks.one(guideId, taskId)).words;
  };
  /** the guide puts the words into the chat */
  const send = async (key: string, id: string) => {
    const { guideId, id: taskId } = await taskOf(key, id, "offered");
    const { words } = await services.tasks.takeWords(guideId, taskId);
    await services.tasks.reportSent(guideId, taskId);
    return words;
  };

  test("twins get one message that names both; another touchpoint of theirs waits for tomorrow", async () => {
    await customer("twins");
    await child("twins", 1, "大宝", "2025-09-02");
    await child("twins", 2, "小宝", "2025-09-02");
    await customer("two");
    await child("two", 1, "甲", "2025-08-02");
    await child("two", 2, "乙", "2025-08-02");
    await morning("2026-03-02");
    expect(await tasks("twins")).toEqual(["half/1 03-02 lan handed_over", "half/2 03-02 lan merged: merged"]);
    expect(await wordsOf("half", "twins", "handed_over")).toBe("大宝和小宝都满6个月啦，恭喜！");
    expect(await tasks("two")).toEqual(["one-each/1 03-02 lan offered", "one-each/2 03-03 lan planned"]);
    expect(await send("one-each", "two")).toBe("甲满7个月啦。");
    await morning("2026-03-03");
    expect(await send("one-each", "two")).toBe("乙满7个月啦。");
  });

  test("a twin whose date is corrected before the words have gone takes the message apart", async () => {
    await child("twins", 2, "小宝", "2025-09-05");
    await minutes();
    await minutes();
    expect((await tasks("twins"))[0]).toMatch(/^half\/1 03-04 lan planned/);
    expect((await tasks("twins"))[1]).toBe("half/2 03-05 lan planned: anchor_corrected");
    await morning("2026-03-04");
    expect(await wordsOf("half", "twins", "handed_over")).toBe("大宝都满6个月啦，恭喜！");
    await child("twins", 2, "小宝", "2025-09-20");
    await minutes();
    expect((await tasks("twins"))[1]).toBe("half/2 03-20 lan planned: anchor_corrected");
  });

  test("siblings with their ages; a name nobody knows is asked for, whosever it is", async () => {
    await customer("ages");
    await child("ages", 1, "大宝", "2025-03-05");
    await child("ages", 2, null, "2025-03-05");
    await morning("2026-03-05");
    expect(await tasks("ages")).toEqual([
      "ages/1 03-05 lan needs_data: no_data",
      "ages/2 03-05 lan merged: merged",
    ]);
    const { id, guideId } = await taskOf("ages", "ages", "needs_data");
    await services.tasks.supply(guideId, id, "小名", "小宝");
    expect(await send("ages", "ages")).toBe("大宝（1岁）和小宝（1岁）都长大啦。");
  });

  test("a loss ends every baby follow-up, a merged one with it; an absurd birthday makes none", async () => {
    await customer("loss");
    for (const no of [1, 2]) await child("loss", no, `宝${no}`, "2025-09-06");
    await customer("odd");
    await child("odd", 1, "怪", "1899-09-06");
    await morning("2026-03-06");
    const row = await store().read.row<{ id: number }>(
      "SELECT id FROM customer WHERE external_userid = 'loss'",
    );
    await services.customers.setStopped(row?.id ?? 0, true);
    await minutes();
    expect(await tasks("loss")).toEqual([
      "half/1 03-06 lan skipped: stopped",
      "half/2 03-06 lan merged: merged",
    ]);
    expect(await tasks("odd")).toEqual([]);
    expect(
      await store().read.rows("SELECT value FROM data_fault WHERE field = 'born_on' AND value IS NOT NULL"),
    ).toEqual([{ value: "1899-09-06" }]);
  });

  test("on leave: the deputy who knows the customer, else the day after, else the end with its reason", async () => {
    for (const id of ["known", "latest", "alone"]) await customer(id, { joined_on: "2026-03-07" });
    await customer("short", { joined_on: "2026-03-05" });
    await knows("known", "mei", "2026-03-01");
    await knows("known", "hong", "2026-03-06");
    await knows("latest", "ying", "2026-03-01");
    await knows("latest", "hong", "2026-03-06");
    await push("leaves", {
      ...{ guide_userid: "lan", from_on: "2026-03-10", to_on: "2026-03-11", deputy_userid: "mei" },
    });
    await morning("2026-03-10");
    expect(await tasks("known")).toEqual(["day-3 03-10 mei for lan handed_over"]);
    expect(await tasks("latest")).toEqual(["day-3 03-10 hong for lan handed_over"]);
    expect(await tasks("alone")).toEqual(["day-3 03-11 lan planned"]);
    expect((await tasks("short")).at(-1)).toBe("today 03-10 lan skipped: no_guide");
    const copied = await store().read.rows(
      "SELECT DISTINCT g.userid, k.store_id = g.store_id AS own FROM task k JOIN guide g ON g.id = k.guide_id WHERE k.deputy_of IS NOT NULL",
    );
    expect(copied).toEqual(
      expect.arrayContaining([
        { userid: "mei", own: 1 },
        { userid: "hong", own: 1 },
      ]),
    );
    const owner = await store().read.row(
      "SELECT g.userid FROM customer c JOIN guide g ON g.id = c.guide_id WHERE c.external_userid = 'known'",
    );
    expect(owner).toEqual({ userid: "lan" });
    await morning("2026-03-12");
    expect(await tasks("alone")).toEqual(["day-3 03-12 lan handed_over", "today 03-12 lan skipped: cap"]);
    // what a deputy was given for a day of leave stays with them
    expect((await tasks("known"))[0]).toBe("day-3 03-10 mei for lan handed_over");
  });

  test("a leave that begins after the list: taken back and given to the deputy; cancelled, and back again", async () => {
    await customer("sudden", { joined_on: "2026-03-13" });
    await knows("sudden", "hong", "2026-03-01");
    await morning("2026-03-16");
    expect(await tasks("sudden")).toEqual(["day-3 03-16 lan handed_over"]);
    await services.leaves.put(hq, { userid: "lan", fromOn: "2026-03-16", toOn: "2026-03-18" });
    await minutes();
    expect(await tasks("sudden")).toEqual(["day-3 03-16 hong for lan handed_over"]);
    await services.leaves.cancel(hq, "lan", "2026-03-16");
    await minutes();
    expect(await tasks("sudden")).toEqual(["day-3 03-16 lan planned"]);
    await morning("2026-03-17");
    expect(await tasks("sudden")).toEqual(["day-3 03-17 lan handed_over"]);
  });

  test("a guide who left: held, re-owned with the customer, or ended; the customers go over in one step", async () => {
    for (const id of ["moved", "lost", "refuses"])
      await customer(id, { guide_userid: "ying", joined_on: "2026-03-15" });
    await morning("2026-03-18");
    expect(await tasks("moved")).toEqual(["day-3 03-18 ying handed_over"]);
    await services.leaves.setLeft("ying", "2026-03-18");
    await minutes();
    for (const id of ["moved", "lost", "refuses"])
      expect(await tasks(id)).toEqual(["day-3 03-18 ying held: guide_left"]);
    await push("transfers", { external_userid: "refuses", outcome: "declined" });
    await push("transfers", { external_userid: "moved", guide_userid: "hong", outcome: "accepted" });
    await minutes();
    expect(await tasks("refuses")).toEqual(["day-3 03-18 ying skipped: transfer_declined"]);
    expect(await tasks("moved")).toEqual(["day-3 03-18 hong handed_over"]);
    await morning("2026-03-22");
    expect((await tasks("lost"))[0]).toBe("day-3 03-18 ying expired: grace_passed");

    for (const id of ["bulk1", "bulk2"])
      await customer(id, { guide_userid: "ying", joined_on: "2026-03-20" });
    await morning("2026-03-23");
    expect(await tasks("bulk1")).toEqual(["day-3 03-23 ying held: guide_left"]);
    await services.leaves.setLeft("ying", "2026-03-18", "mei");
    expect(await services.customers.handOverLeavers()).toBe(3);
    expect(await services.customers.handOverLeavers()).toBe(0);
    await minutes();
    for (const id of ["bulk1", "bulk2"]) expect(await tasks(id)).toEqual(["day-3 03-23 mei handed_over"]);
  });

  test("figures are of who did it, and counted anew they are the same", async () => {
    const cells = () =>
      store().read.rows(
        "SELECT * FROM rollup_guide ORDER BY on_day, guide_id, store_id, region_id, touchpoint_id, variant",
      );
    await passes().figures();
    const counted = await cells();
    await rebuild({ store: store(), zone });
    expect(await cells()).toEqual(counted);
    const ofDeputies = await store().read.rows(
      `SELECT DISTINCT g.userid FROM rollup_guide r JOIN guide g ON g.id = r.guide_id AND g.store_id = r.store_id
       WHERE r.on_day = '2026-03-10' AND r.issued > 0 ORDER BY g.userid`,
    );
    expect(ofDeputies).toEqual([{ userid: "hong" }, { userid: "mei" }]);
  });
});

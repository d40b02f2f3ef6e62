// The manager's view: their own subtree and nobody else's, who may need help, reminders within their limits.
import type { Store } from "../../../src/infra/store.js";
import { instantOf } from "../../../src/kernel/calendar.js";
import { rebuild } from "../../../src/reports/refresh.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../../support/desk-house.js";
import { enrolCustomer, openShop, planTask, zone } from "../../support/task-stand.js";

const today = "2026-03-02";

describeOnEachDatabase("the manager's view", (open) => {
  let store: Store;
  let house: DeskHouse;
  beforeEach(async () => {
    store = open();
    house = await openDeskHouse(store, today);
    await openShop(store);
    await store.write(async (sql) => {
      await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (6, 0, '华南', 0, '/6/')");
      await sql.run(
        "INSERT INTO store (id, code, name, region_id) VALUES (4, 's4', '天河店', 6), (7, 's7', '静安店', 5)",
      );
      await sql.run(
        "INSERT INTO guide (id, userid, name, store_id) VALUES (3, 'fang', '芳芳', 4), (4, 'qin', '琴琴', 7)",
      );
    });
    await house.account("boss", "manager", { regionId: 5 });
    await house.account("keeper", "store_manager", { storeId: 3 });
    for (const [id, guideId, storeId, regionId, day] of [
      [11, 1, 3, 5, today],
      [12, 1, 3, 5, "2026-02-27"],
      [21, 3, 4, 6, today],
      [31, 4, 7, 5, today],
    ] as const) {
      await enrolCustomer(store, id, { guideId });
      const task = await planTask(store, "page", id, { guideId, dueOn: day, state: "offered" });
      await store.write((sql) =>
        sql.run("UPDATE task SET offered_at = 1, store_id = ?, region_id = ? WHERE id = ?", [
          storeId,
          regionId,
          task,
        ]),
      );
    }
    await rebuild({ store, zone });
  });
  afterEach(() => house.close());

  test("is where managers begin, and names their own alone", async () => {
    const boss = await house.as("boss");
    expect((await boss.get("/")).headers.location).toBe("/team");
    const { text } = await boss.get("/team");
    expect(text).toContain("兰兰");
    expect(text).toContain("静安店");
    expect(text).not.toMatch(/芳芳|天河|华南/);
    const keeper = await house.as("keeper");
    const own = (await keeper.get("/team")).text;
    expect(own).toContain("兰兰");
    expect(own).not.toMatch(/琴琴|静安|芳芳|天河/);
  });

  test.each([
    ["boss", "region:5", 200],
    ["boss", "store:3", 200],
    ["boss", "region:6", 404],
    ["boss", "store:4", 404],
    ["keeper", "store:3", 200],
    ["keeper", "store:7", 404],
    ["keeper", "region:5", 404],
    ["boss", "else:1", 422],
  ])("%s looks at %s: %i", async (login, place, status) => {
    expect((await (await house.as(login)).get(`/team?in=${place}`)).status).toBe(status);
  });

  test("says who waits and for how long, the longest first", async () => {
    const { text } = await (await house.as("boss")).get("/team");
    const people = [
      ...text.matchAll(
        /<strong>([^<]+)<\/strong><small>[^<]*<\/small><\/span><span class="person-open">([^<]+)<small[^>]*>([^<]+)</g,
      ),
    ];
    expect(people.map(([, name, open, since]) => [name, open, since])).toEqual([
      ["兰兰", "2 位客户", "2月27日起，已 3 天"],
      ["琴琴", "1 位客户", "今天的"],
    ]);
  });

  test("who put everybody off is said to have, and why they are not reminded", async () => {
    const boss = await house.as("boss");
    await store.write((sql) =>
      sql.run("UPDATE task SET snoozed_until = ? WHERE guide_id = 4", [instantOf(today, "15:00", zone)]),
    );
    const { text } = await boss.get("/team");
    expect(text).toMatch(/琴琴[\s\S]{0,200}已推迟到 15:00/);
    expect(text).not.toMatch(/兰兰[\s\S]{0,120}已推迟/);
    const one = await boss.tap("/team/urge", { guide: 4 }, "/team");
    expect(one.text).toMatch(/1 位把客户都推迟了[^<]*没有打扰[\s\S]*琴琴 15:00/);
    expect(one.text).not.toContain("没有需要提醒的");
    expect(await store.read.rows("SELECT guide_id FROM guide_urge")).toEqual([]);
  });

  test("too few are not compared, said once a row; stores of one name show their codes", async () => {
    await store.write((sql) => sql.run("UPDATE store SET name = '静安店' WHERE id = 3"));
    const { text } = await (await house.as("boss")).get("/team");
    expect(text).toMatch(/静安店 s7</);
    const rows = text.match(/<div class="unit-name">[\s\S]*?<\/li>/g) ?? [];
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.match(/样本少/g)).toHaveLength(1);
      expect(row.match(/太少，不比/g)).toHaveLength(1);
      expect(row).not.toMatch(/比上周|上周没有可比的/);
    }
  });

  test("who was reminded shows when, and no button while they are left alone", async () => {
    const boss = await house.as("boss");
    const tapped = await boss.tap("/team/urge", { guide: 1 }, "/team");
    expect(tapped.text).toMatch(/id="urged-1" hx-swap-oob="true">\d\d:\d\d 提醒过</);
    expect(tapped.text).toContain('<span id="urge-1" hx-swap-oob="true"></span>');
    const { text } = await boss.get("/team");
    expect(text).toMatch(/id="urged-1">\d\d:\d\d 提醒过</);
    expect(text).toContain('id="urged-4"></small>');
    expect(text).toContain('<span id="urge-1"></span>');
    expect(text).toContain('<span id="urge-4"><form');
    await store.write((sql) => sql.run("UPDATE guide_urge SET reached = 0"));
    expect((await boss.get("/team")).text).toMatch(/id="urged-1">\d\d:\d\d 没有联系上</);
    await store.write((sql) => sql.run("UPDATE guide_urge SET at = at - ?, reached = 1", [2 * 3_600_000]));
    expect((await boss.get("/team")).text).toMatch(
      /id="urged-1">\d\d:\d\d 提醒过<\/small><span id="urge-1"><form/,
    );
  });

  test("reminds one or all, leaves alone who was reminded, and never a neighbour's", async () => {
    const boss = await house.as("boss");
    const one = await boss.tap("/team/urge", { guide: 1 }, "/team");
    expect(one.text).toContain("已提醒 1 位");
    expect(one.text).toContain("兰兰 2");
    const page = await boss.get("/team");
    const [, shown] = /name="shown" value="([\d,]+)"/.exec(page.text) ?? [];
    expect(shown?.split(",").sort()).toEqual(["1", "4"]);
    const all = await boss.tap("/team/urge", { shown: "4" }, "/team");
    expect(all.text).toMatch(/id="urged-4" hx-swap-oob="true"/);
    // a row that the page does not have is not sent to it
    expect(all.text).not.toContain('id="urged-1"');
    expect(all.text).toMatch(/已提醒 1 位[\s\S]*琴琴/);
    expect(all.text).toMatch(/1 位两小时内提醒过[\s\S]*兰兰/);
    const neighbour = await boss.tap("/team/urge", { guide: 3 }, "/team");
    expect(neighbour.text).toContain("没有需要提醒的");
    const urged = await store.read.rows<{ guide_id: number }>(
      "SELECT guide_id FROM guide_urge ORDER BY guide_id",
    );
    expect(urged.map(({ guide_id }) => guide_id)).toEqual([1, 4]);
    const audits = await store.read.rows<{ action: string; subject: string }>(
      "SELECT action, subject FROM audit_entry ORDER BY id",
    );
    expect(audits.map((row) => ({ ...row }))).toEqual([
      { action: "urge.start", subject: "guide:1" },
      { action: "urge.start", subject: "guide:4" },
    ]);
    expect((await boss.post("/team/urge", { guide: "x" }, "/team")).status).toBe(422);
  });

  test("reminds those of the place that is looked at alone, and none outside the reach", async () => {
    const boss = await house.as("boss");
    const urged = async () =>
      (await store.read.rows<{ id: number }>("SELECT guide_id AS id FROM guide_urge ORDER BY guide_id")).map(
        ({ id }) => id,
      );
    const { text } = await boss.get("/team?in=store:7");
    expect(text).toMatch(/<input type="hidden" name="in" value="store:7"><button[^>]*>提醒全部/);
    for (const place of ["store:4", "region:6"])
      expect((await boss.post("/team/urge", { in: place }, "/team")).status).toBe(404);
    expect(await urged()).toEqual([]);
    const one = await boss.post("/team/urge", { in: "store:7" }, "/team");
    expect(one.text).toMatch(/已提醒 1 位[\s\S]*琴琴[\s\S]*href="\/team\?in[^"]*store%3A7"/);
    expect(one.text).not.toContain("兰兰");
    expect(await urged()).toEqual([4]);
    expect((await boss.tap("/team/urge", { in: "store:7", guide: 1 }, "/team")).text).toContain(
      "没有需要提醒的",
    );
    expect((await boss.tap("/team/urge", { in: "region:5" }, "/team")).text).toMatch(
      /已提醒 1 位[\s\S]*兰兰/,
    );
    expect(await urged()).toEqual([1, 4]);
  });

  test("sends today's picture to the manager's own chat", async () => {
    const boss = await house.as("boss");
    const answer = await boss.tap("/team/picture", {}, "/team");
    expect([answer.status, answer.headers["hx-trigger"]]).toEqual([204, expect.stringContaining("notice")]);
    const hq = await house.account("chief", "hq").then(() => house.as("chief"));
    expect((await hq.get("/team")).status).toBe(403);
  });
});

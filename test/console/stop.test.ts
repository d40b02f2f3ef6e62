// The stop switch over HTTP: what it would stop, what it stopped, the banner on every page, and no flood afterwards.
import type { Store } from "../../src/infra/store.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../support/desk-house.js";
import { enrolCustomer, openShop, planTask } from "../support/task-stand.js";

const today = "2026-03-02";

describeOnEachDatabase("the stop switch", (open) => {
  let store: Store;
  let house: DeskHouse;
  beforeEach(async () => {
    store = open();
    house = await openDeskHouse(store, today);
    await openShop(store);
    await house.account("hq", "hq");
    await house.account("boss", "manager", { regionId: 5 });
    await house.account("lan", "guide", { guideId: 1 });
    for (const id of [11, 12]) {
      await enrolCustomer(store, id);
      await planTask(store, "greeting", id);
    }
    await house.services.passes.offer();
    await house.services.passes.dispatch();
  });
  afterEach(() => house.close());
  const states = async () =>
    (
      await store.read.rows<{ state: string; reason: string | null; releaseOn: string }>(
        "SELECT state, reason, release_on AS releaseOn FROM task ORDER BY id",
      )
    ).map((row) => ({ ...row }));

  test("takes back what no guide confirmed, says what, and bans nothing twice", async () => {
    expect((await states()).map(({ state }) => state)).toEqual(["handed_over", "handed_over"]);
    const hq = await house.as("hq");
    expect((await hq.get("/stop")).text).toContain("现在停止会怎样");
    const none = await hq.post("/stop", { reason: "  " }, "/stop");
    expect([none.status, none.text]).toEqual([422, expect.stringContaining("请写明为什么停止")]);
    expect((await hq.post("/stop", { reason: "今天是哀悼日" }, "/stop")).status).toBe(303);
    expect(await states()).toEqual(
      Array.from({ length: 2 }, () => ({
        state: "planned",
        reason: "emergency_stop",
        releaseOn: "2026-03-03",
      })),
    );
    const page = await hq.get("/stop");
    expect(page.text).toContain("今天是哀悼日");
    expect(page.text).toMatch(/新客旅程<\/th><td>华东<\/td><td>2</);
    expect((await hq.post("/stop", { reason: "又一次" }, "/stop")).status).toBe(303);
    expect((await hq.get("/stop")).text).not.toContain("又一次");
    const audits = await store.read.rows<{ action: string; after_json: string }>(
      "SELECT action, after_json FROM audit_entry",
    );
    expect(audits.map(({ action, after_json }) => [action, JSON.parse(after_json)])).toEqual([
      ["stop.pull", { stopped: true, reason: "今天是哀悼日" }],
    ]);
  });

  test("is told on every page while it lasts, and only then", async () => {
    const [hq, boss, lan] = [await house.as("hq"), await house.as("boss"), await house.as("lan")];
    const banner = async () =>
      Promise.all(
        [hq.get("/overview"), hq.get("/report"), boss.get("/team"), lan.get("/g/today")].map(async (page) =>
          (await page).text.includes("stop-banner"),
        ),
      );
    expect(await banner()).toEqual([false, false, false, false]);
    await hq.post("/stop", { reason: "发错了" }, "/stop");
    expect(await banner()).toEqual([true, true, true, true]);
    expect((await boss.get("/team")).text).not.toContain("查看与恢复");
    expect((await hq.post("/stop/resume", {}, "/stop")).headers.location).toBe("/stop?resumed=1");
    expect(await banner()).toEqual([false, false, false, false]);
    expect((await hq.post("/stop/resume", {}, "/stop")).headers.location).toBe("/stop");
  });

  test("floods nobody afterwards: what was taken back passes release and its caps again", async () => {
    const hq = await house.as("hq");
    await hq.post("/stop", { reason: "发错了" }, "/stop");
    await hq.post("/stop/resume", {}, "/stop");
    await house.services.passes.release();
    await house.services.passes.offer();
    expect((await states()).map(({ state }) => state)).toEqual(["planned", "planned"]);
    house.clock("2026-03-03", "09:30");
    await house.services.passes.release();
    await house.services.passes.offer();
    await house.services.passes.dispatch();
    expect((await states()).map(({ state }) => state)).toEqual(["handed_over", "handed_over"]);
  });

  test("is nobody's but HQ's", async () => {
    const boss = await house.as("boss");
    for (const path of ["/stop", "/stop/resume"])
      expect((await boss.post(path, { reason: "不" }, "/team")).status).toBe(403);
    expect(await house.services.emergency.state()).toBeNull();
  });
});

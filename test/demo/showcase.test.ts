// What the demo's headquarters has done before anybody looks: an experiment and a hold-out in its journey, a one-off, a view.
import { join } from "node:path";
import { demoJourney, saveView, workOfHeadquarters } from "../../src/demo/showcase.js";
import { addDays, instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { savedViewService } from "../../src/reports/saved/saved-views.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";

const zone = "Asia/Shanghai";
const start = "2026-03-02";
const hq = { accountId: 7, role: "hq", name: "HQ", guideId: null, storeId: null, regionId: null } as const;

describeOnEachDatabase("the demo's headquarters", (store) => {
  let house: House;
  const world = movableWorld(instantOf(start, "09:00", zone));
  beforeAll(() => {
    house = openHouse(store(), world);
  });
  afterAll(() => house.close());

  test("publishes the default journey with words compared and customers held out", async () => {
    const file = demoJourney(join(house.folder, "journeys"));
    await house.services.applyJourney(file, { yes: true, by: "demo" });
    const [list] = (await house.services.experiments.list()).filter(({ kind }) => kind === "variants");
    expect(list).toMatchObject({ key: "newborn-formula/day-7", state: "running" });
    const kinds = await store().read.rows("SELECT kind FROM experiment ORDER BY kind");
    expect(kinds).toEqual([{ kind: "hold_out" }, { kind: "variants" }]);
    const { n } = (await store().read.row<{ n: number }>("SELECT COUNT(*) AS n FROM touchpoint")) ?? { n: 0 };
    expect(Number(n)).toBeGreaterThan(30);
  });

  test("makes its one-off on its day, once", async () => {
    const today = addDays(start, 12);
    await workOfHeadquarters(house.services, addDays(start, -1), today);
    expect(await house.services.oneoffs.listed()).toEqual([]);
    for (let times = 0; times < 2; times++) await workOfHeadquarters(house.services, start, today);
    expect(await house.services.oneoffs.list()).toMatchObject([
      { name: "钻石会员回访", on: start, until: addDays(start, 3), state: "open" },
    ]);
  });

  test("shares its report with managers", async () => {
    await saveView({ store: store(), world }, hq);
    const views = savedViewService({ store: store(), world });
    expect(await views.list({ ...hq, accountId: 8, role: "manager" })).toMatchObject([
      { name: "各门店回复率（高到低）", sharedWith: "manager", isOwn: false },
    ]);
  });
});

// Words said to real customers before anything is published: on the day they fall due, and to nobody out of sight.
import { join } from "node:path";
import type { Viewer } from "../../src/identity/viewer.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import {
  type Previewed,
  sayTo,
  sentAlong,
  type WordPreviews,
  wordPreviews,
} from "../../src/tasks/word-previews.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";

const zone = "Asia/Shanghai";
const HQ: Viewer = { accountId: 1, role: "hq", name: "总部", guideId: null, storeId: null, regionId: null };
const month = (n: number): Previewed => ({
  trigger: { anchor: "child_born", offset: { unit: "months", n }, repeat: "once" },
  audience: {},
});

describeOnEachDatabase("previews of words", (store) => {
  let house: House;
  let previews: WordPreviews;
  const idOf = async (id: string) =>
    (await store().read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", [id]))?.id ??
    0;

  beforeAll(async () => {
    const world = movableWorld(instantOf("2026-03-09", "10:00", zone));
    house = openHouse(store(), world);
    house.put("brand/stores.csv", "门店编码,门店名称,大区\nS1,一店,华东\nS2,二店,华南\n");
    house.put("brand/guides.csv", "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nying,阿英,S2\n");
    house.put(
      "brand/customers.csv",
      "external_userid,name,guide_userid,joined_on,level\nold,老客,lan,2026-01-01,金卡\nbaby,小米妈,lan,2026-01-02,金卡\nfar,远妈,ying,2026-01-03,普通\nnone,没宝宝,lan,2026-01-04,金卡\n",
    );
    house.put(
      "brand/children.csv",
      "external_userid,child_no,name,born_on\nold,1,大米,2024-01-31\nbaby,1,小米,2025-10-10\nfar,1,,2025-12-31\n",
    );
    await house.services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    previews = wordPreviews({ store: store(), world, zone, openPhone: () => undefined });
  });
  afterAll(() => house.close());

  it("are rendered for the day they fall due, with who will send them", async () => {
    const met = await previews.customer(HQ, await idOf("baby"), month(6));
    expect(met).toMatchObject({
      name: "小米妈",
      dueOn: "2026-04-10",
      isInAudience: true,
      guideName: "兰兰",
      storeName: "一店",
    });
    if (!met) throw new Error("nobody");
    expect(sayTo(met.context, "{{child.name}}{{child.months}}个月了，我是{{guide.name}}")).toEqual({
      ...{ text: "小米6个月了，我是兰兰", missing: [] },
    });
  });

  it("say what is missing by name", async () => {
    const met = await previews.customer(HQ, await idOf("far"), month(6));
    expect(met && sayTo(met.context, "{{child.name}}好，{{last_order.category}}")).toEqual({
      ...{ text: null, missing: ["child.name", "last_order.category"] },
    });
  });

  it("a customer without the date is shown for today, and said so", async () => {
    expect(await previews.customer(HQ, await idOf("none"), month(6))).toMatchObject({ dueOn: null });
  });

  it("the next ones: only whose day is still to come, in the audience, round and round", async () => {
    const gold = { ...month(6), audience: { level: ["金卡"] } };
    const first = await previews.next(HQ, 0, month(6));
    const second = await previews.next(HQ, first?.id ?? 0, month(6));
    const third = await previews.next(HQ, second?.id ?? 0, month(6));
    expect([first, second, third].map((met) => met?.name)).toEqual(["小米妈", "远妈", "小米妈"]);
    expect((await previews.next(HQ, first?.id ?? 0, gold))?.name).toBe("小米妈");
    expect(await previews.next(HQ, 0, { ...gold, audience: { level: ["钻石"] } })).toBeUndefined();
    const birthday: Previewed = {
      trigger: { anchor: "child_born", offset: { unit: "days", n: 0 }, repeat: "yearly" },
      audience: {},
    };
    expect(await previews.next(HQ, 0, birthday)).toMatchObject({ name: "老客", dueOn: "2027-01-31" });
    const day: Previewed = {
      trigger: {
        anchor: "day",
        day: { monthDay: "06-18" },
        offset: { unit: "days", n: -3 },
        repeat: "yearly",
        spreadDays: 1,
      },
      audience: {},
    };
    expect(await previews.next(HQ, 0, day)).toMatchObject({ name: "老客", dueOn: "2026-06-15" });
  });

  it("nobody is shown to whom they are not", async () => {
    const guide = await store().read.row<{ id: number; storeId: number }>(
      "SELECT id, store_id AS storeId FROM guide WHERE userid = 'ying'",
    );
    const keeper: Viewer = { ...HQ, role: "store_manager", storeId: guide?.storeId ?? 0 };
    expect(await previews.customer(keeper, await idOf("baby"), month(6))).toBeUndefined();
    expect(await previews.next(keeper, 0, month(6))).toMatchObject({ name: "远妈" });
    expect(await previews.customer(HQ, 999_999, month(6))).toBeUndefined();
  });

  it("what a baby's month does not allow is left out", async () => {
    const met = await previews.customer(HQ, await idOf("baby"), month(6));
    const link = {
      kind: "link" as const,
      title: "一段",
      url: "https://a",
      blockedMonths: { from: 6, to: null },
    };
    const other = { kind: "link" as const, title: "二段", url: "https://b" };
    expect(met && sentAlong([link, other], met.context)).toEqual([other]);
  });
});

// An audience, whole: an order moves a customer between stages, a rule gives and takes the tag, the touchpoint's audience
// follows, and its task is made or cancelled.
import { instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";

const zone = "Asia/Shanghai";
const journey = `
key: care
name: 关怀
touchpoints:
  - key: silent
    name: 加好友满百天
    after: joined
    days: 100
    send: hand
    audience:
      all:
        - tag: 沉睡
        - not: { region: [华南] }
  - key: loyal
    name: 熟客
    after: joined
    days: 98
    send: hand
    audience: { orders: { at_least: 2 } }
  - key: spring
    name: 春天
    on: "04-10"
    send: hand
    audience: { orders: { at_least: 2 } }
`;

describeOnEachDatabase("an audience", (open) => {
  let house: House;
  let world: House["world"];
  let services: House["services"];

  beforeAll(async () => {
    house = openHouse(open(), movableWorld(instantOf("2026-03-01", "05:10", zone)));
    ({ world, services } = house);
    const { customers, tagRules } = services;
    await customers.push("stores", [{ store_code: "S1", store_name: "一店", 大区: "华东", 城市: "上海" }]);
    await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
    for (const id of ["wm1", "wm2"])
      await customers.push("customers", [
        { external_userid: id, guide_userid: "lan", joined_on: "2026-01-01" },
      ]);
    await order("wm1", "A1", "2026-01-10");
    await order("wm2", "B1", "2026-01-10");
    await tagRules.set("沉睡", { buying_stage: ["pre_churn_low", "pre_churn_high"] }, "system");
    await services.applyJourney(house.put("care.yaml", journey), { yes: false, by: "system" });
  });

  afterAll(() => house.close());

  const order = (id: string, no: string, on: ShopDay, status = "paid") =>
    services.customers.push("orders", [
      { order_no: no, external_userid: id, ordered_on: on, quantity: 2, amount: 300, status },
    ]);
  const dawn = async (day: ShopDay) => {
    world.set(instantOf(day, "05:10", zone));
    await services.passes.plan();
  };
  const tasks = async () =>
    (
      await open().read.rows<{ tp: string; id: string; state: string; reason: string | null }>(
        `SELECT t.touchpoint_key AS tp, c.external_userid AS id, k.state, k.reason FROM task k
           JOIN touchpoint t ON t.id = k.touchpoint_id JOIN customer c ON c.id = k.customer_id
         ORDER BY t.touchpoint_key, c.external_userid`,
      )
    ).map(({ tp, id, state, reason }) => `${tp} ${id} ${state}${reason ? `: ${reason}` : ""}`);
  const tagsOf = async (id: string) => {
    const { tags, past } = await services.tags.show(id);
    return [...tags.map(({ name, source }) => `${name} ${source}`), ...past.map(({ name }) => `-${name}`)];
  };

  test("the days alone make both silent, and both are planned", async () => {
    await dawn("2026-03-12");
    expect(await tagsOf("wm1")).toEqual(["沉睡 rule"]);
    await dawn("2026-04-11");
    expect(await tasks()).toEqual(["silent wm1 planned", "silent wm2 planned"]);
  });

  test("an order wakes one: the tag goes, and the task with it", async () => {
    await order("wm1", "A2", "2026-04-11");
    await services.passes.planMarked();
    expect(await tagsOf("wm1")).toEqual(["-沉睡"]);
    expect(await tagsOf("wm2")).toEqual(["沉睡 rule"]);
    expect(await tasks()).toEqual([
      // two orders: loyal, and inside the grace
      "loyal wm1 planned",
      "silent wm1 cancelled: audience_left",
      "silent wm2 planned",
      // the calendar day as well
      "spring wm1 planned",
    ]);
  });

  test("a refund takes the order back, and all that came of it", async () => {
    await order("wm1", "A2", "2026-04-11", "refunded");
    await services.passes.planMarked();
    expect(await tagsOf("wm1")).toEqual(["沉睡 rule", "-沉睡"]);
    expect(await tasks()).toEqual([
      "loyal wm1 cancelled: audience_left",
      "silent wm1 planned",
      "silent wm2 planned",
      "spring wm1 cancelled: audience_left",
    ]);
  });

  test("who moves to another region leaves at the next planning, though no mark told", async () => {
    const store = open();
    await store.write(async (sql) => {
      await sql.run("UPDATE region SET name = '华南' WHERE name = '华东'");
    });
    await dawn("2026-04-12");
    expect((await tasks()).filter((line) => line.startsWith("silent"))).toEqual([
      "silent wm1 cancelled: audience_left",
      "silent wm2 cancelled: audience_left",
    ]);
  });
});

// What falls due: days, weeks, months and their ends, birthdays, cycles, twins, audiences, straight from index to task.
import type { Store } from "../../src/infra/store.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type Planned, type PlanStand, planStandOn, trigger } from "../support/plan-stand.js";

const today = "2026-03-02";
const day3 = { "day-3": trigger("joined", 3) };

describeOnEachDatabase("what falls due", (open) => {
  let store: Store;
  let stand: PlanStand;
  beforeEach(async () => {
    store = open();
    await openPlanShop(store);
    stand = planStandOn(store);
  });
  const planned = async () => (await stand.plan.planDue()).days;
  it("makes a task a due customer, with all it needs and no event", async () => {
    await stand.publish(day3);
    await stand.customer("c1", { joined_on: "2026-02-27" });
    await stand.customer("c2", { joined_on: "2026-02-26" });
    expect(await stand.plan.planDue()).toEqual({
      planned: 1,
      days: [{ on: today, touchpoint: "day-3", planned: 1 }],
    });
    expect(await stand.task("day-3", "c1")).toMatchObject({
      ...{
        occurrence: 0,
        child_no: 0,
        guide: "lan",
        state: "planned",
        reason: null,
        priority: 0,
        variant: 0,
      },
      ...{ late: 0, due_on: today, anchor_on: "2026-02-27", release_on: today, expires_on: "2026-03-05" },
      ...{ released_on: null, offered_at: null, slot: 20260227 },
    });
    expect(await stand.events()).toEqual([]);
  });

  it.each<[string, Planned, string, string[], string[]]>([
    [
      "a month after, at the end of a short month",
      trigger("joined", 1, "months"),
      "2026-02-28",
      ["2026-01-27", "2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"],
      ["2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31"],
    ],
    [
      "a month after, on the last day of February in a leap year",
      trigger("joined", 1, "months"),
      "2028-02-29",
      ["2028-01-28", "2028-01-29", "2028-01-31"],
      ["2028-01-29", "2028-01-31"],
    ],
    [
      "a month after the end of a short month",
      trigger("joined", 1, "months"),
      "2026-03-31",
      ["2026-02-28", "2026-02-27"],
      [],
    ],
    ["weeks", trigger("joined", 2, "weeks"), today, ["2026-02-16", "2026-02-17"], ["2026-02-16"]],
    ["the day itself", trigger("joined", 0), today, ["2026-03-01", today], [today]],
  ])("%s", async (_name, touchpoint, due, joins, expected) => {
    stand.on(due);
    await stand.publish({ t: touchpoint });
    for (const joined of joins) await stand.customer(joined, { joined_on: joined });
    expect(await planned()).toEqual(
      expected.length > 0 ? [{ on: due, touchpoint: "t", planned: expected.length }] : [],
    );
    expect((await stand.tasks()).map((line) => line.split(" ")[1])).toEqual(expected);
  });

  it("a birthday every year, 29 February on the 28th where there is none, never the first day", async () => {
    await stand.publish({ birthday: trigger("customer_birthday", 0, "days", "yearly") });
    await stand.customer("leap", { birthday: "1992-02-29" });
    await stand.customer("plain", { birthday: "1990-02-28" });
    for (const day of ["2027-02-27", "2027-02-28", "2028-02-28", "2028-02-29"]) {
      stand.on(day);
      await stand.publish({ birthday: trigger("customer_birthday", 0, "days", "yearly") });
      await stand.plan.planByHand({ from: day, to: day, dryRun: false });
    }
    expect(await stand.tasks()).toEqual([
      "birthday leap 2027-02-28 planned",
      "birthday plain 2027-02-28 planned",
      "birthday plain 2028-02-28 planned",
      "birthday leap 2028-02-29 planned",
    ]);
    const rows = await store.read.rows<{ o: number }>("SELECT occurrence AS o FROM task ORDER BY o");
    expect(rows.map(({ o }) => o)).toEqual([2027, 2027, 2028, 2028]);
  });

  it("each cycle anew: an order opens the next, and its day is the occurrence", async () => {
    await stand.publish({ lapse: trigger("last_order", 30, "days", "each") });
    await stand.customer("c1");
    await stand.order("c1", "o1", "2026-01-31");
    expect(await planned()).toHaveLength(1);
    stand.on("2026-03-10");
    await stand.order("c1", "o2", "2026-03-10");
    stand.on("2026-04-09");
    await stand.plan.planDue();
    expect(await stand.tasks()).toEqual([
      "lapse c1 2026-03-02 cancelled: bought_already",
      "lapse c1 2026-04-09 planned",
    ]);
    const rows = await store.read.rows<{ o: number }>("SELECT occurrence AS o FROM task ORDER BY o");
    expect(rows.map(({ o }) => o)).toEqual([20260131, 20260310]);
  });

  it("twins each for themself; before a due date; nobody's customers wait", async () => {
    await stand.publish({
      moon: trigger("child_born", 1, "months"),
      soon: trigger("child_due", -2, "weeks"),
    });
    await stand.customer("twins");
    for (const child of [1, 2]) await stand.child("twins", child, { born_on: "2026-02-02" });
    await stand.customer("hope", { guide_userid: null });
    await stand.child("hope", 1, { due_on: "2026-03-16" });
    await stand.plan.planDue();
    expect(await stand.tasks()).toEqual([
      "moon twins/1 2026-03-02 planned",
      "moon twins/2 2026-03-02 planned",
      "soon hope/1 2026-03-02 held: no_guide",
    ]);
  });

  it.each<[string, Planned["audience"], string[]]>([
    ["everyone", {}, ["c1", "c2", "c3"]],
    ["by source", { source: ["门店", "公众号"] }, ["c1", "c2"]],
    ["by source and level", { source: ["门店"], level: ["金卡"] }, ["c1"]],
    ["by tag", { tag: ["羊奶", "过敏"] }, ["c2"]],
    ["by a large region", { region: ["华东"] }, ["c1", "c2"]],
    ["by a city", { region: ["广州"] }, ["c3"]],
    ["by brand", { brand_preference: ["A2"] }, ["c3"]],
    ["by a region there is none of", { region: ["火星"] }, []],
  ])("for an audience: %s", async (_name, audience, expected) => {
    await stand.publish({ t: { ...trigger("joined", 3), audience: audience ?? {} } });
    const joined_on = "2026-02-27";
    await stand.customer("c1", { joined_on, source: "门店", level: "金卡" });
    await stand.customer("c2", { joined_on, source: "公众号", tags: ["羊奶"] });
    await stand.customer("c3", { joined_on, guide_userid: "mei", brand_preference: "A2" });
    await stand.plan.planDue();
    expect((await stand.tasks()).map((line) => line.split(" ")[1])).toEqual(expected);
    const again = await stand.plan.planByHand({ from: today, to: today, dryRun: true });
    expect(again.planned).toBe(0);
  });
});

// What publishing says aloud though nothing is wrong with the file: names nobody has, days that are over.
import type { Store } from "../../src/infra/store.js";
import { dayWarnings } from "../../src/journeys/day-warnings.js";
import { audienceWarnings, nameWarnings } from "../../src/journeys/name-warnings.js";
import type { DayTrigger, TouchpointSpec } from "../../src/journeys/spec.js";
import { describeOnEachDatabase } from "../support/databases.js";

describeOnEachDatabase("warnings", (store) => {
  beforeAll(() => openOrganisation(store()));

  it.each([
    ["known names", { region: ["华东", "东北/吉林", "上海"], store: ["S1"] }, []],
    ["a name one inside the other", { region: ["上海"] }, []],
    ["a region nobody has", { region: ["华冬"] }, ["没有叫“华冬”的区域，按它找不到客户"]],
    ["a path nobody has", { region: ["华东/吉林"] }, ["没有叫“华东/吉林”的区域，按它找不到客户"]],
    [
      "a name of two places",
      { any: [{ not: { region: ["新区"] } }] },
      ["有 2 个区域叫“新区”，都算在内；只要其中一个请写全：华东/新区、东北/新区"],
    ],
    ["a store nobody has", { store: ["S1", "S9"] }, ["没有编号为“S9”的门店，按它找不到客户"]],
  ])("%s", async (_what, audience, lines) => {
    expect(await nameWarnings(store().read, audience)).toEqual(lines);
  });

  it("name the touchpoint", async () => {
    const touchpoints = [{ name: "新客", audience: { region: ["华冬"] } } as unknown as TouchpointSpec];
    expect(await audienceWarnings(store().read, { touchpoints })).toEqual([
      "「新客」：没有叫“华冬”的区域，按它找不到客户",
    ]);
  });

  it.each([
    ["over", "2026-06-21", ["「大促」等待的日子最后一天是 2026-06-20，已经过去，从今天起不会生成任务"]],
    ["with its last turn today", "2026-06-20", []],
    ["to come", "2026-01-01", []],
  ])("dates %s", async (_what, today, lines) => {
    const trigger: DayTrigger = {
      ...{ anchor: "day", day: { dates: ["2026-06-18"] }, offset: { unit: "days", n: 0 } },
      ...{ repeat: "once", spreadDays: 3 },
    };
    const touchpoints = [{ name: "大促", trigger } as unknown as TouchpointSpec];
    expect(await dayWarnings(store().read, { touchpoints }, today)).toEqual(lines);
  });
});

/** 华东 > 上海 > 上海, 华东 > 新区, 东北 > 吉林, 东北 > 新区, with the store S1 in the first. */
async function openOrganisation(store: Store): Promise<void> {
  const regions: [id: number, parent: number, name: string, depth: number, trail: string][] = [
    [1, 0, "华东", 0, "/1/"],
    [2, 1, "上海", 1, "/1/2/"],
    [3, 2, "上海", 2, "/1/2/3/"],
    [4, 1, "新区", 1, "/1/4/"],
    [5, 0, "东北", 0, "/5/"],
    [6, 5, "吉林", 1, "/5/6/"],
    [7, 5, "新区", 1, "/5/7/"],
  ];
  await store.write(async (sql) => {
    for (const region of regions)
      await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (?, ?, ?, ?, ?)", region);
    await sql.run("INSERT INTO store (code, name, region_id) VALUES ('S1', '一店', 3)");
  });
}

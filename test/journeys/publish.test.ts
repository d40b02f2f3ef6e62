// What a new version changes, told touchpoint by touchpoint; triggers and audiences in Chinese.
import { changesBetween, sayChanges } from "../../src/journeys/publish.js";
import { sayAudience } from "../../src/journeys/say-audience.js";
import { sayTrigger } from "../../src/journeys/say-trigger.js";
import type { AnchorKind, JourneySpec, Repeat, TouchpointSpec, Unit } from "../../src/journeys/spec.js";

const day3: TouchpointSpec = {
  key: "day-3",
  name: "第3天关怀",
  trigger: { anchor: "joined", offset: { unit: "days", n: 3 }, repeat: "once" },
  at: null,
  graceDays: 3,
  priority: "service",
  send: "mass",
  audience: {},
  words: "您好",
};
const day7: TouchpointSpec = { ...day3, key: "day-7", name: "第7天" };
const journey = (...touchpoints: TouchpointSpec[]): JourneySpec => ({ key: "j", name: "旅程", touchpoints });

describe("changes between versions", () => {
  it.each<[string, Partial<TouchpointSpec>, string[], string]>([
    ["words", { words: "早" }, ["words"], "话术改写"],
    [
      "no words any more",
      { words: null, send: "hand" },
      ["words", "other"],
      "去掉话术；方式由企业微信群发改为人工跟进",
    ],
    [
      "trigger",
      { trigger: { ...day3.trigger, offset: { unit: "days", n: 5 } } },
      ["trigger"],
      "到期由加好友后第3天改为加好友后第5天",
    ],
    ["grace", { graceDays: 0 }, ["grace"], "宽限由3天改为0天"],
    ["name", { name: "三天" }, ["other"], "名称由第3天关怀改为三天"],
    ["time", { at: "09:07" }, ["other"], "最早发送由导购时间改为09:07"],
    ["priority", { priority: "churn" }, ["other"], "优先级由服务改为挽回"],
    ["audience", { audience: { source: ["门店"] } }, ["other"], "人群由全部客户改为来源：门店"],
  ])("%s", (_what, change, aspects, said) => {
    const after = { ...day3, ...change };
    const changes = changesBetween(journey(day3, day7), journey(after, day7));
    expect(changes.touchpoints).toMatchObject([{ key: "day-3", kind: "changed", aspects }]);
    expect(sayChanges(changes)).toEqual([`修改「${after.name}」：${said}`]);
  });

  it("tells of the new, the removed and the journey's name", () => {
    const changes = changesBetween(journey(day3), { ...journey(day7), name: "新旅程" });
    expect(sayChanges(changes)).toEqual([
      "旅程名称：「旅程」改为「新旅程」",
      "新增「第7天」：加好友后第3天，企业微信群发",
      "移除「第3天关怀」：加好友后第3天",
    ]);
  });

  it("finds none in another order, and everything new at first", () => {
    expect(sayChanges(changesBetween(journey(day3, day7), journey(day7, day3)))).toEqual([]);
    expect(changesBetween(null, journey(day3)).touchpoints).toMatchObject([{ kind: "new" }]);
  });
});

describe("saying", () => {
  it.each<[AnchorKind, number, Unit, Repeat, string]>([
    ["joined", 7, "days", "once", "加好友后第7天"],
    ["joined", 0, "days", "once", "加好友当天"],
    ["guide_assigned", 60, "days", "once", "分配导购后第60天"],
    ["first_order", 2, "weeks", "once", "首次购买后第2周"],
    ["first_order", 2, "months", "once", "首次购买满2个月"],
    ["child_born", 6, "months", "once", "宝宝满6个月"],
    ["child_born", 30, "days", "once", "宝宝满30天"],
    ["child_born", 0, "days", "yearly", "宝宝生日当天，每年"],
    ["child_born", -3, "days", "yearly", "宝宝生日前3天，每年"],
    ["child_due", -2, "weeks", "once", "预产期前2周"],
    ["last_order", 45, "days", "each", "最近一次购买后第45天，每次"],
    ["customer_birthday", 0, "days", "yearly", "生日当天，每年"],
    ["supply_ends", -7, "days", "each", "预计用完前7天，每次"],
    ["at_risk", 0, "days", "each", "出现流失风险当天，每次"],
  ])("%s %d %s %s: %s", (anchor, n, unit, repeat, said) => {
    expect(sayTrigger({ anchor, offset: { unit, n }, repeat })).toBe(said);
  });

  it("an audience", () => {
    expect(sayAudience({})).toBe("全部客户");
    expect(sayAudience({ tag: ["二胎"], source: ["门店", "电商"] })).toBe("来源：门店、电商；标签：二胎");
  });
});

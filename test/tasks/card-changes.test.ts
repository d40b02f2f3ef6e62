// The day's card once it was told, over the sandbox: changed by a tap's own code, and once by that of the send.
import { instantOf } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, type SandboxHouse } from "../support/house.js";

const journey = `
key: care
name: 关怀
touchpoints:
  - { key: day-3, name: 第3天, after: joined, days: 3, send: page, words: "{{customer.name}}，您好。" }
`;

describeOnEachDatabase("the day's card", (store) => {
  let house: SandboxHouse;
  beforeAll(async () => {
    house = await openSandboxHouse(store(), instantOf("2026-03-10", "10:00", "Asia/Shanghai"));
    const { services, sandbox, url } = house;
    sandbox.connect({ callbackUrl: `${url}/wecom/callback` });
    sandbox.enrol({ guides: ["lan", "mei"].map((userid) => ({ userid, name: userid, skill: 0 })) });
    house.put("brand/stores.csv", "门店编码,门店名称,大区\nS1,一店,华东\n");
    house.put("brand/guides.csv", "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,梅梅,S1\n");
    const rows = ["a,甲,lan", "b,乙,lan", "c,丙,mei"].map((row) => `${row},2026-03-09\n`);
    house.put("brand/customers.csv", `客户ID,姓名,导购账号,加入日期\n${rows.join("")}`);
    const path = house.put("care.yaml", journey);
    await services.customers.importFrom(path.replace("care.yaml", "brand"), { trigger: false });
    await services.applyJourney(path, { yes: true, by: "system" });
    await house.morning("2026-03-12");
  });
  afterAll(() => house.close());

  const card = (userid: string) => {
    const shown = house.sandbox.phone(userid)?.messages.map((one) => one.shown) ?? [];
    return shown.flatMap((one) => (one.msgtype === "template_card" ? [one] : [])).at(-1);
  };
  const send = async (userid: string) => {
    const { tasks } = house.services;
    const guide = await store().read.row<{ id: number }>("SELECT id FROM guide WHERE userid = ?", [userid]);
    const open = (await tasks.todaysList(guide?.id ?? 0)).find(({ state }) => state === "offered");
    await tasks.reportSent(guide?.id ?? 0, open?.taskId ?? 0);
  };

  test("a tap changes it by the tap's own code, as often as it is tapped", async () => {
    expect(card("lan")?.title).toContain("2 位");
    await send("lan");
    for (const title of ["今日跟进还剩 1 位", "今日跟进还剩 1 位"]) {
      await house.sandbox.guideTaps("lan", card("lan")?.cardId ?? "", "list");
      await house.services.passes.callbacks();
      expect(card("lan")?.title).toBe(title);
    }
    expect(await house.services.passes.cards()).toBeUndefined();
  });

  test("the code of the send is kept until the list is finished, and spent once", async () => {
    await send("lan");
    expect(await house.services.passes.cards()).toBe("1 张卡片更新");
    expect(card("lan")).toMatchObject({
      title: "今天的跟进都做完了",
      description: "2 位客户都照顾到了，辛苦了！",
    });
    expect(await house.services.passes.cards()).toBeUndefined();
  });

  test("or until evening", async () => {
    house.clock("2026-03-12", "20:31");
    expect(await house.services.passes.cards()).toBe("1 张卡片更新");
    expect(card("mei")?.title).toBe("今日跟进还剩 1 位");
    expect(await house.services.passes.cards()).toBeUndefined();
  });
});

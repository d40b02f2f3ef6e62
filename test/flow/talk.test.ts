// A day in chat, whole: a guide works off the list in a handful of messages, is nudged once, and the manager hears of it in
// the evening, in words and in a picture. Over HTTP to the sandbox, as the phones show it.
import { join } from "node:path";
import { pictureOf } from "../../src/infra/pictures.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { wire } from "../../src/wire.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse } from "../support/house.js";
import { until } from "../support/until.js";

const zone = "Asia/Shanghai";
const at = (day: string, time: string) => instantOf(day, time, zone);
const day = "2026-03-02";

const names = ["王芳", "李娜", "张敏", "刘洋", "陈静", "杨丽", "赵敏", "周婷"];
const customers = names.map((name, n) => ({ id: `wm${n + 1}`, name }));
/** wm1 … wm4: the same words; wm5: her baby's name is missing; wm6, wm7: a call; wm8: words for the page. */
const joinedOn = (n: number) =>
  n <= 4 ? "2026-02-27" : n === 5 ? "2026-01-01" : n <= 7 ? "2026-02-20" : "2026-02-23";
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区,省份,城市\nS1,徐汇店,华东,上海市,上海市\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,梅梅,S1\n",
  "customers.csv": [
    "客户ID,姓名,导购账号,加入日期",
    ...customers.map(({ id, name }, n) => `${id},${name},lan,${joinedOn(n + 1)}`),
    "wm9,孙倩,mei,2026-02-27",
  ].join("\n"),
  "children.csv": "客户ID,宝宝序号,宝宝姓名,出生日期\nwm5,1,,2025-09-02\n",
};
const journey = `
key: talk
name: 对话
touchpoints:
  - { key: half, name: 半岁, after: child_born, months: 6, send: mass, priority: milestone, words: "{{child.name}}满6个月啦！" }
  - { key: day-3, name: 第3天, after: joined, days: 3, send: mass, words: "您好，这里是徐汇店。" }
  - { key: page-7, name: 第7天, after: joined, days: 7, send: page, words: "{{customer.name}}，宝宝还习惯吗？" }
  - { key: call-10, name: 第10天回访, after: joined, days: 10, send: hand }
`;

describeOnEachDatabase("a day in chat", (store) => {
  let house: SandboxHouse;

  beforeAll(async () => {
    house = await openSandboxHouse(store(), at(day, "04:00"), { seed: "talk" });
    const { sandbox, services, url } = house;
    sandbox.enrol({
      guides: [
        { userid: "lan", name: "兰兰", skill: 0 },
        { userid: "mei", name: "梅梅", skill: 0 },
        { userid: "chen", name: "陈经理", external: false },
      ],
      customers: [...customers, { id: "wm9", name: "孙倩" }].map(({ id, name }) => ({
        ...{ externalUserid: id, name },
      })),
      contacts: [...customers.map(({ id }) => [id, "lan"]), ["wm9", "mei"]].map(([id = "", guide = ""]) => ({
        ...{ guideUserid: guide, externalUserid: id, createdAt: at("2026-01-01", "12:00") },
      })),
    });
    sandbox.connect({ callbackUrl: `${url}/wecom/callback` });
    for (const [name, text] of Object.entries(files)) house.put(`brand/${name}`, text);
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false, today: "2026-03-01" });
    await services.applyJourney(house.put("talk.yaml", journey), { yes: true, by: "system" });
    const region = await store().read.row<{ id: number }>("SELECT id FROM region WHERE name = '华东'");
    await services.identity.createAccount({
      ...{ login: "chen", name: "陈经理", role: "manager", password, regionId: region?.id ?? 0 },
    });
  });
  afterAll(() => house.close());

  const shown = (userid: string) => (house.sandbox.phone(userid)?.messages ?? []).map((one) => one.shown);
  /** What the app told somebody, pictures as their kind. */
  const told = (userid: string) =>
    shown(userid).flatMap((one) =>
      one.msgtype === "said" ? [] : one.msgtype === "template_card" ? [one.title] : [one.text],
    );
  let second = 0;
  /** Types into the app; gives the answer. */
  const say = async (text: string, userid = "lan") => {
    // what is said at one second of WeCom's clock is one push
    house.world.set(house.world.now() + 1000 * ++second);
    const before = told(userid).length;
    await house.sandbox.guideSays(userid, text);
    await house.services.passes.callbacks();
    await until(() => told(userid).length > before);
    expect(told(userid)).toHaveLength(before + 1);
    return told(userid).at(-1) ?? "";
  };
  const tasks = async () => {
    const rows = await store().read.rows<{ id: string; state: string }>(
      `SELECT c.external_userid AS id, t.state FROM task t JOIN customer c ON c.id = t.customer_id
       WHERE c.guide_id = 1 ORDER BY c.external_userid`,
    );
    return rows.map(({ state }) => state);
  };

  test("the morning: one card, however many customers", async () => {
    await house.morning(day);
    expect(told("lan")).toEqual(["今日跟进 8 位客户"]);
    expect(shown("lan")[0]).toMatchObject({
      lines: [
        { label: "4 位", value: "第3天" },
        { label: "1 位", value: "第7天" },
        { label: "2 位", value: "第10天回访" },
        { label: "1 位", value: "半岁" },
      ],
    });
  });

  test("a guide finishes all but one in six messages and a tap", async () => {
    house.clock(day, "10:00");
    expect(await say("任务")).toBe(
      [
        "今天还有 8 位客户待跟进：",
        "1. 王芳 加好友第3天【群发助手待确认】",
        "2. 李娜 加好友第3天【群发助手待确认】",
        "3. 张敏 加好友第3天【群发助手待确认】",
        "4. 刘洋 加好友第3天【群发助手待确认】",
        "5. 周婷 加好友第7天【打开页面发送】",
        "6. 杨丽 加好友第10天【回访】",
        "7. 赵敏 加好友第10天【回访】",
        "8. 陈静 宝宝今天满6个月【待补：宝宝小名】",
        "带「群发助手」的 4 位：打开企业微信的群发助手，点一下确认就会发出。",
        "回复数字看内容，回复「帮助」看怎么做。",
      ].join("\n"),
    );
    expect(await say("补８小名小米")).toBe(
      "8. 陈静：已记录宝宝小名。\n还剩 8 位待跟进，回复「任务」看列表。",
    );
    await house.services.passes.dispatch();
    expect(await say("撤回 4")).toBe(
      "4. 刘洋：已从群发助手撤回，过后会再放进去；不想发请回复「跳过」加号码。\n还剩 8 位待跟进，回复「任务」看列表。",
    );
    await house.services.passes.dispatch();
    for (const mass of house.sandbox.phone("lan")?.masses ?? [])
      if (mass.state === "waiting") await house.sandbox.guideConfirms("lan", mass.msgid);
    house.world.set(house.world.now() + 60_000);
    await house.services.passes.poll();
    expect(await say("跳过4 已经聊过了")).toBe(
      "4. 刘洋：已跳过：已经聊过。\n还剩 3 位待跟进，回复「任务」看列表。",
    );
    expect(await say("完成6、7 都打过电话了")).toBe(
      "6. 杨丽：已记录：人工完成。\n7. 赵敏：已记录：人工完成。\n还剩 1 位待跟进，回复「任务」看列表。",
    );
    expect(await say("撤回 1")).toBe(
      "1. 王芳：已经发出去了，收不回来。\n还剩 1 位待跟进，回复「任务」看列表。",
    );
    expect(await tasks()).toEqual([
      ...["sent", "sent", "sent", "skipped", "sent", "done_by_hand", "done_by_hand", "offered"],
    ]);
  });

  test("what is no command is answered with help once, then in a line, and kept for HQ", async () => {
    expect(await say("今天好忙呀")).toMatch(/^没看懂这句话。\n\n你可以这样回复我/);
    expect(await say("是吗")).toBe("没看懂这句话。回复「帮助」看可以怎么说，回复「任务」看今天的客户。");
    const kept = await store().read.rows("SELECT userid, said, helped FROM free_text ORDER BY id");
    expect(kept).toEqual([
      { userid: "lan", said: "今天好忙呀", helped: 1 },
      { userid: "lan", said: "是吗", helped: 0 },
    ]);
  });

  test("the afternoon: what is open is brought to mind once, by whichever process", async () => {
    const other = wire({ ...house.services, log: house.services.log });
    const before = told("lan").length;
    house.clock(day, "15:36");
    await house.services.passes.nudge();
    expect(told("lan")).toHaveLength(before);
    house.clock(day, "15:50");
    await Promise.all([house.services.passes.nudge(), other.passes.nudge(), house.services.passes.nudge()]);
    await other.passes.nudge();
    expect(told("lan").slice(before)).toEqual([
      [
        "下午好，今天还有 1 位客户待跟进（已完成 7 位）：",
        "5. 周婷 加好友第7天【打开页面发送】",
        "顾不上的，回复「稍后 号码」或「跳过 号码 原因」。",
      ].join("\n"),
    ]);
    expect(told("mei").filter((text) => text.startsWith("下午好"))).toHaveLength(1);
    await other.close();
  });

  test("the evening: figures and a picture for the manager, once, by whichever process", async () => {
    const other = wire({ ...house.services, log: house.services.log });
    house.clock(day, "20:30");
    expect(await house.services.passes.summary()).toBeUndefined();
    house.clock(day, "20:50");
    await Promise.all([house.services.passes.summary(), other.passes.summary()]);
    await other.passes.summary();
    await other.close();
    expect(told("chen")).toHaveLength(2);
    expect(told("chen")[0]).toBe(
      [
        "华东 3月2日 小结",
        "下发 9，完成 6（67%），准时 67%",
        "送达 4，回复率 —，客户消息 0 条",
        "还没完成的：2 位导购、2 位客户；最多的：兰兰 1 位、梅梅 1 位",
        "回复「催办」提醒他们，回复「报表」看最新数字。",
        "客户还在回复，回复率会继续变化。",
      ].join("\n"),
    );
    const [, picture] = shown("chen");
    if (picture?.msgtype !== "image") throw new Error("no picture");
    const file = await fetch(`${house.sandbox.url}/sandbox/media/${picture.mediaId}`);
    expect(pictureOf(Buffer.from(await file.arrayBuffer()))).toMatchObject({ type: "png", width: 1080 });
  });

  test("the manager asks, and urges: whoever was urged is left alone", async () => {
    expect(await say("报表　华东大区", "chen")).toContain("华东 2026-03-02");
    expect(await say("报表 昨天", "chen")).toBe("华东 2026-03-01：还没有下发任务。");
    expect(await say("报表 上海市", "chen")).toContain("上海市 2026-03-02");
    expect(await say("报表 华南", "chen")).toBe("没有找到「华南」。");
    const before = told("lan").length;
    expect(await say("催办", "chen")).toContain("已提醒 2 位导购，共 2 位客户待跟进。");
    expect(await say("崔办", "chen")).toBe("2 位两小时内提醒过，这次没有再打扰。");
    expect(told("lan").slice(before)).toEqual(["陈经理提醒：今天还有 1 位客户待跟进。回复「任务」看列表。"]);
    expect(await say("撤回 1", "chen")).toMatch(/^这个口令是导购用的。/);
  });

  test("yesterday's numbers are answered and not guessed", async () => {
    house.clock("2026-03-03", "08:00");
    const answer = await say("跳过 5 太忙");
    expect(answer).toContain("你上次看的是3月2日的列表，号码已经变了。这是今天的：");
    expect(await tasks()).toContain("offered");
  });
});

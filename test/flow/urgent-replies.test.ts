// Customers who complain, are worried, or want no more: over real HTTP, from what the sandbox's people type into their
// chats to the guide's phone and back.
import { join } from "node:path";
import request from "supertest";
import { instantOf } from "../../src/kernel/calendar.js";
import { moveTasks } from "../../src/tasks/moves.js";
import { backToPlanned } from "../../src/tasks/putting-off.js";
import { archived, recallOf } from "../support/chats.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, signedIn } from "../support/house.js";
import { taskFaults } from "../support/invariants.js";

const zone = "Asia/Shanghai";
const at = (time: string, day = "2026-03-02") => instantOf(day, time, zone);
const people = ["林悦", "何佳", "王芳", "李娜", "赵敏"];
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区\nS1,徐汇店,华东\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,小梅,S1\n",
  "customers.csv": [
    "客户ID,姓名,导购账号,加入日期",
    ...people.map((name, n) => `wm${n + 1},${name},lan,2026-02-27`),
  ].join("\n"),
};
const journey = `
key: care
name: 新客关怀
touchpoints:
  - { key: day-3, name: 第3天, after: joined, days: 3, send: mass, words: "{{customer.name}}您好。" }
  - { key: day-5, name: 第5天, after: joined, days: 5, send: page, words: "{{customer.name}}，还好吗？" }
`;

describeOnEachDatabase("urgent replies", (store) => {
  let house: SandboxHouse;
  let { world, sandbox, services, url }: Pick<SandboxHouse, "world" | "sandbox" | "services" | "url"> =
    {} as SandboxHouse;
  let key: string;

  beforeAll(async () => {
    house = await openSandboxHouse(store(), at("10:00", "2026-02-28"));
    ({ world, sandbox, services, url } = house);
    key = (await services.identity.keys.create("archive", world.now())).key;
    sandbox.connect({
      callbackUrl: `${url}/wecom/callback`,
      intake: { url: `${url}/api/intake/messages`, key },
    });
    sandbox.enrol({
      guides: ["lan", "mei"].map((userid) => ({ userid, name: userid, skill: 0 })),
      customers: people.map((name, n) => ({ externalUserid: `wm${n + 1}`, name })),
      contacts: people.map((_, n) => ({
        ...{ guideUserid: "lan", externalUserid: `wm${n + 1}`, createdAt: at("11:00", "2026-02-27") },
      })),
    });
    for (const [name, text] of Object.entries(files)) house.put(`brand/${name}`, text);
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    await services.applyJourney(house.put("care.yaml", journey), { yes: true, by: "system" });
    await services.identity.createAccount({ login: "hq", name: "总部", role: "hq", password });
    await services.identity.createAccount({
      login: "east",
      name: "经理",
      role: "manager",
      regionId: 1,
      password,
    });
    await house.morning("2026-03-02");
    world.set(at("10:00"));
  });
  afterAll(() => house.close());
  afterEach(async () => {
    expect(await taskFaults(store(), {})).toEqual([]);
  });

  const rows = <T>(sql: string) => store().read.rows<T>(sql);
  const told = (userid = "lan") =>
    (sandbox.phone(userid)?.messages ?? []).flatMap(({ shown }) =>
      shown.msgtype === "text" ? [shown.text] : [],
    );
  /** The tasks that replies raised: customer, state, reason. */
  const raised = () =>
    rows<{ customer: string; state: string; reason: string | null }>(
      `SELECT c.external_userid AS customer, t.state, t.reason FROM task t JOIN customer c ON c.id = t.customer_id
         JOIN touchpoint p ON p.id = t.touchpoint_id WHERE p.touchpoint_key = 'urgent-reply' ORDER BY t.id`,
    );
  const others = (customer: string) =>
    rows(
      `SELECT t.state, t.reason FROM task t JOIN customer c ON c.id = t.customer_id JOIN touchpoint p ON p.id = t.touchpoint_id
       WHERE p.touchpoint_key <> 'urgent-reply' AND c.external_userid = '${customer}' ORDER BY t.id`,
    );
  const push = (messages: unknown[]) =>
    request(url)
      .post("/api/intake/messages")
      .set("Authorization", `Bearer ${key}`)
      .send({ messages })
      .expect(200);
  const sentence = async (customer: string) => {
    const hq = await signedIn(url, "hq");
    const { body } = await hq.get(`/api/customers/${customer}/timeline`).expect(200);
    return (body.timeline as { touchpoint: string; sentence: string }[])
      .filter(({ touchpoint }) => touchpoint === "urgent-reply")
      .map((line) => line.sentence);
  };

  test("a complaint is on the guide's phone and list at once", async () => {
    await sandbox.customerSays("wm1", "lan", "你们奶粉里有异物，我要投诉！");
    expect(await raised()).toEqual([{ customer: "wm1", state: "offered", reason: null }]);
    const [note] = told();
    expect(note).toContain("【请马上处理】林悦 10:00来信");
    expect(note).toContain("「你们奶粉里有异物，我要投诉！」");
    expect(note).toContain("投诉或不满");
    expect(note).toContain("任务第 6 条");
    expect(note).toContain("完成 6 已沟通安抚");
    await sandbox.guideSays("lan", "任务");
    await services.passes.callbacks();
    expect(told().at(-1)).toContain("10:00「你们奶粉里有异物，我要投诉！」");
    expect(await sentence("wm1")).toEqual([expect.stringContaining("已在导购的任务里")]);
    // nothing else of hers has changed
    expect(await others("wm1")).toEqual([{ state: "handed_over", reason: null }]);
  });

  test("the guide reports how it went by its number", async () => {
    world.set(at("10:20"));
    await sandbox.guideSays("lan", "任务");
    await services.passes.callbacks();
    const number = /(\d+)\. 林悦 客户的回复/.exec(told().at(-1) ?? "")?.[1];
    await sandbox.guideSays("lan", `完成 ${number} 已转客服跟进 已登记批次`);
    await services.passes.callbacks();
    expect(await raised()).toMatchObject([{ customer: "wm1", state: "done_by_hand" }]);
    expect(await sentence("wm1")).toEqual([expect.stringContaining("已由兰兰人工完成")]);
  });

  test("who wants no more gets no more, and the guide knows why", async () => {
    world.set(at("10:30"));
    await sandbox.customerSays("wm2", "lan", "别再发了，退订");
    expect(await rows("SELECT opted_out FROM customer WHERE external_userid = 'wm2'")).toEqual([
      { opted_out: 1 },
    ]);
    expect(await others("wm2")).toEqual([{ state: "skipped", reason: "opted_out" }]);
    expect(sandbox.phone("lan")?.masses.filter(({ state }) => state === "stopped")).toHaveLength(1);
    expect(told().at(-1)).toContain("已停止给这位客户发消息");
    expect((await raised()).at(-1)).toEqual({ customer: "wm2", state: "offered", reason: null });
    for (const pass of ["plan", "release", "offer", "recheck", "dispatch"] as const)
      await services.passes[pass]();
    expect((await raised()).at(-1)).toMatchObject({ state: "offered" });
  });

  test("what only sounds like it raises nothing", async () => {
    const before = (await raised()).length;
    for (const text of ["不会投诉你们", "我退订了别家", "好的，谢谢", "宝宝不发烧了，好多了"])
      await sandbox.customerSays("wm3", "lan", text);
    expect(await raised()).toHaveLength(before);
    expect(await rows("SELECT opted_out FROM customer WHERE external_userid = 'wm3'")).toEqual([
      { opted_out: 0 },
    ]);
  });

  test("told again and again, alone and at once, it is one task and one note", async () => {
    const worry = archived("u1", "wm3", "lan", at("10:31"), "宝宝发烧39度怎么办");
    const more = archived("u2", "wm3", "lan", at("10:32"), "一直在呕吐");
    const before = [(await raised()).length, told().length];
    await Promise.all([push([worry, more]), push([more, worry]), push([worry])]);
    await push([worry, more, worry]);
    await services.passes.urgent();
    expect([(await raised()).length, told().length]).toEqual([before[0]! + 1, before[1]! + 1]);
    // the second joins the first
    await sandbox.guideSays("lan", "任务");
    await services.passes.callbacks();
    expect(told().at(-1)).toContain("10:31「宝宝发烧39度怎么办」，10:32「一直在呕吐」");
  });

  test("a message taken back takes its task along, unless another stands behind it", async () => {
    world.set(at("10:40"));
    const worry = archived("u1", "wm3", "lan", at("10:31"), "宝宝发烧39度怎么办");
    const more = archived("u2", "wm3", "lan", at("10:32"), "一直在呕吐");
    await push([recallOf(worry, at("10:40"))]);
    expect((await raised()).at(-1)).toMatchObject({ customer: "wm3", state: "offered" });
    await push([recallOf(more, at("10:41"))]);
    expect((await raised()).at(-1)).toEqual({ customer: "wm3", state: "cancelled", reason: "superseded" });
    expect(await sentence("wm3")).toEqual([expect.stringContaining("客户撤回了那条消息")]);
    const count = (await raised()).length;
    const early = archived("u3", "wm3", "lan", at("10:42"), "我要退款");
    await push([recallOf(early, at("10:43"))]);
    await push([early]);
    expect(await raised()).toHaveLength(count);
  });

  test("groups, voices, old archives and guides' own words raise nothing", async () => {
    const count = (await raised()).length;
    await push([
      { ...archived("g1", "wm4", "lan", at("10:44"), "我要投诉"), roomid: "room" },
      { ...archived("g2", "wm4", "lan", at("10:44"), ""), msgtype: "voice", text: undefined },
      archived("g3", "lan", "wm4", at("10:44"), "您要是想投诉，可以打这个电话"),
      archived("g4", "wm4", "lan", at("10:44", "2026-02-20"), "我要投诉"),
    ]);
    expect(await raised()).toHaveLength(count);
  });

  test("written to a guide who is no friend any more, it is the owner's", async () => {
    world.set(at("11:00"));
    await services.customers.push("customers", [{ external_userid: "wm4", guide_userid: "mei" }]);
    await services.customers.contactEnded({
      ...{ guideUserid: "lan", externalUserid: "wm4", by: "customer", at: at("11:00") },
    });
    await push([archived("o1", "wm4", "lan", at("11:01"), "这罐是假货吧")]);
    expect(told("mei").at(-1)).toContain("李娜");
    expect((await raised()).at(-1)).toEqual({ customer: "wm4", state: "offered", reason: null });
  });

  test("one whose guide lost it is offered again at once, and told again, not in the morning", async () => {
    const [row] = await rows<{ id: number }>(
      "SELECT t.id FROM task t JOIN customer c ON c.id = t.customer_id WHERE c.external_userid = 'wm4' AND t.state = 'offered' AND t.priority = -1",
    );
    const before = told("mei").length;
    // the platform drops the same words within half an hour
    world.set(at("11:40"));
    await store().write((sql) =>
      moveTasks(sql, [Number(row?.id)], {
        ...{ from: ["offered"], to: "planned", actor: "system", at: world.now() },
        set: { ...backToPlanned, guide_id: null },
      }),
    );
    await services.passes.urgent();
    expect((await raised()).at(-1)).toEqual({ customer: "wm4", state: "offered", reason: null });
    expect(told("mei").slice(before)).toEqual([expect.stringContaining("李娜")]);
    await services.passes.urgent();
    expect(told("mei")).toHaveLength(before + 1);
  });

  test("HQ changes the list, and tries it", async () => {
    const hq = await signedIn(url, "hq");
    const page = await hq.get("/reply-words").expect(200);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    const ask = (method: "post" | "delete", path: string) => hq[method](path).set("X-CSRF-Token", csrf);
    const listed = async () =>
      ((await hq.get("/api/reply-words").expect(200)).body.phrases as { phrase: string }[]).map(
        ({ phrase }) => phrase,
      );
    expect(await listed()).toContain("退订");
    const text = { text: "罐子都瘪了" };
    expect((await ask("post", "/api/reply-words/try").send(text).expect(200)).body.finding).toBeNull();
    const phrase = { kind: "complaint", role: "any", phrase: "罐子…瘪" };
    expect((await ask("post", "/api/reply-words").send(phrase).expect(200)).body).toEqual({ added: true });
    expect((await ask("post", "/api/reply-words").send(phrase).expect(200)).body).toEqual({ added: false });
    await push([archived("h1", "wm5", "lan", at("11:02"), "罐子都瘪了")]);
    expect((await raised()).at(-1)).toMatchObject({ customer: "wm5", state: "offered" });
    const gone = `/api/reply-words?kind=complaint&role=any&phrase=${encodeURIComponent("罐子…瘪")}`;
    expect((await ask("delete", gone).expect(200)).body).toEqual({ removed: true });
    expect((await ask("post", "/api/reply-words/try").send(text).expect(200)).body.finding).toBeNull();
    const bad = await ask("post", "/api/reply-words")
      .send({ kind: "rude", role: "any", phrase: "" })
      .expect(422);
    expect(bad.body.error.faults.map(({ where }: { where: string }) => where)).toEqual(["kind", "phrase"]);
    await ask("delete", "/api/reply-words?kind=complaint&role=any&phrase=%E6%B2%A1%E6%9C%89").expect(404);
    await (await signedIn(url, "east")).get("/api/reply-words").expect(403);
    await request(url).get("/api/reply-words").expect(401);
  });

  test("HQ sees on the operations page what came of them", async () => {
    const hq = await signedIn(url, "hq");
    const { text } = await hq.get("/operations/channel").expect(200);
    expect(text).toContain("紧急回复");
    expect(text).toContain("李娜");
    expect(text).toContain("客户撤回");
  });

  test("a paused journey raises nothing; the wish for no more is heeded all the same", async () => {
    await services.setJourneyState("reply-care", "paused", "system");
    const count = (await raised()).length;
    await push([archived("p1", "wm5", "lan", at("11:05"), "退订，别再发")]);
    expect(await raised()).toHaveLength(count);
    expect(await rows("SELECT opted_out FROM customer WHERE external_userid = 'wm5'")).toEqual([
      { opted_out: 1 },
    ]);
    await services.setJourneyState("reply-care", "live", "system");
  });
});

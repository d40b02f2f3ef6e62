// What is done by hand in the sandbox, and what the app hears of it: callbacks, archive records, the page.
import { type Closing, listen, stageWith } from "./ear.js";
import { app, monday, openSandbox } from "./open.js";

const hour = 3_600_000;
const open: Closing[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe("verbs by hand", () => {
  test("each is heard as the platform would tell it", async () => {
    const ear = await listen(open);
    const { sandbox, channel } = await stageWith(open, ear);
    await channel.tellGuide("lan", {
      kind: "card",
      cardId: "day@lan",
      title: "今日任务",
      description: "",
      lines: [],
      url: "https://example.com",
      buttons: [{ text: "开始", key: "start" }],
    });
    await sandbox.guideSays("lan", "跳过 3 太忙 ]]> <b>");
    expect(sandbox.phone("lan")?.messages.map((message) => message.shown.msgtype)).toEqual([
      "template_card",
      "said",
    ]);
    expect(await sandbox.guideTaps("lan", "day@lan", "start")).toBe(true);
    expect(await sandbox.guideTaps("lan", "day@lan", "stop")).toBe(false);
    await sandbox.contactAdded({ guideUserid: "mei", externalUserid: "wm-new", state: "store-7" });
    await sandbox.customerLeaves("wm-1", "lan");
    expect(await sandbox.customerLeaves("wm-1", "lan")).toBe(false);
    await sandbox.guideRemoves("lan", "wm-2");
    expect(ear.events).toMatchObject([
      { kind: "guideText", guideUserid: "lan", text: "跳过 3 太忙 ]]> <b>", at: monday },
      { kind: "cardTap", guideUserid: "lan", cardId: "day@lan", key: "start", at: monday },
      { kind: "contactAdded", guideUserid: "mei", externalUserid: "wm-new", state: "store-7", at: monday },
      { kind: "contactEnded", by: "customer", guideUserid: "lan", externalUserid: "wm-1" },
      { kind: "contactEnded", by: "guide", guideUserid: "lan", externalUserid: "wm-2" },
    ]);
  });

  test("a confirmed mass send and the answer to it are in the archive, both ways", async () => {
    const ear = await listen(open);
    const { sandbox, channel, world } = await stageWith(open, ear);
    const { providerRef } = await channel.handOver({
      ref: "h1",
      guideUserid: "lan",
      externalUserids: ["wm-1"],
      text: "满月快乐",
    });
    expect(await sandbox.guideConfirms("mei", providerRef)).toBe(false);
    expect(await sandbox.guideConfirms("lan", providerRef)).toBe(true);
    world.set(monday + hour);
    const msgid = await sandbox.customerSays("wm-1", "lan", "谢谢");
    expect(ear.records).toEqual([
      {
        msgid: expect.any(String),
        action: "send",
        from: "lan",
        tolist: ["wm-1"],
        roomid: "",
        msgtime: monday,
        msgtype: "text",
        text: { content: "满月快乐" },
      },
      {
        msgid,
        action: "send",
        from: "wm-1",
        tolist: ["lan"],
        roomid: "",
        msgtime: monday + hour,
        msgtype: "text",
        text: { content: "谢谢" },
      },
    ]);
  });

  test("without a seat, or without consent, nothing is archived", async () => {
    const { sandbox } = await openSandbox();
    open.push(sandbox);
    sandbox.enrol({
      guides: [{ userid: "mei", name: "梅", seat: false }],
      customers: [{ externalUserid: "wm-2", name: "某", consent: false }],
    });
    await sandbox.customerSays("wm-6", "mei", "在吗");
    await sandbox.customerSays("wm-2", "lan", "在吗");
    await sandbox.customerSays("wm-1", "lan", "在吗");
    expect(sandbox.archive().records.map((record) => record.from)).toEqual(["wm-1"]);
    expect(sandbox.phone("mei")?.chats[0]?.messages).toHaveLength(1);
  });
});

describe("the page", () => {
  const scene = async () => {
    const ear = await listen(open);
    const { sandbox, channel } = await stageWith(open, ear);
    sandbox.enrol({ guides: [{ userid: "lan", name: "<兰>" }] });
    const followUp = {
      ref: "h1",
      guideUserid: "lan",
      externalUserids: ["wm-1"],
      text: "<script>你好</script>",
    };
    const { providerRef } = await channel.handOver(followUp);
    const get = (path: string): Promise<Response> => fetch(`${sandbox.url}/sandbox${path}`);
    const act = (verb: string, form: Record<string, string>, headers = {}): Promise<Response> =>
      fetch(`${sandbox.url}/sandbox/verbs/${verb}`, {
        method: "POST",
        body: new URLSearchParams(form),
        headers,
      });
    const said = async (verb: string, form: Record<string, string>): Promise<unknown> =>
      (await act(verb, form)).json();
    return { ear, sandbox, providerRef, get, act, said };
  };

  test("lists who there is, found by name or account, and nothing written becomes markup", async () => {
    const { get } = await scene();
    expect((await get("")).status).toBe(200);
    const guides = await (await get("/people/guides?q=LAN")).text();
    expect(guides).toContain("&lt;兰&gt;");
    expect(guides).not.toContain("#g/mei");
    expect(await (await get("/people/customers?q=wm-6")).text()).toContain("#m/wm-6");
    expect(await (await get("/people/customers?q=nobody")).text()).toContain("没有这样的人");
    const masses = await (await get("/screens/g/lan/masses")).text();
    expect(masses).toContain("&lt;script&gt;你好");
    expect(masses).not.toContain("<script>你好");
  });

  test("what is tapped and typed there happens, on both phones", async () => {
    const { ear, sandbox, providerRef, get, act, said } = await scene();
    const send = { userid: "lan", msgid: providerRef };
    expect((await act("confirm", send, { origin: "https://evil.example" })).status).toBe(403);
    expect(await said("confirm", send)).toEqual({ done: true });
    expect(await said("confirm", send)).toMatchObject({ done: false });
    const pair = { userid: "lan", externalUserid: "wm-1" };
    await said("customerSays", { ...pair, text: "谢谢" });
    await said("guideWrites", { ...pair, text: "不客气" });
    expect(ear.records.map((record) => record.from)).toEqual(["lan", "wm-1", "lan"]);
    for (const screen of ["/screens/g/lan/c/wm-1", "/screens/m/wm-1/lan"])
      expect(await (await get(screen)).text()).toMatch(/你好[\s\S]*谢谢[\s\S]*不客气/);
    expect(await (await get("/screens/m/wm-1")).text()).toContain("不客气");
    await said("guideSays", { userid: "lan", text: "任务" });
    expect(await (await get("/screens/g/lan/app")).text()).toContain("任务");
    expect(sandbox.phone("lan")?.chats[0]?.messages).toHaveLength(3);
  });

  test("a new mother scans a code, and whoever left cannot write any more", async () => {
    const { ear, get, said } = await scene();
    const fresh = (await said("newCustomer", { name: "林悦", userid: "LAN" })) as { go: string };
    const externalUserid = fresh.go.split("/")[1] ?? "";
    expect(ear.events).toMatchObject([{ kind: "contactAdded", guideUserid: "lan", externalUserid }]);
    expect(await (await get(`/screens/${fresh.go}`)).text()).toContain("lan");
    const pair = { userid: "lan", externalUserid };
    expect(await said("customerLeaves", pair)).toEqual({ done: true });
    expect(await said("customerSays", { ...pair, text: "在吗" })).toMatchObject({ done: false });
    expect(await (await get(`/screens/${fresh.go}`)).text()).toContain("已经不是好友了");
    expect(await said("contactAdded", pair)).toMatchObject({ done: true });
    expect(await said("customerSays", { ...pair, text: "又来了" })).toEqual({ done: true });
  });

  test.each<[string, Record<string, string>]>([
    ["guideSays", { userid: "ghost", text: "任务" }],
    ["guideSays", { userid: "lan", text: "  " }],
    ["newCustomer", { name: "某", userid: "ghost" }],
    ["customerSays", { userid: "lan", externalUserid: "wm-6", text: "在吗" }],
    ["guideTaps", { userid: "lan", cardId: "none", key: "k" }],
  ])("%s with %j does nothing and says why", async (verb, form) => {
    const { said } = await scene();
    expect(await said(verb, form)).toEqual({ done: false, why: expect.any(String) });
  });

  test.each([
    "/phones/ghost",
    "/screens/g/ghost",
    "/screens/m/ghost",
    "/screens/g/lan/c/wm-6",
    "/screens/%E0%A4%A",
    "/people/x",
  ])("there is nothing at %s", async (path) => {
    const { get } = await scene();
    expect((await get(path)).status).toBe(404);
  });

  test("a verb there is not is none", async () => {
    const { act } = await scene();
    for (const verb of ["constructor", "dance"]) expect((await act(verb, {})).status).toBe(404);
  });
});

describe("on the sandbox's page", () => {
  const verb = async (url: string, name: string, form: Record<string, string>) =>
    (await fetch(`${url}/sandbox/verbs/${name}`, { method: "POST", body: new URLSearchParams(form) })).json();

  test("a guide makes a mass send of their own, to all or to those named", async () => {
    const { sandbox } = await openSandbox();
    open.push(sandbox);
    expect(
      await verb(sandbox.url, "guideMasses", { userid: "lan", to: "wm-1", text: "周末来店里坐坐" }),
    ).toEqual({ done: true });
    expect(
      await verb(sandbox.url, "guideMasses", { userid: "lan", to: "查无此人", text: "在吗" }),
    ).toMatchObject({
      ...{ done: false, why: "没有叫「查无此人」的客户" },
    });
    expect(await verb(sandbox.url, "guideMasses", { userid: "nobody", to: "", text: "在吗" })).toMatchObject({
      done: false,
    });
    expect(await verb(sandbox.url, "guideMasses", { userid: "lan", to: "全部", text: " " })).toMatchObject({
      done: false,
    });
    const masses = sandbox.phone("lan")?.masses ?? [];
    expect(masses.map(({ text, state, customers }) => [text, state, customers.length])).toEqual([
      ["周末来店里坐坐", "confirmed", 1],
    ]);
  });

  test("a login finds one of many guides by a search, and shows the others page by page", async () => {
    const { sandbox } = await openSandbox();
    open.push(sandbox);
    const guides = Array.from({ length: 70 }, (_, n) => ({ userid: `many${n}`, name: `导购${n}`, skill: 0 }));
    sandbox.enrol({ guides, customers: [], contacts: [] });
    sandbox.connect({ callbackUrl: "http://localhost:1/wecom/callback" });
    const { corpid, agentid } = app;
    const at = (more: Record<string, string>) =>
      `${sandbox.url}/wwlogin/sso/login?${new URLSearchParams({ login_type: "CorpApp", appid: corpid, agentid: String(agentid), redirect_uri: "http://localhost:1/x", state: "a", ...more })}`;
    const page = async (more: Record<string, string> = {}) => (await fetch(at(more))).text();
    const people = (html: string) => html.match(/sandbox_member=many\d+/g) ?? [];
    const first = await page();
    expect(people(first).length).toBeLessThanOrEqual(30);
    expect(first).toContain("下一页");
    expect(people(await page({ sandbox_find: "导购42" }))).toEqual(["sandbox_member=many42"]);
    expect(await page({ sandbox_find: "没有这个人" })).toContain("没有这样的导购");
    expect(people(await page({ sandbox_page: "99" })).length).toBeGreaterThan(0);
  });
});

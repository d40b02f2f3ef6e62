// What is done by hand in the sandbox, and what the app hears of it: callbacks, archive records, the page.
import { type Closing, listen, stageWith } from "./ear.js";
import { monday, openSandbox } from "./open.js";

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

test("the page shows a phone, and what is tapped there happens", async () => {
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
  const page = await (await fetch(`${sandbox.url}/sandbox`)).text();
  expect(page).toContain("&lt;兰&gt;");
  const screen = await (await fetch(`${sandbox.url}/sandbox/screens/lan`)).text();
  expect(screen).toContain("&lt;script&gt;你好");
  expect(screen).not.toContain("<script>你好");
  const act = (verb: string, form: Record<string, string>, headers = {}): Promise<Response> =>
    fetch(`${sandbox.url}/sandbox/verbs/${verb}`, {
      method: "POST",
      body: new URLSearchParams(form),
      headers,
    });
  const forged = await act(
    "confirm",
    { userid: "lan", msgid: providerRef },
    { origin: "https://evil.example" },
  );
  expect(forged.status).toBe(403);
  expect((await act("confirm", { userid: "lan", msgid: providerRef })).status).toBe(200);
  await act("customerSays", { userid: "lan", externalUserid: "wm-1", text: "谢谢" });
  const phone = (await (await fetch(`${sandbox.url}/sandbox/phones/lan`)).json()) as {
    chats: { messages: unknown[] }[];
  };
  expect(phone.chats[0]?.messages).toHaveLength(2);
  expect((await fetch(`${sandbox.url}/sandbox/phones/ghost`)).status).toBe(404);
});

// Callbacks as the platform sends them: sealed both ways, tried again three times, lost, doubled, late and reordered.
import wecomCrypto from "@wecom/crypto";
import { encrypt, signatureOf } from "../../src/channels/wecom/crypto.js";
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { type Closing, type Ear, listen, stageWith } from "./ear.js";
import { app, monday, type OpenSandbox } from "./open.js";

const open: Closing[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Stage extends OpenSandbox {
  ear: Ear;
  /** what the guides' words were, in the order they were heard */
  heard(): string[];
  /** moves the clock and lets happen what is due */
  pass(ms: number): Promise<void>;
}

async function stage(options: Partial<SandboxOptions> = {}): Promise<Stage> {
  const ear = await listen(open);
  const { sandbox, world } = await stageWith(open, ear, options);
  return {
    ...{ ear, sandbox, world },
    heard: () => ear.events.map((event) => (event.kind === "guideText" ? event.text : event.kind)),
    pass: async (ms) => {
      world.set(world.now() + ms);
      await sandbox.step(world.now());
    },
  };
}

describe("an unanswered callback", () => {
  test.each([
    ["refused", 500],
    ["never answered", 0],
  ])("%s, comes again every five seconds, three times", async (_name, status) => {
    const { ear, sandbox, heard, pass } = await stage({ callbackTimeout: 1000 });
    ear.refusals.push(status, status, status);
    await sandbox.guideSays("lan", "任务");
    await pass(4000);
    expect([heard(), ear.refusals]).toEqual([[], [status, status]]);
    await pass(1000);
    expect(ear.refusals).toEqual([status]);
    await pass(5000);
    expect([heard(), ear.refusals]).toEqual([[], []]);
    await pass(5000);
    expect(heard()).toEqual(["任务"]);
    await pass(60_000);
    expect(heard()).toEqual(["任务"]);
  });

  test("is gone after the fourth try; the next one is not held up", async () => {
    const { ear, sandbox, heard, pass } = await stage();
    ear.refusals.push(500, 500, 500, 500);
    await sandbox.guideSays("lan", "任务");
    for (let count = 0; count < 4; count++) await pass(5000);
    expect([heard(), ear.refusals]).toEqual([[], []]);
    await sandbox.guideSays("lan", "帮助");
    expect(heard()).toEqual(["帮助"]);
  });

  test("of one moment is not sent twice by two who deliver at once", async () => {
    const { ear, sandbox, heard } = await stage();
    await Promise.all(["一", "二", "三"].map((text) => sandbox.guideSays("lan", text)));
    expect(heard().sort()).toEqual(["一", "三", "二"].sort());
    expect(new Set(ear.digests).size).toBe(3);
  });
});

describe("on demand a callback is", () => {
  test("lost, doubled, late", async () => {
    const { ear, sandbox, heard, pass } = await stage();
    for (const kind of ["lost", "doubled", "late"] as const) {
      sandbox.faults.add({ path: "callback", kind });
      await sandbox.guideSays("lan", kind);
    }
    expect(heard()).toEqual(["doubled", "doubled"]);
    expect(new Set(ear.digests).size).toBe(1);
    await pass(11 * 60_000);
    expect(heard()).toEqual(["doubled", "doubled", "late"]);
  });

  test("overtaken by the next one", async () => {
    const { sandbox, heard } = await stage();
    sandbox.faults.add({ path: "callback", kind: "reordered" });
    await sandbox.guideSays("lan", "first");
    expect(heard()).toEqual([]);
    await sandbox.guideSays("lan", "second");
    expect(heard()).toEqual(["second", "first"]);
  });

  test("overtaken by nobody, and then late", async () => {
    const { sandbox, heard, pass } = await stage();
    sandbox.faults.add({ path: "callback", kind: "reordered", lateBy: 60_000 });
    await sandbox.guideSays("lan", "alone");
    await pass(59_000);
    expect(heard()).toEqual([]);
    await pass(1000);
    expect(heard()).toEqual(["alone"]);
  });
});

/** What is heard of thirty words when callbacks fail by chance, in the order it is first heard. */
async function byChance(seed: string): Promise<{ first: string[]; deliveries: number }> {
  const { sandbox, ear, pass } = await stage();
  sandbox.faults.byChance({ seed, shares: { lost: 0.1, doubled: 0.2, late: 0.1, reordered: 0.2 } });
  for (let count = 0; count < 30; count++) await sandbox.guideSays("lan", `${count}`);
  for (let count = 0; count < 3; count++) await pass(11 * 60_000);
  const heard = ear.events.map((event) => (event.kind === "guideText" ? event.text : event.kind));
  return { first: [...new Set(heard)], deliveries: ear.digests.length };
}

test("by chance some are lost, some come twice, some late: the same ones for the same seed", async () => {
  const one = await byChance("a");
  expect(await byChance("a")).toEqual(one);
  expect((await byChance("b")).first).not.toEqual(one.first);
  expect(one.first.length).toBeGreaterThan(20);
  expect(one.first.length).toBeLessThan(30);
  expect(one.deliveries).toBeGreaterThan(one.first.length);
  expect(one.first).not.toEqual([...one.first].sort((left, right) => Number(left) - Number(right)));
});

describe("sealed", () => {
  test("so that another's crypto opens it", async () => {
    const { sandbox, ear } = await stage();
    const sent: string[] = [];
    const whole = ear.url;
    const { createServer } = await import("node:http");
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        const url = new URL(request.url ?? "", whole);
        const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? "";
        const query = (name: string): string => url.searchParams.get(name) ?? "";
        const signature = wecomCrypto.getSignature(app.token, query("timestamp"), query("nonce"), encrypted);
        expect(signature).toBe(query("msg_signature"));
        sent.push(wecomCrypto.decrypt(app.aesKey, encrypted).message);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push({ close: () => server.close() });
    const { port } = server.address() as { port: number };
    sandbox.connect({ callbackUrl: `http://127.0.0.1:${port}/callback?keep=1` });
    await sandbox.guideSays("lan", "你好 & 再见");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain("<Content><![CDATA[你好 & 再见]]></Content>");
    server.closeAllConnections();
  });

  test("as the check of the address: the app opens it and answers the bare text", async () => {
    const { sandbox } = await stage();
    expect(await sandbox.checkCallbackUrl()).toBe(true);
    sandbox.connect({ callbackUrl: "http://127.0.0.1:9/" });
    expect(await sandbox.checkCallbackUrl()).toBe(false);
  });

  test("as the app's answer, which the guide then reads; a wrong seal is not believed", async () => {
    const { sandbox, ear } = await stage();
    const reply = (token: string): string => {
      const xml = "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到]]></Content></xml>";
      const encrypted = encrypt(app.aesKey, app.corpid, xml, Buffer.alloc(16, 7));
      const signature = signatureOf(token, "1772413200", "n1", encrypted);
      return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1772413200</TimeStamp><Nonce><![CDATA[n1]]></Nonce></xml>`;
    };
    ear.replies.push(reply(app.token), reply("another"));
    await sandbox.guideSays("lan", "一");
    await sandbox.guideSays("lan", "二");
    expect(sandbox.phone("lan")?.messages.map((one) => one.shown)).toEqual([
      { msgtype: "said", text: "一" },
      { msgtype: "text", text: "收到" },
      { msgtype: "said", text: "二" },
    ]);
  });
});

test("the archive's feed waits for an app that refuses, and goes on", async () => {
  const { ear, sandbox } = await stage();
  ear.refusals.push(503, 503, 503);
  await sandbox.customerSays("wm-1", "lan", "一");
  expect(ear.records).toEqual([]);
  await sandbox.customerSays("wm-1", "lan", "二");
  expect(ear.records.map((record) => record.msgtype === "text" && record.text.content)).toEqual(["一", "二"]);
  expect(ear.records[0]?.msgtime).toBe(monday);
});

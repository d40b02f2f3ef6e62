// WeCom's pushes over HTTP: stored before they are answered, worked off once, in order, whatever dies in between.
import Koa from "koa";
import request from "supertest";
import { callbackInbox } from "../../src/channels/callbacks.js";
import { intakeService } from "../../src/channels/intake.js";
import { messageService } from "../../src/channels/messages.js";
import type { ChannelEvents } from "../../src/channels/port.js";
import { channelRoutes } from "../../src/channels/routes.js";
import { encrypt, signatureOf } from "../../src/channels/wecom/crypto.js";
import { wecomInbox } from "../../src/channels/wecom-inbox.js";
import { dialectOf } from "../../src/infra/dialect.js";
import type { Sql, Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { archived, enrol } from "../support/chats.js";
import { describeOnEachDatabase } from "../support/databases.js";

const keys = {
  token: "QDG6eK",
  aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
  corpid: "wx5823bf96d3bd56c7",
};
const log = { warn: () => undefined, error: () => undefined };
const minute = 60_000;

function sealed(xml: string, nonce = "7") {
  const encrypted = encrypt(keys.aesKey, keys.corpid, xml, Buffer.from(nonce.padEnd(16, "0")));
  const query = {
    msg_signature: signatureOf(keys.token, "1772413200", nonce, encrypted),
    timestamp: "1772413200",
    nonce,
  };
  return {
    query,
    body: `<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
    encrypted,
  };
}

const said = (userid: string, text: string, msgid: string) =>
  `<xml><ToUserName><![CDATA[x]]></ToUserName><FromUserName><![CDATA[${userid}]]></FromUserName>` +
  `<CreateTime>1772413200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content>` +
  `<MsgId>${msgid}</MsgId><AgentID>1</AgentID></xml>`;

const event = (name: string, fields: Record<string, string>) =>
  `<xml><FromUserName>sys</FromUserName><CreateTime>1772413200</CreateTime><MsgType>event</MsgType><Event>${name}</Event>${Object.entries(
    fields,
  )
    .map(([key, value]) => `<${key}><![CDATA[${value}]]></${key}>`)
    .join("")}</xml>`;

describeOnEachDatabase("WeCom's callbacks", (store) => {
  const world = movableWorld(Date.parse("2026-03-02T01:00:00Z"));
  let heard: unknown[][];
  let fail: (text: string) => Error | undefined;
  const hear =
    (name: string) =>
    async (one: object): Promise<void> => {
      const error = fail("text" in one ? String(one.text) : "");
      if (error) throw error;
      heard.push([name, one]);
    };
  const events: ChannelEvents = {
    guideSaid: hear("said"),
    guideTapped: hear("tapped"),
    message: hear("message"),
    contactAdded: hear("added"),
    contactEnded: hear("ended"),
  };
  let woken: number;
  const wake = () => {
    woken++;
  };
  const open = () => wecomInbox({ store: store(), world, log, keys, events, wake });
  function serve() {
    const inbox = open();
    const messages = messageService({ store: store(), zone: "Asia/Shanghai", log });
    const app = new Koa();
    app.silent = true;
    const routes = channelRoutes({
      inbox,
      intake: intakeService({ store: store(), world, messages }),
      apiKey: (_ctx, next) => next(),
    });
    app.use(routes.routes());
    return { http: request(app.callback()), inbox };
  }
  const post = ({ http }: ReturnType<typeof serve>, { query, body }: ReturnType<typeof sealed>) =>
    http.post("/wecom/callback").query(query).set("content-type", "text/xml").send(body);
  const states = () =>
    store().read.rows<{ state: string; tries: number }>("SELECT state, tries FROM callback ORDER BY id");

  beforeAll(() => enrol(store(), 1, 1));
  beforeEach(async () => {
    heard = [];
    woken = 0;
    fail = () => undefined;
    await store().write((sql) => sql.run("DELETE FROM callback"));
  });

  test("the URL check is answered bare", async () => {
    const { query, encrypted } = sealed("1616140317555161061");
    const answer = await serve()
      .http.get("/wecom/callback")
      .query({ ...query, echostr: encrypted });
    expect([answer.status, answer.text]).toEqual([200, "1616140317555161061"]);
  });

  test.each([
    [
      "a wrong signature",
      { ...sealed(said("g1", "任务", "1")), query: { ...sealed("x").query, msg_signature: "0" } },
    ],
    ["no XML", { ...sealed("x"), body: "hello" }],
  ])("%s is turned away and not stored", async (_name, push) => {
    const app = serve();
    const answer = await post(app, push);
    expect(answer.status).toBe(403);
    expect(await states()).toEqual([]);
  });

  test("a signature given twice is none", async () => {
    const answer = await serve().http.get(
      "/wecom/callback?msg_signature=a&msg_signature=b&echostr=a&echostr=b",
    );
    expect(answer.status).toBe(403);
  });

  test("a push is stored, answered with an empty 200, and told", async () => {
    const app = serve();
    const answer = await post(app, sealed(said("g1", "任务", "1")));
    expect([answer.status, answer.text]).toEqual([200, ""]);
    await app.inbox.processPending();
    expect(heard).toEqual([["said", { guideUserid: "g1", text: "任务", at: 1_772_413_200_000 }]]);
    expect(await states()).toEqual([{ state: "done", tries: 1 }]);
  });

  test("every kind of event is told as what it means, others are done without a word", async () => {
    const inbox = open();
    const pair = { UserID: "g1", ExternalUserID: "c1" };
    const pushes = [
      event("template_card_event", {
        FromUserName: "g1",
        EventKey: "list",
        TaskId: "card",
        ResponseCode: "rc",
      }).replace("<FromUserName>sys</FromUserName>", ""),
      event("change_external_contact", { ChangeType: "add_external_contact", ...pair, State: "store-1" }),
      event("change_external_contact", { ChangeType: "del_follow_user", ...pair }),
      event("change_external_tag", { ChangeType: "update" }),
    ];
    for (const [n, xml] of pushes.entries())
      await inbox.receive(sealed(xml, `${n}`).query, sealed(xml, `${n}`).body);
    await inbox.processPending();
    const at = 1_772_413_200_000;
    expect(heard).toHaveLength(3);
    expect(heard).toEqual(
      expect.arrayContaining([
        ["tapped", { guideUserid: "g1", key: "list", cardId: "card", code: "rc", at }],
        ["added", { guideUserid: "g1", externalUserid: "c1", state: "store-1", at }],
        ["ended", { guideUserid: "g1", externalUserid: "c1", by: "customer", at }],
      ]),
    );
    expect((await states()).every(({ state }) => state === "done")).toBe(true);
  });

  test("doubled pushes, sealed anew each time, do nothing twice", async () => {
    const app = serve();
    const doubles = ["1", "2", "3", "4"].map((nonce) => sealed(said("g1", "任务", "1"), nonce));
    const answers = await Promise.all(doubles.map((push) => post(app, push)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(woken).toBe(1);
    await app.inbox.processPending();
    await post(app, sealed(said("g1", "任务", "1"), "9"));
    await app.inbox.processPending();
    expect(heard).toHaveLength(1);
    expect(await states()).toHaveLength(1);
  });

  test("a process that died after storing loses nothing; one that died in the work does it again later", async () => {
    const dead = wecomInbox({
      store: store(),
      world,
      log,
      keys,
      events: { ...events, guideSaid: () => new Promise(() => undefined) },
      wake: () => void dead.processPending(),
    });
    const push = sealed(said("g1", "任务", "1"));
    await dead.receive(push.query, push.body);
    await new Promise((done) => setTimeout(done, 50));
    const alive = open();
    await alive.processPending();
    expect(heard).toEqual([]);
    world.set(world.now() + 3 * minute);
    await alive.processPending();
    expect(heard).toHaveLength(1);
    expect(await states()).toEqual([{ state: "done", tries: 2 }]);
  });

  test("a guide's own come one after the other, in order; a slow guide stops nobody else", async () => {
    const order: string[] = [];
    let free: () => void = () => undefined;
    const slow = new Promise<void>((done) => {
      free = done;
    });
    const guideSaid: ChannelEvents["guideSaid"] = async ({ guideUserid, text }) => {
      if (guideUserid === "g1" && text === "1") await slow;
      order.push(`${guideUserid} ${text}`);
      if (guideUserid === "g2" && text === "3") free();
    };
    const inbox = wecomInbox({ store: store(), world, log, keys, events: { ...events, guideSaid }, wake });
    for (const text of ["1", "2", "3"])
      for (const guide of ["g1", "g2"]) {
        const { query, body } = sealed(said(guide, text, `${guide}${text}`), `${guide}${text}`);
        await inbox.receive(query, body);
      }
    await inbox.processPending();
    expect(order.filter((one) => one.startsWith("g1"))).toEqual(["g1 1", "g1 2", "g1 3"]);
    expect(order.filter((one) => one.startsWith("g2"))).toEqual(["g2 1", "g2 2", "g2 3"]);
  });

  test("what a dead process had taken of a guide goes before the guide's later ones, and holds nobody else up", async () => {
    const never = { ...events, guideSaid: () => new Promise<void>(() => undefined) };
    const dead = wecomInbox({ store: store(), world, log, keys, events: never, wake });
    const receive = async (inbox: typeof dead, guide: string, text: string) => {
      const { query, body } = sealed(said(guide, text, `${guide}${text}`), `${guide}${text}`);
      await inbox.receive(query, body);
    };
    await receive(dead, "g1", "1");
    void dead.processPending();
    await new Promise((done) => setTimeout(done, 50));
    const alive = open();
    for (const guide of ["g1", "g2"]) await receive(alive, guide, "2");
    await alive.processPending();
    const texts = () =>
      heard.map(([, one]) =>
        Object.values(one as { guideUserid: string; text: string })
          .slice(0, 2)
          .join(" "),
      );
    expect(texts()).toEqual(["g2 2"]);
    world.set(world.now() + 3 * minute);
    await alive.processPending();
    await alive.processPending();
    expect(texts()).toEqual(["g2 2", "g1 1", "g1 2"]);
  });

  test("one that fails and fails again does not silence its guide", async () => {
    fail = (text) => (text === "坏" ? new Error("no luck") : undefined);
    const inbox = open();
    for (const [n, text] of ["坏", "好"].entries()) {
      const { query, body } = sealed(said("g1", text, `m${n}`), `${n}`);
      await inbox.receive(query, body);
      await inbox.processPending();
    }
    expect(heard).toEqual([]);
    for (let n = 0; n < 3; n++) {
      world.set(world.now() + 3 * minute);
      await inbox.processPending();
    }
    expect(heard).toHaveLength(1);
    expect((await states()).map(({ state }) => state)).toEqual(["stored", "done"]);
  });

  test("two processes share the work out", async () => {
    const pushes = Array.from({ length: 40 }, (_, n) => sealed(said(`g${n % 5}`, `${n}`, `m${n}`), `${n}`));
    const [first, second] = [open(), open()];
    await Promise.all(pushes.map(({ query, body }, n) => (n % 2 ? first : second).receive(query, body)));
    await Promise.all([first.processPending(), second.processPending()]);
    expect(heard).toHaveLength(40);
    expect((await states()).every(({ tries }) => tries === 1)).toBe(true);
  });

  test("what cannot be worked off is tried again, ever later, and at last stays failed", async () => {
    fail = (text) => (text === "坏" ? new Error("no luck") : undefined);
    const inbox = open();
    for (const [n, text] of ["坏", "好"].entries()) {
      const { query, body } = sealed(said(`g${n}`, text, `m${n}`), `${n}`);
      await inbox.receive(query, body);
    }
    for (let n = 0; n < 8; n++) {
      await inbox.processPending();
      world.set(world.now() + 15 * minute);
    }
    expect(await states()).toEqual([
      { state: "failed", tries: 5 },
      { state: "done", tries: 1 },
    ]);
    const row = await store().read.row<{ error: string }>("SELECT error FROM callback ORDER BY id");
    expect(row?.error).toBe("no luck");
    expect(heard).toHaveLength(1);
    expect(await inbox.forget(world.now())).toBe(1);
    expect(await states()).toHaveLength(1);
  });

  test("the intake over HTTP", async () => {
    const { http } = serve();
    const messages = [
      archived("h1", "c1", "g1", world.now(), "早"),
      archived("h2", "x", "y", world.now(), "?"),
    ];
    const answer = await http.post("/api/intake/messages").send({ messages });
    expect(answer.body).toEqual({
      accepted: 1,
      duplicate: 0,
      waiting: 0,
      ignored: [{ msgid: "h2", reason: "unknown_people" }],
    });
  });
});

test("what is stored is worked off while pushes keep coming, not one batch each half second", async () => {
  let batches = 10;
  const page = () =>
    batches-- > 0 ? Array.from({ length: 32 }, (_, n) => ({ id: batches * 32 + n, body: `g${n}` })) : [];
  const sql = {
    dialect: dialectOf("sqlite"),
    rows: async (text: string) => (text.includes("taken_until <=") ? page() : []),
    run: async () => ({ affected: 1, insertedId: 0 }),
  };
  const store = { write: (work: (on: Sql) => unknown) => work(sql as unknown as Sql) } as unknown as Store;
  let worked = 0;
  const inbox = callbackInbox({
    ...{ store, log, world: movableWorld(0), channel: "wecom", whose: (body) => body },
    work: async () => {
      worked++;
    },
  });
  let pushes = 0;
  const push = () => void inbox.store(`${pushes}`, `${pushes++}`);
  push();
  const clock = setInterval(push, 2);
  const begun = performance.now();
  await inbox.processPending();
  clearInterval(clock);
  expect([worked, pushes > 10]).toEqual([320, true]);
  expect(performance.now() - begun).toBeLessThan(3_000);
});

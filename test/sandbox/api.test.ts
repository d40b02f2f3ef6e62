// The sandbox's API by hand: documented numbers for what is wrong, limits, silent losses, and an unknown path.
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { app, type OpenSandbox, openSandbox } from "./open.js";

type Answer = Record<string, unknown> & { errcode: number };

let stage: OpenSandbox;
let token: string;

async function open(options: Partial<SandboxOptions> = {}): Promise<void> {
  stage = await openSandbox(options);
  token = String((await get("gettoken", { corpid: app.corpid, corpsecret: app.secret })).access_token);
}

async function get(path: string, query: Record<string, string> = {}): Promise<Answer> {
  const search = new URLSearchParams(path === "gettoken" ? query : { access_token: token, ...query });
  return (await (await fetch(`${stage.sandbox.url}/cgi-bin/${path}?${search}`)).json()) as Answer;
}

async function post(path: string, body: unknown, query = `access_token=${token}`): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`${stage.sandbox.url}/cgi-bin/${path}?${query}`, { method: "POST", body: text });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

afterEach(() => stage.sandbox.close());

const text = { touser: "lan", msgtype: "text", agentid: app.agentid, text: { content: "早上好" } };
const mass = { chat_type: "single", sender: "lan", external_userid: ["wm-1"], text: { content: "你好" } };
const card = {
  card_type: "button_interaction",
  task_id: "t1",
  main_title: { title: "今日任务" },
  button_list: [{ type: 0, text: "开始", key: "start" }],
};
const withCard = (change: object): object => ({
  ...text,
  msgtype: "template_card",
  template_card: { ...card, ...change },
});
const sent = "message/send";
const create = "externalcontact/add_msg_template";
const list = "externalcontact/get_groupmsg_list_v2";
const span = { chat_type: "single", start_time: 1_772_400_000, end_time: 1_772_500_000 };

describe("what is wrong is answered with its number", () => {
  beforeEach(() => open({ callbackUrl: "http://127.0.0.1:9/" }));

  test.each<[string, string, unknown, number]>([
    ["broken JSON", sent, "{", 40058],
    ["no receiver", sent, { ...text, touser: "" }, 82001],
    ["a receiver nobody knows", sent, { ...text, touser: "ghost" }, 81013],
    ["1001 receivers", sent, { ...text, touser: "a|".repeat(1001) }, 40032],
    ["another app", sent, { ...text, agentid: 1 }, 301002],
    ["an unknown type", sent, { ...text, msgtype: "smoke" }, 40008],
    ["an empty text", sent, { ...text, text: { content: "" } }, 44004],
    ["a card without title", sent, withCard({ main_title: {} }), 41016],
    ["a card with a bad id", sent, withCard({ task_id: "a:b" }), 42014],
    ["a card without id", sent, withCard({ task_id: undefined }), 42014],
    ["a button without words", sent, withCard({ button_list: [{ type: 0, key: "k" }] }), 42020],
    ["a button without key", sent, withCard({ button_list: [{ type: 0, text: "好" }] }), 42019],
    ["seven buttons", sent, withCard({ button_list: Array(7).fill(card.button_list[0]) }), 40058],
    [
      "seven lines",
      sent,
      withCard({ horizontal_content_list: Array(7).fill({ keyname: "a", value: "b" }) }),
      40058,
    ],
    ["no sender and no customers", create, { text: mass.text }, 40058],
    ["no words", create, { ...mass, text: undefined }, 40063],
    ["4001 bytes", create, { ...mass, text: { content: "x".repeat(4001) } }, 40058],
    ["10,001 customers", create, { ...mass, external_userid: Array(10_001).fill("wm-1") }, 40058],
    ["customers that are no list", create, { ...mass, external_userid: "wm-1" }, 40058],
    ["nobody to send to", create, { ...mass, external_userid: ["wm-6"] }, 41048],
    ["a guide nobody knows", create, { ...mass, sender: "ghost" }, 60111],
    ["a guide without the right", create, { ...mass, sender: "inside" }, 84074],
    ["no msgid", "externalcontact/get_groupmsg_task", {}, 41046],
    ["a bad msgid", "externalcontact/get_groupmsg_task", { msgid: "x" }, 41047],
    ["a bad msgid to stop", "externalcontact/cancel_groupmsg_send", { msgid: "x" }, 41047],
    ["ms instead of seconds", list, { ...span, end_time: 1_772_500_000_000 }, 600018],
    ["more than a month", list, { ...span, end_time: span.start_time + 32 * 86_400 }, 600018],
    ["no times", list, { chat_type: "single" }, 40063],
    ["a bad cursor", list, { ...span, cursor: "!!" }, 50100],
    ["101 guides", "externalcontact/batch/get_by_user", { userid_list: Array(101).fill("lan") }, 40058],
    ["no guides", "externalcontact/batch/get_by_user", {}, 40063],
  ])("%s", async (_name, path, body, errcode) => {
    expect((await post(path, body)).errcode).toBe(errcode);
  });

  test.each<[string, string, Record<string, string>, number]>([
    ["a guide without customers", "externalcontact/list", { userid: "unseen" }, 60111],
    ["no guide", "externalcontact/list", {}, 40063],
    ["a customer nobody knows", "externalcontact/get", { external_userid: "wm-0" }, 40096],
    ["a POST call by GET", "message/send", {}, 40063],
  ])("%s", async (_name, path, query, errcode) => {
    expect((await get(path, query)).errcode).toBe(errcode);
  });

  test("the token: missing, in the body, in a header, invented", async () => {
    expect((await post(sent, text, "")).errcode).toBe(41001);
    expect((await post(sent, { ...text, access_token: token }, "")).errcode).toBe(41001);
    expect((await post(sent, text, "access_token=invented")).errcode).toBe(40014);
  });

  test("an unknown path is 404 and empty", async () => {
    const answer = await fetch(`${stage.sandbox.url}/cgi-bin/message/recall_all?access_token=${token}`);
    expect([answer.status, await answer.text()]).toEqual([404, ""]);
  });

  test("reached in part: errcode 0, the others in lower case", async () => {
    const answer = await post(sent, { ...text, touser: "LAN|Ghost|UNSEEN" });
    expect(answer).toMatchObject({ errcode: 0, invaliduser: "ghost|unseen" });
    expect(stage.sandbox.phone("lan")?.messages).toHaveLength(1);
  });
});

describe("gettoken", () => {
  const query = { corpid: app.corpid, corpsecret: app.secret };
  beforeEach(() => open());

  test("gives the same token until it expires, then another; the old one is expired", async () => {
    stage.world.set(stage.world.now() + 7_000_000);
    expect(await get("gettoken", query)).toMatchObject({ access_token: token, expires_in: 200 });
    const old = token;
    stage.world.set(stage.world.now() + 200_000);
    expect((await post(sent, text)).errcode).toBe(42001);
    token = String((await get("gettoken", query)).access_token);
    expect(token).not.toBe(old);
    expect((await post(sent, text)).errcode).toBe(0);
    expect((await post(sent, text, `access_token=${old}`)).errcode).toBe(42001);
  });

  test("a wrong secret is 40001, a wrong corp 40013, a missing secret 41004", async () => {
    expect((await get("gettoken", { ...query, corpsecret: "x" })).errcode).toBe(40001);
    expect((await get("gettoken", { ...query, corpid: "ww0" })).errcode).toBe(40013);
    expect((await get("gettoken", { corpid: app.corpid })).errcode).toBe(41004);
  });

  test("two thousand wrong secrets in an hour block the right one for an hour", async () => {
    for (let count = 0; count < 2001; count++) await get("gettoken", { ...query, corpsecret: "x" });
    expect((await get("gettoken", query)).errcode).toBe(45009);
    stage.world.set(stage.world.now() + 3_600_001);
    expect((await get("gettoken", query)).errcode).toBe(0);
  });
});

describe("limits", () => {
  test("too many calls a minute are 45009 for a minute, of that path alone", async () => {
    await open({ limits: { perMinute: 3 } });
    const codes = [];
    for (let count = 0; count < 4; count++)
      codes.push((await get("externalcontact/list", { userid: "lan" })).errcode);
    expect(codes).toEqual([0, 0, 0, 45009]);
    expect((await get("getcallbackip")).errcode).toBe(0);
    stage.world.set(stage.world.now() + 60_001);
    expect((await get("externalcontact/list", { userid: "lan" })).errcode).toBe(0);
  });

  test("a thousand pictures for good are a day's, then 45009 until the next", async () => {
    await open();
    const upload = async (): Promise<number> => {
      const form = new FormData();
      form.set("media", new Blob([Buffer.from("89504e470d0a1a0a", "hex")]), "a.png");
      const url = `${stage.sandbox.url}/cgi-bin/media/uploadimg?access_token=${token}`;
      return ((await (await fetch(url, { method: "POST", body: form })).json()) as Answer).errcode;
    };
    for (let count = 0; count < 20; count++) await Promise.all(Array.from({ length: 50 }, upload));
    expect(await upload()).toBe(45009);
    stage.world.set(stage.world.now() + 86_400_001);
    token = String((await get("gettoken", { corpid: app.corpid, corpsecret: app.secret })).access_token);
    expect(await upload()).toBe(0);
  });

  test("above thirty messages a minute a guide sees nothing more, and nobody is told", async () => {
    await open();
    for (let count = 0; count < 35; count++) {
      expect((await post(sent, { ...text, text: { content: `${count}` } })).errcode).toBe(0);
    }
    expect(stage.sandbox.phone("lan")?.messages).toHaveLength(30);
  });

  test("a longer text is cut at 2048 bytes, not inside a character", async () => {
    await open();
    await post(sent, { ...text, text: { content: "宝".repeat(700) } });
    expect(stage.sandbox.phone("lan")?.messages[0]?.shown).toEqual({
      msgtype: "text",
      text: "宝".repeat(682),
    });
  });

  test("an identical repeat is dropped while asked for, a card's id is used once", async () => {
    await open({ callbackUrl: "http://127.0.0.1:9/" });
    const guarded = { ...text, enable_duplicate_check: 1, duplicate_check_interval: 60 };
    for (const wait of [0, 30_000, 40_000]) {
      stage.world.set(stage.world.now() + wait);
      expect((await post(sent, guarded)).errcode).toBe(0);
    }
    expect(stage.sandbox.phone("lan")?.messages).toHaveLength(2);
    expect((await post(sent, withCard({}))).errcode).toBe(0);
    expect((await post(sent, withCard({ sub_title_text: "另一张" }))).errcode).toBe(42014);
  });

  test("a card with buttons needs a callback URL", async () => {
    await open();
    expect((await post(sent, withCard({}))).errcode).toBe(43012);
  });

  test("batch/get_by_user gives every contact once, page by page", async () => {
    await open();
    const seen: unknown[] = [];
    let cursor = "";
    do {
      const page = await post("externalcontact/batch/get_by_user", {
        userid_list: ["lan", "mei"],
        limit: 4,
        cursor,
      });
      seen.push(
        ...(page.external_contact_list as { external_contact: { external_userid: string } }[]).map(
          (one) => one.external_contact.external_userid,
        ),
      );
      cursor = String(page.next_cursor);
    } while (cursor !== "");
    expect(seen).toEqual(["wm-1", "wm-2", "wm-3", "wm-4", "wm-5", "wm-6"]);
  });
});

test("faults can be asked for over HTTP, one at a time, and taken back", async () => {
  await open();
  const faults = `${stage.sandbox.url}/sandbox/faults`;
  const ask = (body: unknown): Promise<Response> =>
    fetch(faults, { method: "POST", body: JSON.stringify(body) });
  expect((await ask({ path: "getcallbackip", kind: "busy", times: 2 })).status).toBe(200);
  expect((await ask({ path: "getcallbackip", kind: "earthquake" })).status).toBe(400);
  expect((await get("getcallbackip")).errcode).toBe(-1);
  expect((await fetch(faults, { method: "DELETE" })).status).toBe(200);
  expect((await get("getcallbackip")).errcode).toBe(0);
});

describe("taking an app message back", () => {
  test("takes it off the phone within a day, and not later", async () => {
    await open();
    const { msgid } = await post("message/send", text);
    expect(await post("message/recall", { msgid })).toMatchObject({ errcode: 0 });
    expect(stage.sandbox.phone("lan")?.messages.map(({ shown }) => shown)).toEqual([
      { msgtype: "text", text: "（应用撤回了一条消息）" },
    ]);
    expect(await post("message/recall", { msgid: "another app's" })).toMatchObject({ errcode: 40058 });
    expect(await post("message/recall", {})).toMatchObject({ errcode: 40063 });
    const late = await post("message/send", { ...text, text: { content: "中午好" } });
    stage.world.set(stage.world.now() + 24 * 3_600_000 + 1);
    expect(await post("message/recall", { msgid: late.msgid })).toMatchObject({ errcode: 42001 });
  });
});

describe("uploads for moments and albums", () => {
  const upload = async (query: Record<string, string>, bytes: Buffer) => {
    const form = new FormData();
    form.set("media", new File([new Uint8Array(bytes)], "a.png"));
    const search = new URLSearchParams({ access_token: token, ...query });
    const answer = await fetch(`${stage.sandbox.url}/cgi-bin/media/upload_attachment?${search}`, {
      method: "POST",
      body: form,
    });
    return (await answer.json()) as Answer;
  };
  const png = Buffer.from("89504e470d0a1a0a0000", "hex");

  test("answer their time as a number, and know their kinds and sizes", async () => {
    await open();
    const answer = await upload({ media_type: "image", attachment_type: "1" }, png);
    expect(answer).toMatchObject({ errcode: 0, type: "image", media_id: expect.any(String) });
    expect(answer.created_at).toBe(Math.floor(stage.world.now() / 1000));
    expect(await upload({ media_type: "voice", attachment_type: "1" }, png)).toMatchObject({
      errcode: 40058,
    });
    expect(await upload({ media_type: "image", attachment_type: "3" }, png)).toMatchObject({
      errcode: 40058,
    });
    const noPicture = Buffer.from("not a picture");
    expect(await upload({ media_type: "image", attachment_type: "2" }, noPicture)).toMatchObject({
      errcode: 40123,
    });
    const large = Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024)]);
    expect(await upload({ media_type: "file", attachment_type: "2" }, large)).toMatchObject({
      errcode: 45001,
    });
  });
});
